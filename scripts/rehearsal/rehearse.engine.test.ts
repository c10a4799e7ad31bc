import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import { isRunning } from "../lib/identity";
import { run } from "../lib/processes";
import type { RehearsalReport } from "./report";

const ROOT = join(__dirname, "..", "..");
const MAIN = join(__dirname, "main.ts");
const MINUTES = 60_000;

/** What a user's shell may hold; none of it may reach a tool. */
const HOSTILE = {
  AWS_PROFILE: "production",
  AWS_ENDPOINT_URL_S3: "https://s3.amazonaws.com",
  AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  PULUMI_BACKEND_URL: "s3://somebody-elses-state",
  TF_CLI_ARGS: "-destroy",
};

const sourcesNow = async (): Promise<string> => {
  const args = ["status", "--porcelain", "--", "legacy-terraform", "pulumi", "handler"];
  return (await run("git", args, { cwd: ROOT, env: process.env })).stdout;
};

const rehearse = (args: readonly string[]) =>
  run(process.execPath, ["--import", "tsx", MAIN, "--json", ...args], {
    cwd: ROOT,
    env: { ...process.env, ...HOSTILE },
    timeout: 20 * MINUTES,
    accept: [0, 1, 2],
  });

const tracked = async (): Promise<{ pid: number; name: string }[]> => {
  const text = await readFile(join(ROOT, ".rehearsal", "run.json"), "utf8").catch(() => '{"processes":[]}');
  return JSON.parse(text || '{"processes":[]}').processes ?? [];
};

/** An ended process whose parent has not looked yet does not run any more; the last of a group may need a moment. */
const isGone = async (pid: number): Promise<boolean> => {
  const deadline = Date.now() + 10_000;
  while ((await isRunning(pid)) && Date.now() < deadline) await new Promise((r) => setTimeout(r, 100));
  return !(await isRunning(pid));
};

test("the whole migration, wave by wave, back and again, keeps every promise", async () => {
  const before = await sourcesNow();
  const { exitCode, stdout } = await rehearse([]);
  const report = JSON.parse(stdout) as RehearsalReport;
  assert.deepEqual([exitCode, report.result, report.reasons], [0, "passed", []]);
  assert.equal(report.version, 2);
  assert.equal(report.resources.length, 14);
  assert.equal(report.pulumi.imported, 14);
  assert.deepEqual(report.terraform, { changesBefore: 0, changesAfter: 0 });
  assert.equal(report.pulumi.changesAfter, 0);
  assert.equal(report.outputs.terraform.tableArn, report.outputs.pulumi.tableArn);
  assert.ok(report.requests.sent >= 300, `only ${report.requests.sent} requests`);
  assert.deepEqual([report.requests.lost, report.requests.spoken], [0, report.requests.sent]);
  assert.equal(report.audio.through, "distribution");
  assert.match(report.versions.terraform, /^\d+\.\d+\.\d+$/);
  assert.match(report.versions.awsPlugin, /^(official|bridged)$/);
  const commands = report.cloud.calls.map(({ command }) => command);
  for (const command of ["adopt delivery", "cutover speech", "rollback storage"]) assert.ok(commands.includes(command));
  assert.deepEqual(
    report.cloud.calls.flatMap(({ unexpected }) => unexpected),
    [],
  );
  assert.equal(await sourcesNow(), before, "the checkout is as it was");
  assert.equal(existsSync(join(ROOT, ".rehearsal", "review.html")), true);
  assert.doesNotMatch(stdout, /AKIAIOSFODNN7EXAMPLE|wJalrXUtnFEMI/);
});

test("Ctrl-C leaves no process behind, and says so", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const deadline = Date.now() + 2 * MINUTES;
  while (!output.includes("local Polly, plugins") && Date.now() < deadline)
    await new Promise((r) => setTimeout(r, 100));
  const running = await tracked();
  assert.ok(running.length >= 3, `it had started ${running.length} processes:\n${output}`);
  child.kill("SIGINT");
  assert.equal(await ended, 130, output);
  assert.match(output, /stopped by SIGINT/);
  for (const { name, pid } of running) assert.ok(await isGone(pid), `${name} (process ${pid}) still runs`);
});

test.run();
