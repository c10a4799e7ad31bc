import * as assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import { isRunning } from "../../lib/identity";
import { ACCOUNT, type Bench, withEngine, writeProgram } from "./engine-bench";

const CONFIG = `config:
  aws:region: us-east-1
  aws:allowedAccountIds: ["${ACCOUNT}"]
  aws:defaultTags: { tags: { Project: tiny } }
`;

const PROGRAM = `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as terraform from "@pulumi/terraform";

const state = terraform.state.getLocalReferenceOutput({ path: "terraform.tfstate" });
const document = aws.iam.getPolicyDocumentOutput({ statements: [{ actions: ["s3:GetObject"], resources: ["*"] }] });
const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }] };
const role = new aws.iam.Role("role", { name: "tiny", assumeRolePolicy: trust as any });
new aws.iam.RolePolicy("policy", { name: "tiny", role: role.name, policy: document.json });
const bucket = new aws.s3.BucketV2("bucket", { bucket: "tiny-bucket" });
const code = new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("exports.handler = async () => 1;") });
const speak = new aws.lambda.Function("speak", {
  name: "tiny", role: role.arn, runtime: "nodejs20.x", handler: "index.handler", timeout: 30, code,
  environment: { variables: { PLAIN: "1", HIDDEN: pulumi.secret("hush-in-program"), STATE: state.outputs.apply((all) => String(all.hidden)) } },
});
export const account = aws.getCallerIdentityOutput().accountId;
export const region = aws.getRegionOutput().name;
export const versionings = bucket.versionings;
export const number = state.outputs.apply((all) => all.number);
export const arn = speak.arn;
`;

const STATE = JSON.stringify({
  version: 4,
  outputs: {
    number: { value: 3, type: "number" },
    hidden: { value: "hush-in-state", type: "string", sensitive: true },
  },
});

const outputs = async (bench: Bench): Promise<Record<string, unknown>> =>
  JSON.parse((await bench.pulumi("tiny", ["stack", "output", "--json", "--show-secrets", "--stack", "dev"])).stdout);

const secretsStaySecret = async (bench: Bench): Promise<void> => {
  const { stdout } = await bench.pulumi("tiny", ["stack", "export", "--stack", "dev"]);
  // Pulumi makes a secret of the whole answer when any value in it is one.
  assert.match((await bench.pulumi("tiny", ["stack", "output", "number", "--stack", "dev"])).stdout, /\[secret\]/);
  assert.ok(!stdout.includes("hush-in-program"), "a secret of the program is in the state as text");
  assert.ok(!stdout.includes("hush-in-state"), "a sensitive output of Terraform is in the state as text");
};

/** What the program says; when the function was last modified follows from that. */
const programmed = (reasons: readonly string[] = []): string[] =>
  reasons.filter((name) => name !== "lastModified").sort();

const changesAreUpdates = async (bench: Bench): Promise<void> => {
  const program = join(bench.folder, "tiny", "index.ts");
  await writeFile(
    program,
    (await readFile(program, "utf8")).replace("timeout: 30", "timeout: 45").replace("=> 1;", "=> 2;"),
  );
  const { stdout } = await bench.pulumi("tiny", ["preview", "--stack", "dev", "--json"]);
  const { steps } = JSON.parse(stdout) as {
    steps: { op: string; urn: string; diffReasons?: string[] }[];
  };
  const changed = steps.filter(({ op }) => op !== "same");
  assert.deepEqual(
    changed.map(({ op, urn }) => [op, urn.split("::").at(-1)]),
    [["update", "speak"]],
  );
  assert.deepEqual(programmed(changed[0]?.diffReasons), ["code", "timeout"]);
  await bench.pulumi("tiny", ["up", "--yes", "--stack", "dev"]);
};

const everythingEnds = async (bench: Bench): Promise<void> => {
  await bench.plugins.stop();
  for (const pid of bench.plugins.pids) assert.equal(await isRunning(pid), false, `process ${pid} still runs`);
};

test("a program from nothing: up, clean preview, invokes, secrets, archives in memory, update, destroy", () =>
  withEngine(["tiny"], async (bench) => {
    await writeProgram(bench.folder, "tiny", PROGRAM, CONFIG);
    await writeFile(join(bench.folder, "tiny", "terraform.tfstate"), STATE);
    await bench.pulumi("tiny", ["stack", "init", "dev"]);
    await bench.pulumi("tiny", ["up", "--yes", "--stack", "dev"]);
    await bench.pulumi("tiny", ["preview", "--expect-no-changes", "--stack", "dev"]);
    await bench.pulumi("tiny", ["preview", "--expect-no-changes", "--refresh", "--stack", "dev"]);
    const { arn, ...values } = await outputs(bench);
    assert.equal(arn, `arn:aws:lambda:us-east-1:${ACCOUNT}:function:tiny`);
    assert.deepEqual(values, {
      account: ACCOUNT,
      region: "us-east-1",
      number: 3,
      versionings: [{ enabled: false, mfaDelete: false }],
    });
    await secretsStaySecret(bench);
    await changesAreUpdates(bench);
    await bench.pulumi("tiny", ["preview", "--expect-no-changes", "--stack", "dev"]);
    await bench.pulumi("tiny", ["destroy", "--yes", "--stack", "dev"]);
    const { stdout } = await bench.pulumi("tiny", ["stack", "export", "--stack", "dev"]);
    assert.deepEqual(JSON.parse(stdout).deployment.resources ?? [], []);
    assert.ok(!existsSync(join(bench.folder, "home", ".pulumi")), "the user's Pulumi home is not used");
    await everythingEnds(bench);
  }));

test("the account is checked: a stack of another account is refused", () =>
  withEngine(["tiny"], async (bench) => {
    const program = 'import * as aws from "@pulumi/aws";\nnew aws.sqs.Queue("q", { name: "q" });\n';
    await writeProgram(bench.folder, "tiny", program, CONFIG.replace(ACCOUNT, "999999999999"));
    await bench.pulumi("tiny", ["stack", "init", "dev"]);
    const { exitCode, stdout, stderr } = await bench.pulumi("tiny", ["preview", "--stack", "dev"], {
      accept: [0, 1, 255],
    });
    assert.notEqual(exitCode, 0);
    assert.match(stdout + stderr, /AWS account ID not allowed: 111111111111/);
  }));

test.run();
