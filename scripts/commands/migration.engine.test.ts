import { strict as assert } from "node:assert";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import { newHolder } from "../lib/lock";
import { paths } from "../lib/paths";
import { type Cloud, differencesBetween } from "../rehearsal/cloud-digest";
import { assertReviewAdopted, assertReviewBefore, assertReviewMoved } from "../review/testing/on-engines";
import { BROKEN } from "../testing/broken/cases";
import { cutover } from "./cutover";
import { plan } from "./plan";
import { recover } from "./recover";
import { rollback } from "./rollback";
import { readSnapshot } from "./snapshot";
import { status } from "./status";
import type { MigrationBench } from "./testing/bench";
import * as fixture from "./testing/fixture";
import { ADOPT, CUTOVER, cloudOf, ROLLBACK } from "./testing/fixture";
import { LASTING, PASSING } from "./testing/network";
import { readTerraformObject, restore, type Saved, save } from "./testing/saved";
import { verify } from "./verify";

const test = suite("migration on the real engines");

/** One emulated AWS and one apply for all tests of this file: none of the commands changes the cloud. */
let bench: MigrationBench;
let close: () => Promise<void>;
let cloudBefore: Cloud;
const saved: Record<string, Saved> = {};

const assertRefused = (args: readonly string[], message: RegExp, next: RegExp): Promise<void> =>
  fixture.assertRefused(bench, args, message, next);
const cleanEverywhere = (stage: number): Promise<void> => fixture.assertClean(bench, stage);
const putObject = (suffix: string, body: object): Promise<unknown> =>
  fixture.putBeside(bench.places, suffix, JSON.stringify(body));
const dropObject = (suffix: string): Promise<void> => fixture.dropBeside(bench.places, suffix);

test("none moved: both tools are clean, Terraform owns everything, the review shows every property", async () => {
  ({ bench, close } = await fixture.openBench());
  cloudBefore = await cloudOf(bench);
  await cleanEverywhere(0);
  await assertReviewBefore(bench);
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
  const text = await readTerraformObject(bench.places);
  for (const length of [0, text.length >> 1]) {
    await fixture.putBeside(bench.places, "", text.slice(0, length));
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
  saved.adopted = await save(bench.places, "adopted");
});

test("adopted: both hold the wave, Terraform is the writer, everything is protected, both tools are clean", async () => {
  await cleanEverywhere(0);
  const { resources } = await readSnapshot(bench.context);
  const own = resources.filter(({ wave }) => wave === "delivery");
  assert.deepEqual([...new Set(own.map(({ owner, writer }) => `${owner} ${writer}`))], ["both terraform"]);
});

test("review, while both hold a wave", () => assertReviewAdopted(bench));

test("a change past both tools is found by both, named with its values, and stops the cutover", async () => {
  const { s3 } = bench.places;
  const Bucket = "ttsslsguru-audio";
  const Policy = (await s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? "";
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: Policy.replace("s3:GetObject", "s3:GetObjectVersion") }));
  const { exitCode, text } = await verify(bench.context, { wave: "all" });
  assert.equal(exitCode, 2);
  assert.match(
    text,
    /module.delivery\[0\].aws_s3_bucket_policy.audio: terraform plan would update it: policy .*GetObjectVersion/,
  );
  assert.match(text, /BucketPolicy::audio: pulumi preview would update it/);
  assert.match((await status(bench.context, { drift: true })).data.next, /-- verify --environment dev$/);
  const refused = await bench.cli(CUTOVER);
  assert.equal(refused.exitCode, 2, refused.stderr);
  assert.match(refused.stderr, /now: {3}delivery .*both hold it/);
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  await restore(bench.places, saved.adopted as Saved);
  await cleanEverywhere(0);
});

for (const { what, breakIt, says } of BROKEN) {
  test(`${what}: verify ends with exit code 2 and names resource, property and both values`, async () => {
    const takeBack = await breakIt(bench);
    const { exitCode, stdout, stderr } = await bench.cli(["verify"]);
    await takeBack();
    await restore(bench.places, saved.adopted as Saved);
    assert.equal(exitCode, 2, stdout + stderr);
    for (const pattern of says) assert.match(stdout + stderr, pattern);
  });
}

test("a bad moment of AWS or of the network passes: verify waits and asks again", async () => {
  // One after the other: the next begins to strike when the one before it has passed.
  const injected = PASSING.map(({ fault }) => bench.proxy.inject(fault));
  const { exitCode, stdout, stderr } = await bench.cli(["verify"]);
  for (const { end } of injected) end();
  assert.equal(exitCode, 0, `${stdout}${stderr}`);
  for (const [index, { what, fault }] of PASSING.entries()) assert.equal(injected[index]?.struck(), fault.times, what);
});

for (const { what, fault, says } of LASTING) {
  test(`${what}: the cutover stops before anything has moved, and says so`, async () => {
    const injected = bench.proxy.inject(fault);
    await assertRefused(CUTOVER, says, /now: {3}delivery .*both hold it[\s\S]*next:/);
    injected.end();
  });
}

test("a broken journal stops what writes, not what reads, until a person puts it aside", async () => {
  const { journal } = paths(bench.context);
  const text = await readFile(journal, "utf8");
  await writeFile(journal, text.replace('"adopt"', '"plan"'));
  await assertRefused(CUTOVER, /journal.jsonl cannot be trusted: line \d+ was changed/, /-- recover .*--reset-journal/);
  const { text: shown } = await status(bench.context, { drift: false });
  assert.match(shown, /! the journal cannot be trusted/);
  const recovered = await recover(bench.context, { releaseLock: false, resetJournal: true, yes: true });
  assert.match(recovered.text, /the broken journal is now .*journal.broken-/);
  assert.equal(
    (await recover(bench.context, { releaseLock: false, resetJournal: false, yes: false })).data.journalDamage,
    "",
  );
  await restore(bench.places, saved.adopted as Saved);
});

test("a lock that nobody will release is released by a person who names the environment", async () => {
  const holder = {
    ...(await newHolder({ environment: "dev", command: "adopt", waves: ["delivery"] })),
    host: "laptop",
  };
  await putObject(".migration-lock", holder);
  await putObject(".tflock", { ID: holder.id, Who: "ann@laptop", Operation: "migration" });
  assert.match((await status(bench.context, { drift: false })).text, /@laptop .* has been at `adopt`/);
  const refused = recover(bench.context, { releaseLock: true, resetJournal: false, yes: false });
  await assert.rejects(refused, /needs a person to confirm it/);
  const { data } = await recover(bench.context, { releaseLock: true, resetJournal: false, yes: true });
  assert.equal(data.released, true);
  assert.equal((await status(bench.context, { drift: false })).data.lock, undefined);
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

test("cut over: one owner, both tools clean, reviewed; given back: as before the migration began", async () => {
  const { text } = await cutover(bench.context, { wave: "delivery", execute: true, yes: true });
  assert.match(text, /Pulumi is the only owner/);
  saved.cutOver = await save(bench.places, "cutOver");
  await cleanEverywhere(1);
  await assertReviewMoved(bench);
  await rollback(bench.context, { wave: "delivery", execute: true, yes: true });
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

test("through all of this the cloud did not change", async () => {
  assert.deepEqual(differencesBetween(cloudBefore, await cloudOf(bench)), []);
});

test("everything is stopped", () => close());

test.run();
