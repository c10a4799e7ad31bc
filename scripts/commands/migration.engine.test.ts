import { strict as assert } from "node:assert";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import { newHolder } from "../lib/lock";
import { paths } from "../lib/paths";
import { deleteObject } from "../lib/remote-lock";
import { describeCloud, differencesBetween } from "../rehearsal/cloud-digest";
import { ADOPT_FAILPOINTS } from "./adopt";
import { CUTOVER_FAILPOINTS, cutover } from "./cutover";
import { plan } from "./plan";
import { ROLLBACK_FAILPOINTS, rollback } from "./rollback";
import { readSnapshot } from "./snapshot";
import { type MigrationBench, withMigration } from "./testing/bench";
import { readPulumiFile, readTerraformObject, restore, type Saved, save } from "./testing/saved";
import { killInside, sweep } from "./testing/sweep";
import { endState } from "./testing/truth";
import { verify } from "./verify";

const test = suite("migration on the real engines");

const ADOPT = ["adopt", "--wave", "delivery", "--execute"];
const CUTOVER = ["cutover", "--wave", "delivery", "--execute", "--yes"];
const ROLLBACK = ["rollback", "--wave", "delivery", "--execute", "--yes"];

/** One emulated AWS and one apply for all tests of this file: none of the commands changes the cloud. */
let bench: MigrationBench;
let close: () => Promise<void>;
const saved: Record<string, Saved> = {};
const golden: Record<string, string> = {};

const open = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const over = withMigration(
      (opened) =>
        new Promise<void>((end) => {
          bench = opened;
          close = () => {
            end();
            return over;
          };
          resolve();
        }),
    );
    over.catch(reject);
  });

const cloud = () => describeCloud({ endpoint: bench.endpoint, region: "us-east-1", name: "ttsslsguru" });
let cloudBefore: Awaited<ReturnType<typeof cloud>>;

const bytes = async (): Promise<string[]> => [
  await readTerraformObject(bench.places),
  await readPulumiFile(bench.places),
  await readFile(paths(bench.context).tfvars, "utf8"),
  await readFile(paths(bench.context).stackConfig, "utf8"),
];

/** Exit 1, one message, a next command, and both states and both lists untouched byte for byte. */
const assertRefused = async (args: readonly string[], message: RegExp, next: RegExp): Promise<void> => {
  const before = await bytes();
  const { exitCode, stderr } = await bench.cli(args);
  assert.equal(exitCode, 1, stderr);
  assert.match(stderr, message);
  assert.match(stderr, next);
  assert.doesNotMatch(stderr, /\n {4}at /);
  assert.deepEqual(await bytes(), before);
};

const cleanEverywhere = async (stage: number): Promise<void> => {
  const { exitCode, text } = await verify(bench.context, { wave: "all" });
  assert.equal(exitCode, 0, text);
  const snapshot = await readSnapshot(bench.context);
  assert.deepEqual([snapshot.stage, snapshot.problems], [stage, []]);
};

const putObject = (suffix: string, body: object): Promise<unknown> => {
  const { s3, state } = bench.places;
  return s3.send(
    new PutObjectCommand({ Bucket: state.bucket, Key: `${state.key}${suffix}`, Body: JSON.stringify(body) }),
  );
};

const dropObject = (suffix: string): Promise<void> => {
  const { s3, state } = bench.places;
  return deleteObject(s3, { bucket: state.bucket, key: `${state.key}${suffix}` });
};

test("none moved: both tools are clean, Terraform owns everything", async () => {
  await open();
  cloudBefore = await cloud();
  await cleanEverywhere(0);
  await plan(bench.context, { wave: "delivery" });
  saved.planned = await save(bench.places, "planned");
});

test("wrong order, wrong stage and an edited document are refused", async () => {
  await assertRefused(
    ["plan", "--wave", "speech"],
    /speech cannot be planned while delivery is Terraform's/,
    /plan .*delivery/,
  );
  await assertRefused(CUTOVER, /delivery is not adopted/, /-- adopt --environment dev --wave delivery --execute/);
  const path = paths(bench.context).plan("delivery");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace(/"importId": "E/, '"importId": "F'));
  await assertRefused(ADOPT, /was edited/, /-- plan --environment dev --wave delivery/);
  await writeFile(path, text);
});

test("a state that moved since the plan was made is refused", async () => {
  const state = JSON.parse(await readTerraformObject(bench.places));
  await putObject("", { ...state, serial: state.serial + 1 });
  await assertRefused(ADOPT, /serial of Terraform's state is \d+, the plan was made with \d+/, /-- plan /);
  await putObject("", { ...state, lineage: "00000000-0000-0000-0000-000000000000" });
  await assertRefused(ADOPT, /lineage of Terraform's state/, /-- plan /);
  await restore(bench.places, saved.planned as Saved);
});

test("a torn or empty state is refused, and not written to", async () => {
  const { s3, state } = bench.places;
  const text = await readTerraformObject(bench.places);
  for (const length of [0, 1, text.length >> 1]) {
    await s3.send(new PutObjectCommand({ Bucket: state.bucket, Key: state.key, Body: text.slice(0, length) }));
    await assertRefused(ADOPT, /state/, /next:/);
  }
  await restore(bench.places, saved.planned as Saved);
});

test("someone else's locks are respected, each named with who, where and what", async () => {
  const holder = {
    ...(await newHolder({ environment: "dev", command: "cutover", waves: ["delivery"] })),
    host: "laptop",
    user: "ann",
  };
  await putObject(".migration-lock", holder);
  await assertRefused(
    ADOPT,
    /ann@laptop \(process \d+\) has been at `cutover` of dev delivery since/,
    /-- recover .*--release-lock/,
  );
  await dropObject(".migration-lock");
  await putObject(".tflock", { ID: "x", Who: "bob@laptop", Operation: "OperationTypeApply" });
  await assertRefused(ADOPT, /Terraform's state is locked by bob@laptop: OperationTypeApply/, /force-unlock x/);
  await dropObject(".tflock");
});

test("Pulumi's lock is lifted only when this host, a dead process and our own start of it agree", async () => {
  const folder = join(bench.places.pulumiState, ".pulumi", "locks", "organization", "text-to-speech", "dev");
  await mkdir(folder, { recursive: true });
  const lock = {
    pid: 2 ** 22 + 7,
    username: "root",
    hostname: (await newHolder({ environment: "", command: "", waves: [] })).host,
  };
  await writeFile(join(folder, "another.json"), JSON.stringify({ ...lock, timestamp: new Date().toISOString() }));
  await assertRefused(ADOPT, /Pulumi's stack dev is locked by root@/, /pulumi cancel/);
  await rm(folder, { recursive: true });
  await restore(bench.places, saved.planned as Saved);
});

test("of two operators at once exactly one adopts, and the other is told who does", async () => {
  const both = await Promise.all([bench.cli(ADOPT), bench.cli(ADOPT)]);
  const codes = both.map(({ exitCode }) => exitCode).sort();
  assert.deepEqual(codes, [0, 1], both.map(({ stderr }) => stderr).join("\n---\n"));
  assert.match(
    both.find(({ exitCode }) => exitCode === 1)?.stderr ?? "",
    /someone else is at it: .*`adopt` of dev delivery/,
  );
  golden.adopted = await endState(bench.places);
  saved.adopted = await save(bench.places, "adopted");
});

test("adopted: both hold the wave, Terraform is the writer, everything is protected, both tools are clean", async () => {
  await cleanEverywhere(0);
  const { resources } = await readSnapshot(bench.context);
  const own = resources.filter(({ wave }) => wave === "delivery");
  assert.deepEqual([...new Set(own.map(({ owner, writer }) => `${owner} ${writer}`))], ["both terraform"]);
});

test("a failing hook stops the cutover before anything has moved", async () => {
  const hook = join(bench.places.folder, "hook.sh");
  await writeFile(hook, "#!/bin/sh\necho pager is ringing >&2\nexit 3\n", { mode: 0o755 });
  await assertRefused(
    [...CUTOVER, "--hook-before", hook],
    /hook .*failed \(exit code 3\)[\s\S]*pager is ringing/,
    /now: {3}delivery .*both hold it/,
  );
  await assertRefused([...CUTOVER, "--hook-before", "/nowhere"], /hook \/nowhere cannot be run/, /chmod/);
  await assertRefused(CUTOVER.slice(0, -1), /needs a person to confirm it/, /--yes/);
  await restore(bench.places, saved.adopted as Saved);
});

test("cut over: one owner, both tools clean; given back: as before the migration began", async () => {
  const { text } = await cutover(bench.context, { wave: "delivery", execute: true, yes: true });
  assert.match(text, /Pulumi is the only owner/);
  golden.cutOver = await endState(bench.places);
  saved.cutOver = await save(bench.places, "cutOver");
  await cleanEverywhere(1);
  await rollback(bench.context, { wave: "delivery", execute: true, yes: true });
  golden.givenBack = await endState(bench.places);
  await cleanEverywhere(0);
  const entries = (text: string) =>
    JSON.parse(text)
      .resources.map((each: { type: string; name: string }) => `${each.type}.${each.name}`)
      .sort();
  assert.deepEqual(entries(await readTerraformObject(bench.places)), entries(saved.planned?.terraform ?? ""));
  assert.equal(await readFile(paths(bench.context).tfvars, "utf8"), saved.planned?.tfvars);
  assert.equal(await readFile(paths(bench.context).stackConfig, "utf8"), saved.planned?.stack);
});

test("a way back that cannot be gone is refused with the reason and another way", async () => {
  await restore(bench.places, saved.cutOver as Saved);
  const { backups, hcl } = paths(bench.context);
  await rm(backups, { recursive: true });
  await assertRefused(
    ROLLBACK,
    /delivery cannot be given back from a backup/,
    /terraform .*import .*'module.delivery\[0\].aws_cloudfront_distribution.audio' 'E/,
  );
  await restore(bench.places, saved.cutOver as Saved);
  const main = join(hcl, "main.tf");
  const text = await readFile(main, "utf8");
  await writeFile(main, text.replace(/module "delivery" \{[^}]*\}/, ""));
  await assertRefused(ROLLBACK, /the HCL of delivery is deleted/, /from version control/);
  await writeFile(main, text);
});

/**
 * Which failpoints: after every step that writes (default), all of them in one chain (`TTP_SWEEP=all`), or each of them
 * from the start and to the end (`TTP_SWEEP=apart`).
 */
const MODE = process.env.TTP_SWEEP ?? "";
const WRITES = [
  "backup",
  "import",
  "owns",
  "writeback",
  "protect",
  "release",
  "released",
  "outputs",
  "settle",
  "restore",
  "forget",
];
const chosen = (points: readonly string[]): readonly string[] =>
  MODE
    ? points
    : points.filter((point) => WRITES.some((step) => point.endsWith(`.${step}.after`)) || point === points.at(-1));

const killSweep = (args: readonly string[], points: readonly string[], from: string, end: string): Promise<void> =>
  sweep(
    bench,
    { from: saved[from] as Saved, args, points: chosen(points), golden: golden[end] ?? "" },
    MODE === "apart",
  );

test("kill -9 at every step of adopt: status is true, and the same command again ends where it would have", () =>
  killSweep(ADOPT, ADOPT_FAILPOINTS, "planned", "adopted"));

test("kill -9 at every step of cutover", () => killSweep(CUTOVER, CUTOVER_FAILPOINTS, "adopted", "cutOver"));

test("kill -9 at every step of rollback, after the cutover and before it", async () => {
  await killSweep(ROLLBACK, ROLLBACK_FAILPOINTS, "cutOver", "givenBack");
});

test("kill -9 in the middle of pulumi import: of the command, of Pulumi, of both", async () => {
  for (const [victim, after] of [
    ["cli", 250],
    ["tool", 450],
    ["both", 650],
  ] as const) {
    await killInside(bench, {
      from: saved.planned as Saved,
      args: ADOPT,
      tool: "pulumi",
      victim,
      after,
      golden: golden.adopted ?? "",
    });
  }
});

test("kill -9 in the middle of terraform state rm", async () => {
  for (const [victim, after] of [
    ["cli", 100],
    ["both", 400],
  ] as const) {
    await killInside(bench, {
      from: saved.adopted as Saved,
      args: CUTOVER,
      tool: "terraform",
      victim,
      after,
      golden: golden.cutOver ?? "",
    });
  }
});

test("through all of this the cloud did not change", async () => {
  assert.deepEqual(differencesBetween(cloudBefore, await cloud()), []);
});

test("everything is stopped", () => close());

test.run();
