import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import { handleSignals } from "../../lib/processes";
import { decide } from "../../plan/iam/decide";
import { fetchThroughDistribution } from "../../rehearsal/cdn";
import { describeCloud } from "../../rehearsal/cloud-digest";
import { type Bench, REGION, startBench } from "./bench";
import { type Pipeline, pipelineAt } from "./pipeline";

handleSignals();

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string;
}
interface Document {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** One world serves all tests of this file, in their order; the first makes it, the last ends it. */
let running: Promise<Bench> | undefined;
const bench = (): Promise<Bench> => {
  running ??= startBench();
  return running;
};
const pipeline = async (): Promise<Pipeline> => {
  const { world, name } = await bench();
  return pipelineAt(world.emulatorEndpoint, REGION, name);
};

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const until = async (what: string, holds: () => Promise<boolean>, milliseconds = 60_000): Promise<void> => {
  const deadline = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > deadline) assert.fail(`not within ${milliseconds / 1000} s: ${what}`);
    await sleep(100);
  }
};

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** A description that says that there is nothing: not found, or only empty lists. */
const isNothing = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return false;
  return "missing" in value || (Array.isArray(value) ? isEmptyList(value) : Object.values(value).every(isEmptyList));
};

/** Parts of the pipeline that the account holds: nothing before the first deployment and after the last. */
const partsThatExist = async ({ world, name }: Bench): Promise<string[]> => {
  const cloud = await describeCloud({ endpoint: world.emulatorEndpoint, region: REGION, name });
  return Object.entries(cloud).flatMap(([part, value]) => (isNothing(value) ? [] : [part]));
};

/** Runs `work` while one file of the program says something else. */
const withProgram = async <T>(file: string, from: string, to: string, work: () => Promise<T>): Promise<T> => {
  const path = join((await bench()).program, file);
  const text = await readFile(path, "utf8");
  assert.ok(text.includes(from), `${file} has no ${from}`);
  await writeFile(path, text.replace(from, to));
  try {
    return await work();
  } finally {
    await writeFile(path, text);
  }
};

const FAILED = [1, 255];

test("a mandatory policy that is violated stops preview and deployment, and nothing is created", async () => {
  const all = await bench();
  const since = all.world.proxy.position();
  await withProgram("storage.ts", "blockPublicPolicy: true", "blockPublicPolicy: false", async () => {
    for (const command of [["preview"], ["up", "--yes"]]) {
      const { stdout, stderr } = await all.pulumi([...command, ...all.policyPack], FAILED);
      assert.match(stdout + stderr, /bucket-is-private/, command.join(" "));
      assert.match(stdout + stderr, /blockPublicPolicy must be true/);
    }
  });
  assert.deepEqual(all.world.proxy.mutations({ since }), []);
  assert.deepEqual(await partsThatExist(all), []);
});

test("from nothing: a fresh stack is deployed with the policy pack holding", async () => {
  const all = await bench();
  await all.pulumi(["up", "--yes", ...all.policyPack]);
  const outputs = await all.stack.outputs();
  assert.ok((await partsThatExist(all)).length > 10, "bucket, table, role, function … in their parts");
  assert.equal(outputs.bucketName?.value, `${all.name}-audio`);
  assert.equal(outputs.lambdaArn?.value, `arn:aws:lambda:${REGION}:111111111111:function:${all.name}-speak`);
  const { changeSummary } = await all.stack.preview({ refresh: true, expectNoChanges: true });
  assert.deepEqual(changeSummary, { same: 18 });
});

test("an item is spoken with the rights of the role alone, and served by the distribution", async () => {
  const { world, stack } = await bench();
  const speak = await pipeline();
  const text = "Hello from a stack that nobody will remember.";
  await speak.put(1, text);
  await until("1.mp3 is in the bucket", () => speak.isSpoken(1));
  const { audioUrl } = await stack.outputs();
  const fetched = await fetchThroughDistribution(world.emulatorEndpoint, String(audioUrl?.value), "1.mp3");
  assert.deepEqual([fetched.status, fetched.contentType, fetched.throughDistribution], [200, "audio/mpeg", true]);
  const { md5 } = await world.polly.expected(text);
  assert.equal(createHash("md5").update(fetched.body).digest("hex"), md5);
});

test("a change updates the one resource, and the pipeline speaks on", async () => {
  const { stack } = await bench();
  const speak = await pipeline();
  await stack.setConfig("text-to-speech:memorySize", { value: "512" });
  const { summary } = await stack.up();
  assert.deepEqual(summary.resourceChanges, { same: 17, update: 1 });
  assert.equal(await speak.memorySize(), 512);
  await speak.put(2, "Still here.");
  await until("2.mp3 is in the bucket", () => speak.isSpoken(2));
});

const rolePolicy = async (): Promise<Document> => {
  const { deployment } = await (await bench()).stack.exportStack();
  const resources = deployment.resources as { type: string; inputs: { policy: string } }[];
  const found = resources.find(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
  return JSON.parse(found?.inputs.policy ?? "{}") as Document;
};

const without = (document: Document, sid: string): Document => {
  const Statement = document.Statement.filter(({ Sid }) => Sid !== sid);
  assert.equal(Statement.length, document.Statement.length - 1, sid);
  return { ...document, Statement };
};

const questions = ({ Action, Resource }: Statement): { action: string; resource: string }[] =>
  [Action].flat().map((action) => ({ action, resource: Resource.replace(/\*$/, Resource === "*" ? "*" : "7.mp3") }));

test("each statement of the role's policy is needed for what it allows: IAM's simulation and ours agree", async () => {
  const speak = await pipeline();
  const document = await rolePolicy();
  assert.deepEqual(
    document.Statement.map(({ Sid }) => Sid),
    ["Speak", "StoreAudio", "ReadRequests", "WriteLog", "ReportFailures"],
  );
  const context = { "aws:RequestedRegion": REGION };
  const principal = "AWS:role";
  for (const statement of document.Statement) {
    const less = without(document, statement.Sid);
    for (const question of questions(statement)) {
      const { action, resource } = question;
      assert.equal(await speak.simulate(action, resource, REGION), "allowed", action);
      assert.equal(decide(document, { principal, ...question, context }), "allowed", action);
      assert.equal(decide(less, { principal, ...question, context }), "implicitDeny", action);
    }
    await speak.setPolicy(less);
    for (const { action, resource } of questions(statement))
      assert.equal(await speak.simulate(action, resource, REGION), "implicitDeny", action);
    await speak.setPolicy(document);
  }
});

interface Felt {
  readonly sid: string;
  readonly text: string;
  /** What the function's log says while the statement is missing. */
  readonly error: RegExp;
  readonly isDone: (speak: Pipeline, id: number) => Promise<boolean>;
}

const isReported = async (speak: Pipeline, id: number): Promise<boolean> =>
  (await speak.failed()).some((body) => body.includes(`{"N":"${id}"}`));

/** The statements that the emulator enforces when the function runs. A text without words can only be reported. */
const FELT: readonly Felt[] = [
  { sid: "Speak", text: "May I?", error: /Misconfigured/, isDone: (speak, id) => speak.isSpoken(id) },
  { sid: "StoreAudio", text: "May I?", error: /Misconfigured/, isDone: (speak, id) => speak.isSpoken(id) },
  { sid: "ReportFailures", text: " ", error: /AccessDenied/, isDone: isReported },
];

for (const [index, { sid, text, error, isDone }] of FELT.entries()) {
  test(`without ${sid} the function is refused and hands the request back; with it the next one is done`, async () => {
    const speak = await pipeline();
    const document = await rolePolicy();
    const id = 100 + 2 * index;
    await speak.setPolicy(without(document, sid));
    // What IAM answered to Polly before is good for a second.
    await sleep(1_200);
    await speak.put(id, text);
    await until(`refused without ${sid}`, async () => (await speak.handedBack(id)) !== undefined);
    assert.match((await speak.handedBack(id)) ?? "", error);
    assert.equal(await isDone(speak, id), false, `done without ${sid}`);
    await speak.setPolicy(document);
    await sleep(1_200);
    // Another request: the emulator does not deliver again what is handed back in part of a batch, as AWS does.
    await speak.put(id + 1, text);
    await until(`done with ${sid}`, () => isDone(speak, id + 1));
  });
}

test("ReadRequests and WriteLog: the emulator does both for the function and asks nobody, as shown here", async () => {
  const speak = await pipeline();
  const document = await rolePolicy();
  await speak.setPolicy(without(without(document, "ReadRequests"), "WriteLog"));
  await sleep(1_200);
  await speak.put(200, "Who reads this?");
  await until("spoken all the same", () => speak.isSpoken(200));
  await speak.setPolicy(document);
});

test("a stack with data is not destroyed by mistake; after an operator's steps it is, and nothing is left", async () => {
  const all = await bench();
  const speak = await pipeline();
  const since = all.world.proxy.position();
  // With the preview that comes first. The Automation API leaves it out, and would begin with what is not protected.
  const refused = await all.pulumi(["destroy", "--yes"], FAILED);
  assert.match(refused.stdout + refused.stderr, /protect/);
  assert.deepEqual(all.world.proxy.mutations({ since }), []);
  await all.pulumi(["state", "unprotect", "--all", "--yes"]);
  await speak.allowDeletion();
  await speak.emptyBucket();
  await all.stack.destroy();
  assert.deepEqual(await partsThatExist(all), []);
  await all.stack.workspace.removeStack(all.name);
});

test("everything that ran for this has ended", async () => {
  const { world, stop } = await bench();
  await stop();
  await assert.rejects(fetch(world.emulatorEndpoint));
});

test.run();
