import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, PutItemCommand, UpdateContinuousBackupsCommand } from "@aws-sdk/client-dynamodb";
import { GetRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { MPEGDecoder } from "mpg123-decoder";
import { test } from "uvu";
import { buildHandler } from "../../handler/build";
import { isRunning } from "../lib/identity";
import { type RunResult, run } from "../lib/processes";
import { createProgress } from "../lib/progress";
import { fetchThroughDistribution } from "./cdn";
import { describeCloud, differencesBetween, digestOf } from "./cloud-digest";
import { clientSettings } from "./isolation";
import { ensureProvider, writeCliConfig } from "./terraform-cli";
import { prepareWorld, startWorld, type World } from "./world";

const ROOT = join(__dirname, "..", "..");
const NAME = "ttsslsguru";
const REGION = "us-east-1";
const STATE_BUCKET = `${NAME}-terraform-state`;
const SECONDS_OF_TRAFFIC = 30;

interface Setting {
  readonly world: World;
  readonly terraform: (...args: string[]) => Promise<RunResult>;
}

const figures: Record<string, unknown> = {};

/** The original, deployed with real Terraform through the proxy into a new world, its state in the emulated S3. */
const withOriginal = async (work: (setting: Setting) => Promise<void>): Promise<number[]> => {
  const folder = await mkdtemp(join(tmpdir(), "world-test-"));
  const progress = createProgress({ quiet: true });
  const prepared = await prepareWorld({ dir: join(ROOT, ".rehearsal"), env: process.env, progress });
  const hcl = join(folder, "legacy-terraform");
  await cp(join(ROOT, "legacy-terraform"), hcl, { recursive: true, filter: (file) => !file.includes(".terraform/") });
  await mkdir(join(folder, "handler", "dist"), { recursive: true });
  await buildHandler({ outDir: join(folder, "handler", "dist") });
  const world = await startWorld({
    ...prepared,
    dir: join(folder, "rehearsal"),
    // What a developer may have set; none of it may matter.
    userEnv: { ...process.env, AWS_PROFILE: "production", AWS_ENDPOINT_URL_S3: "https://s3.amazonaws.com" },
    accountId: "111111111111",
    region: REGION,
    stopCommand: "",
  });
  try {
    await new S3Client(clientSettings(world.emulatorEndpoint, REGION)).send(
      new CreateBucketCommand({ Bucket: STATE_BUCKET }),
    );
    const terraform = (...args: string[]): Promise<RunResult> =>
      run(prepared.terraform, args, { cwd: hcl, env: world.env, timeout: 240_000, accept: [0, 2] });
    await terraform("init", "-input=false", "-backend-config=dev.s3.tfbackend");
    const began = performance.now();
    await terraform("apply", "-input=false", "-auto-approve", "-var-file=dev.tfvars");
    figures.applySeconds = Math.round((performance.now() - began) / 100) / 10;
    await work({ world, terraform });
  } finally {
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return [world.polly.pid];
};

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const until = async (what: string, holds: () => Promise<boolean>, milliseconds = 20_000): Promise<void> => {
  const deadline = Date.now() + milliseconds;
  while (!(await holds())) {
    if (Date.now() > deadline) assert.fail(`not within ${milliseconds} ms: ${what}`);
    await sleep(200);
  }
};

const trafficSpoken = async ({ world, terraform }: Setting): Promise<void> => {
  await world.warm;
  const traffic = world.startTraffic({ tableName: NAME, bucketName: `${NAME}-audio`, firstStage: "steady" });
  await sleep((SECONDS_OF_TRAFFIC * 1000) / 2);
  traffic.mark("beside terraform plan");
  const plan = await terraform("plan", "-input=false", "-detailed-exitcode", "-var-file=dev.tfvars");
  assert.equal(plan.exitCode, 0, plan.stdout);
  await sleep((SECONDS_OF_TRAFFIC * 1000) / 2);
  const { report } = await traffic.stop();
  figures.traffic = report;
  assert.ok(report.sent >= SECONDS_OF_TRAFFIC * 5, `${report.sent} sent`);
  assert.equal(report.lost, 0, report.problems.join("\n"));
  const { spoken, refused } = await world.polly.statistics();
  assert.equal(spoken, report.sent);
  assert.deepEqual(refused, {});
};

/** What the plan did and what the traffic did: the tools only read, and the traffic is not seen at all. */
const onlyReads = async ({ world, terraform }: Setting): Promise<void> => {
  const made = world.proxy.mutations({ ignoreBuckets: [STATE_BUCKET] }).map(({ action }) => action);
  for (const action of ["CreateTable", "CreateBucket", "CreateFunction", "CreateDistribution", "PutRolePolicy"]) {
    assert.ok(made.includes(action), action);
  }
  assert.ok(!made.includes("PutItem"));
  const since = world.proxy.position();
  const address = { endpoint: world.emulatorEndpoint, region: REGION, name: NAME };
  const before = await describeCloud(address);
  const missing = Object.entries(before).filter(
    ([, value]) => typeof value === "object" && value && "missing" in value,
  );
  assert.deepEqual(
    missing.map(([part]) => part),
    ["bucket lifecycle"],
  );
  await terraform("plan", "-input=false", "-var-file=dev.tfvars");
  assert.deepEqual(world.proxy.mutations({ since, ignoreBuckets: [STATE_BUCKET] }), []);
  // Locking the state is a write, to the state's own bucket.
  assert.ok(world.proxy.mutations({ since }).every(({ bucket }) => bucket === STATE_BUCKET));
  assert.ok(world.proxy.mutations({ since }).length > 0);
  assert.equal(digestOf(await describeCloud(address)), digestOf(before));
  await changeIsSeen(world, since, before);
};

const changeIsSeen = async (
  world: World,
  since: number,
  before: Awaited<ReturnType<typeof describeCloud>>,
): Promise<void> => {
  const table = new DynamoDBClient(clientSettings(world.endpoint, REGION));
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: false };
  await table.send(new UpdateContinuousBackupsCommand({ TableName: NAME, PointInTimeRecoverySpecification }));
  const seen = world.proxy.mutations({ since, ignoreBuckets: [STATE_BUCKET] });
  assert.deepEqual(
    seen.map(({ service, action, resource }) => [service, action, resource]),
    [["dynamodb", "UpdateContinuousBackups", NAME]],
  );
  const after = await describeCloud({ endpoint: world.emulatorEndpoint, region: REGION, name: NAME });
  const [difference, ...more] = differencesBetween(before, after);
  assert.match(String(difference), /PointInTimeRecoveryStatus: "ENABLED" → "DISABLED"/);
  assert.deepEqual(more, []);
};

const servedByTheDistribution = async ({ world, terraform }: Setting): Promise<void> => {
  const outputs = JSON.parse((await terraform("output", "-json")).stdout) as { audioUrl: { value: string } };
  const fetched = await fetchThroughDistribution(world.emulatorEndpoint, outputs.audioUrl.value, "1000001.mp3");
  assert.equal(fetched.status, 200);
  assert.equal(fetched.contentType, "audio/mpeg");
  assert.equal(fetched.throughDistribution, true);
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const { errors, samplesDecoded, sampleRate } = decoder.decode(fetched.body);
  decoder.free();
  assert.deepEqual(errors, []);
  assert.ok(samplesDecoded / sampleRate > 2);
  // The bucket itself is closed to whoever does not come through the distribution.
  assert.equal((await fetch(`${world.emulatorEndpoint}/${NAME}-audio/1000001.mp3`)).status, 403);
};

/** Takes one action out of the role's policy, and puts it back: the function must feel both. */
const roleIsEnforced = async ({ world }: Setting, sid: string, id: number): Promise<void> => {
  const settings = clientSettings(world.emulatorEndpoint, REGION);
  const [iam, table, s3] = [new IAMClient(settings), new DynamoDBClient(settings), new S3Client(settings)];
  const names = { RoleName: `${NAME}-speak`, PolicyName: `${NAME}-speak` };
  const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(names));
  const whole = decodeURIComponent(PolicyDocument);
  const document = JSON.parse(whole) as { Statement: { Sid: string }[] };
  assert.ok(document.Statement.some(({ Sid }) => Sid === sid));
  const without = { ...document, Statement: document.Statement.filter(({ Sid }) => Sid !== sid) };
  await iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument: JSON.stringify(without) }));
  // The answers of IAM are good for a second.
  await sleep(1_200);
  const put = (Id: number): Promise<unknown> =>
    table.send(new PutItemCommand({ TableName: NAME, Item: { Id: { N: String(Id) }, text: { S: "May I?" } } }));
  const isThere = (Id: number): Promise<boolean> =>
    s3.send(new HeadObjectCommand({ Bucket: `${NAME}-audio`, Key: `${Id}.mp3` })).then(
      () => true,
      () => false,
    );
  await put(id);
  await sleep(4_000);
  assert.equal(await isThere(id), false, `spoken without ${sid}`);
  await iam.send(new PutRolePolicyCommand({ ...names, PolicyDocument: whole }));
  await put(id + 1);
  await until(`spoken again with ${sid}`, () => isThere(id + 1), 60_000);
};

const everythingEnds = async (endpoint: string, pids: readonly number[]): Promise<void> => {
  for (const pid of pids) assert.equal(await isRunning(pid), false);
  await assert.rejects(fetch(endpoint));
};

test("the original is deployed, speaks every request, is served, and nothing but its deployment changes it", async () => {
  let endpoint = "";
  const pids = await withOriginal(async (setting) => {
    endpoint = setting.world.emulatorEndpoint;
    await trafficSpoken(setting);
    await onlyReads(setting);
    await servedByTheDistribution(setting);
    await roleIsEnforced(setting, "StoreAudio", 2_000_001);
    await roleIsEnforced(setting, "Speak", 3_000_001);
    const { refused } = await setting.world.polly.statistics();
    assert.ok((refused.AccessDeniedException ?? 0) > 0);
    const log = await readFile(join(setting.world.dir, "calls.jsonl"), "utf8");
    figures.calls = log.trim().split("\n").length;
  });
  await everythingEnds(endpoint, pids);
  process.stderr.write(`${JSON.stringify(figures, null, 2)}\n`);
});

interface Rehearsing {
  readonly child: ChildProcess;
  readonly pids: readonly number[];
  readonly ended: Promise<void>;
}

/** A rehearsal in a process of its own that starts a world and waits; its services' process numbers are known. */
const rehearsing = async (dir: string): Promise<Rehearsing> => {
  const program = `
    const { handleSignals, run } = require(${JSON.stringify(join(ROOT, "scripts", "lib", "processes.ts"))});
    const { prepareWorld, startWorld } = require(${JSON.stringify(join(__dirname, "world.ts"))});
    const { createProgress } = require(${JSON.stringify(join(ROOT, "scripts", "lib", "progress.ts"))});
    handleSignals();
    const main = async () => {
      const progress = createProgress({ quiet: true });
      const prepared = await prepareWorld({ dir: ${JSON.stringify(join(ROOT, ".rehearsal"))}, env: process.env, progress });
      const world = await startWorld({ ...prepared, dir: ${JSON.stringify(dir)}, userEnv: process.env,
        accountId: "111111111111", region: "us-east-1", stopCommand: "", note: (text) => process.stderr.write(text) });
      process.stdout.write("up");
      try { await run("sleep", ["120"], { env: world.env }); } finally { await world.stop(); }
    };
    main().catch(() => process.exit(130));`;
  const child = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), "-e", program], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  const { processes } = JSON.parse(await readFile(join(dir, "run.json"), "utf8")) as { processes: { pid: number }[] };
  return { child, pids: processes.map(({ pid }) => pid), ended };
};

const noneAlive = async (pids: readonly number[]): Promise<boolean> =>
  !(await Promise.all(pids.map(isRunning))).includes(true);

test("Ctrl-C leaves no process and no run file; after a kill -9 the next rehearsal ends what was left", async () => {
  const dir = await mkdtemp(join(tmpdir(), "world-killed-"));
  const interrupted = await rehearsing(dir);
  assert.equal(interrupted.pids.length, 2);
  interrupted.child.kill("SIGINT");
  await interrupted.ended;
  await until("all services ended", () => noneAlive(interrupted.pids));
  assert.equal(existsSync(join(dir, "run.json")), false);
  assert.equal(existsSync(join(dir, "emulator-tmp")), false);

  const killed = await rehearsing(dir);
  killed.child.kill("SIGKILL");
  await killed.ended;
  assert.equal(
    (await Promise.all(killed.pids.map(isRunning))).includes(false),
    false,
    "what this test is about did not happen",
  );
  const next = await rehearsing(dir);
  assert.equal(await noneAlive(killed.pids), true);
  next.child.kill("SIGINT");
  await next.ended;
  await until("all services ended", () => noneAlive(next.pids));
  await rm(dir, { recursive: true });
});

test("a provider fetched through Terraform itself is found afterwards as a mirror", async () => {
  const folder = await mkdtemp(join(tmpdir(), "world-provider-"));
  const progress = createProgress({ quiet: true });
  const { mirror, terraform } = await prepareWorld({ dir: join(ROOT, ".rehearsal"), env: process.env, progress });
  // The registry is played by the mirror that this machine has.
  const config = join(folder, "terraformrc");
  await writeCliConfig(config, mirror);
  const env = { ...process.env, TF_CLI_CONFIG_FILE: config };
  const fetched = await ensureProvider({ env, cache: folder, terraform, places: [] });
  assert.ok(fetched.program.startsWith(join(folder, "terraform-providers")));
  assert.ok(existsSync(fetched.program));
  assert.deepEqual(await ensureProvider({ env: {}, cache: folder, terraform: "/nowhere", places: [] }), fetched);
  await rm(folder, { recursive: true });
});

test.run();
