import * as assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import { parse } from "yaml";
import { temporaryFolder } from "../scripts/testing/folder";
import type { Settings } from "./config";
import { MODULES } from "./modules";
import { outputsOf } from "./testing/cloud";
import { type Deployment, deployWithMocks, type Registered } from "./testing/mocks";

const cloud = { account: "111111111111", region: "us-east-1" };
const handlerZip = join(temporaryFolder("handler"), "handler.zip");
writeFileSync(handlerZip, "not a real archive, but bytes to hash");

const settings = (owned: number): Settings => ({
  environment: "dev",
  name: "ttsslsguru",
  region: cloud.region,
  owns: MODULES.slice(0, owned),
  terraformState: { backend: "s3", bucket: "ttsslsguru-terraform-state", key: "k", region: cloud.region },
  handlerZip,
  timeout: 30,
  memorySize: 256,
  logRetentionInDays: 14,
});

interface MapEntry {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly wave: string;
}
const map = parse(readFileSync(join(__dirname, "../scripts/migration-map.yaml"), "utf8")) as {
  readonly components: Readonly<Record<string, string>>;
  readonly resources: readonly MapEntry[];
};

const only = (deployment: Deployment, type: string): Registered => {
  const found = deployment.resources.filter((resource) => resource.type === type);
  assert.equal(found.length, 1, `expected one ${type}`);
  return found[0] as Registered;
};

/** The property that is the physical name, for each type that has one. */
const PHYSICAL_NAMES: Readonly<Record<string, readonly [property: string, name: string]>> = {
  "aws:dynamodb/table:Table": ["name", "ttsslsguru"],
  "aws:s3/bucketV2:BucketV2": ["bucket", "ttsslsguru-audio"],
  "aws:iam/role:Role": ["name", "ttsslsguru-speak"],
  "aws:iam/rolePolicy:RolePolicy": ["name", "ttsslsguru-speak"],
  "aws:cloudwatch/logGroup:LogGroup": ["name", "/aws/lambda/ttsslsguru-speak"],
  "aws:sqs/queue:Queue": ["name", "ttsslsguru-failed"],
  "aws:lambda/function:Function": ["name", "ttsslsguru-speak"],
  "aws:cloudfront/originAccessControl:OriginAccessControl": ["name", "ttsslsguru-audio"],
};

/** Types that AWS names itself, or that are a part of a bucket. */
const NAMELESS = new Set([
  "aws:cloudfront/distribution:Distribution",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  "aws:s3/bucketVersioningV2:BucketVersioningV2",
]);

for (let owned = 0; owned <= MODULES.length; owned += 1) {
  const owns = MODULES.slice(0, owned);
  const stage = owned === 0 ? "nothing owned" : `${owns.join(", ")} owned`;

  test(`${stage}: the resources are those of the map, no more and no fewer`, async () => {
    const { resources } = await deployWithMocks(settings(owned), cloud);
    const registered = resources.filter(({ custom }) => custom).map(({ type, name }) => `${type} ${name}`);
    const mapped = map.resources.filter(({ wave }) => owns.some((module) => module === wave));
    assert.deepEqual(registered.sort(), mapped.map(({ type, name }) => `${type} ${name}`).sort());
  });

  test(`${stage}: every child has its component as parent, every component the stack`, async () => {
    const { resources } = await deployWithMocks(settings(owned), cloud);
    for (const { wave, type, name, parent } of map.resources) {
      const child = resources.find((resource) => resource.type === type && resource.name === name);
      const component = `urn:pulumi:dev::text-to-speech::${map.components[parent]}::${parent}`;
      assert.equal(child?.parent, owns.some((module) => module === wave) ? component : undefined, `${type} ${name}`);
    }
    const components = resources.filter(({ custom }) => !custom);
    assert.deepEqual(components.map(({ name }) => name).sort(), [...owns].sort());
    for (const { parent } of components) assert.equal(parent, undefined);
  });

  test(`${stage}: every named resource says its name`, async () => {
    const { resources } = await deployWithMocks(settings(owned), cloud);
    for (const { type, custom, inputs } of resources) {
      if (!custom || NAMELESS.has(type)) continue;
      const [property, name] = PHYSICAL_NAMES[type] ?? assert.fail(`${type}: which property is its physical name?`);
      assert.equal(inputs[property], name, type);
    }
  });

  test(`${stage}: what holds data is protected, and nothing else`, async () => {
    const { resources } = await deployWithMocks(settings(owned), cloud);
    const kept = resources.filter(({ protect }) => protect).map(({ type }) => type);
    assert.deepEqual(
      kept.sort(),
      owns.includes("storage") ? ["aws:dynamodb/table:Table", "aws:s3/bucketV2:BucketV2"] : [],
    );
  });

  test(`${stage}: the exports are Terraform's outputs, whoever they come from`, async () => {
    const { outputs } = await deployWithMocks(settings(owned), cloud);
    assert.deepEqual(outputs, outputsOf("ttsslsguru", cloud));
  });

  test(`${stage}: Terraform's state is read once, or not at all when nothing is left there`, async () => {
    const { invokes } = await deployWithMocks(settings(owned), cloud);
    const read = {
      token: "terraform:state:getS3Reference",
      inputs: { bucket: "ttsslsguru-terraform-state", key: "k", region: "us-east-1" },
    };
    assert.deepEqual(invokes, owned === MODULES.length ? [] : [read]);
  });

  test(`${stage}: what is owned is told the same, whoever owns the rest`, async () => {
    const inputsOf = ({ resources }: Deployment) =>
      new Map(resources.map(({ type, name, inputs }) => [`${type} ${name}`, inputs]));
    const now = inputsOf(await deployWithMocks(settings(owned), cloud));
    const atTheEnd = inputsOf(await deployWithMocks(settings(MODULES.length), cloud));
    for (const [resource, inputs] of now) assert.deepEqual(inputs, atTheEnd.get(resource), resource);
  });
}

test("a local state is read from its path", async () => {
  const local = { ...settings(1), terraformState: { backend: "local", path: "terraform.tfstate" } as const };
  const { invokes } = await deployWithMocks(local, cloud);
  assert.deepEqual(invokes, [{ token: "terraform:state:getLocalReference", inputs: { path: "terraform.tfstate" } }]);
});

test("the stream carries the new image", async () => {
  const { inputs } = only(await deployWithMocks(settings(3), cloud), "aws:dynamodb/table:Table");
  assert.equal(inputs.streamEnabled, true);
  assert.equal(inputs.streamViewType, "NEW_IMAGE");
});

test("the function has the time it is given, 30 s or more, and the hash of the archive it runs", async () => {
  const { inputs } = only(await deployWithMocks(settings(2), cloud), "aws:lambda/function:Function");
  assert.ok(Number(inputs.timeout) >= 30);
  const longer = await deployWithMocks({ ...settings(2), timeout: 90 }, cloud);
  assert.equal(only(longer, "aws:lambda/function:Function").inputs.timeout, 90);
  assert.equal(inputs.sourceCodeHash, "SFQLGbPkxu+6syH8YhMDxNHG4MW/G4ejLtfwKPbZxy0=");
});

test("a missing archive names the file and the fix", async () => {
  await assert.rejects(
    deployWithMocks({ ...settings(2), handlerZip: "nowhere/handler.zip" }, cloud),
    /Speech: handlerZip nowhere\/handler\.zip cannot be read .*Fix: build the handler/,
  );
});

test("the mapping hands failures back one by one and gives up before the stream forgets", async () => {
  const { inputs } = only(
    await deployWithMocks(settings(2), cloud),
    "aws:lambda/eventSourceMapping:EventSourceMapping",
  );
  assert.deepEqual(inputs.functionResponseTypes, ["ReportBatchItemFailures"]);
  assert.equal(inputs.bisectBatchOnFunctionError, true);
  assert.ok(Number(inputs.maximumRecordAgeInSeconds) < 24 * 3600);
  assert.deepEqual(inputs.destinationConfig, {
    onFailure: { destinationArn: "arn:aws:sqs:us-east-1:111111111111:ttsslsguru-failed" },
  });
});

test.run();
