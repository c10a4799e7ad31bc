import * as assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { test } from "uvu";
import { temporaryFolder } from "../../scripts/testing/folder";
import type { Settings } from "../config";
import { MODULES } from "../modules";
import { type Deployment, deployWithMocks } from "../testing/mocks";
import { policies } from "./policies";
import { bucketCases } from "./testing/bucket-cases";
import { deliveryCases } from "./testing/delivery-cases";
import { type Cases, Pipeline, violationsOf } from "./testing/pipeline";
import { roleCases } from "./testing/role-cases";
import { speechCases } from "./testing/speech-cases";
import { statefulCases } from "./testing/stateful-cases";

const cases: Cases = { ...roleCases, ...bucketCases, ...deliveryCases, ...statefulCases, ...speechCases };
const cloud = { account: "111111111111", region: "us-east-1" };
const handlerZip = join(temporaryFolder("handler"), "handler.zip");
writeFileSync(handlerZip, "bytes to hash");

const settings = (owns: Settings["owns"]): Settings => ({
  environment: "dev",
  name: "ttsslsguru",
  region: cloud.region,
  owns,
  terraformState: { backend: "local", path: "terraform.tfstate" },
  handlerZip,
  timeout: 30,
  memorySize: 256,
  logRetentionInDays: 14,
});

/** One deployment per stage serves all cases, each of which breaks its own copy. */
const deployments = new Map<number, Deployment>();

const pipelineOwning = async (owned: number): Promise<Pipeline> => {
  const owns = MODULES.slice(0, owned);
  const deployment = deployments.get(owned) ?? (await deployWithMocks(settings(owns), cloud));
  deployments.set(owned, deployment);
  pulumi.runtime.setAllConfig({
    "aws:region": cloud.region,
    "text-to-speech:name": "ttsslsguru",
    "text-to-speech:owns": JSON.stringify(owns),
  });
  return Pipeline.of(deployment, cloud);
};

test("policies have unique kebab-case names, one sentence each, and stop a deployment", () => {
  const names = policies.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, description, enforcementLevel } of policies) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    assert.match(description, /^[A-Z][^.]+\.$/, name);
    assert.equal(enforcementLevel, "mandatory", name);
  }
});

test("every policy has at least two failing cases, and every case a policy", () => {
  assert.deepEqual(Object.keys(cases).sort(), policies.map(({ name }) => name).sort());
  for (const [name, { length }] of Object.entries(cases)) assert.ok(length >= 2, `${name} has ${length}`);
});

for (let owned = 0; owned <= MODULES.length; owned += 1) {
  for (const policy of policies) {
    test(`${policy.name} passes with [${MODULES.slice(0, owned).join(", ")}] owned`, async () => {
      assert.deepEqual(await violationsOf(policy, await pipelineOwning(owned)), []);
    });
  }
}

for (const policy of policies) {
  for (const { broken, by, says } of cases[policy.name] ?? []) {
    test(`${policy.name} refuses: ${broken}`, async () => {
      const pipeline = await pipelineOwning(MODULES.length);
      by(pipeline);
      assert.match((await violationsOf(policy, pipeline)).join("\n"), says);
    });
  }
}

test("data-stays-in-the-stack refuses a table that the stack does not own", async () => {
  const pipeline = await pipelineOwning(2);
  pipeline.add("aws:dynamodb/table:Table", {});
  const policy = policies.find(({ name }) => name === "data-stays-in-the-stack") ?? assert.fail();
  assert.match((await violationsOf(policy, pipeline)).join(), /holds 1 of the table; expected 0/);
});

test.run();
