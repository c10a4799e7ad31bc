import { readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { buildHandler } from "../../handler/build";
import { handleSignals } from "../lib/processes";
import { createProgress } from "../lib/progress";
import { errorText } from "../lib/report-error";
import { findTests, type Kind } from "./find";
import floor from "./floor.json";
import { processPerFile, type Runner, sharedProcess } from "./processes";
import { findings, readTally } from "./uvu-output";

const root = resolve(__dirname, "../..");
const MINUTES = 60_000;
const limits: Record<Kind, { atOnce: number; timeout: number }> = {
  // One more than a laptop of two cores has: some tests wait for a clock.
  unit: { atOnce: 3, timeout: 2 * MINUTES },
  // Much of an engine test is waiting: Terraform's AWS provider alone waits half a minute for a queue.
  engine: { atOnce: 2, timeout: (process.env.TTP_SWEEP ? 120 : 40) * MINUTES },
};

interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

const write = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const runFile = async (file: string, runner: Runner): Promise<Outcome> => {
  const began = performance.now();
  const result = await runner.run(file);
  const tally = readTally(result.stdout);
  const problems = findings(await readFile(file, "utf8"), result.exitCode, tally);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const name = relative(root, file);
  if (problems.length === 0) {
    write(`ok    ${name}  ${tally?.passed} passed  ${seconds} s`);
    return { passed: tally?.passed ?? 0, failed: 0 };
  }
  write(`FAIL  ${name}  ${problems.join("; ")}  ${seconds} s\n${result.stdout}\n${result.stderr}`);
  const passed = tally?.passed ?? 0;
  return { passed, failed: Math.max(1, (tally?.total ?? 0) - passed) };
};

const startRunner = (kind: Kind): Runner => {
  const start = kind === "unit" ? sharedProcess : processPerFile;
  return start(root, limits[kind].timeout);
};

/**
 * Files that one process runs in a row, the longest row first. Those of one folder load much the same, which is half of a
 * short test's time.
 */
const inGroups = (files: readonly string[], kind: Kind): string[][] => {
  const folderOf = (file: string): string => relative(root, file).split("/").slice(0, 2).join("/");
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const key = kind === "unit" ? folderOf(dirname(file)) : file;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].sort((one, other) => other.length - one.length);
};

const runAll = async (files: readonly string[], kind: Kind): Promise<Outcome> => {
  const waiting = inGroups(files, kind);
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    const runner = startRunner(kind);
    for (let group = waiting.shift(); group; group = waiting.shift()) {
      for (const file of group) outcomes.push(await runFile(file, runner));
    }
    runner.stop();
  };
  await Promise.all(Array.from({ length: limits[kind].atOnce }, worker));
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failed: outcomes.reduce((sum, { failed }) => sum + failed, 0),
  };
};

/** Builds or fetches what the engine tests share; minutes on a fresh machine, with progress. */
const prepareEngines = async (folder: string): Promise<void> => {
  // Loaded only now: the unit tests need none of it.
  const { prepareEngine } = await import("../rehearsal/engine/index.js");
  const { prepareWorld } = await import("../rehearsal/world.js");
  const progress = createProgress();
  await prepareWorld({ dir: join(folder, ".rehearsal"), env: process.env, progress });
  await prepareEngine({ progress, env: process.env });
};

/** Fails when fewer tests passed than are known to exist: a lost file or a pattern that matches nothing. */
const checkFloor = (kind: Kind, passed: number): number => {
  if (passed >= floor[kind]) return 0;
  write(`FAIL  only ${passed} ${kind} tests passed; scripts/testing/floor.json expects at least ${floor[kind]}`);
  return 1;
};

const main = async (): Promise<void> => {
  handleSignals();
  const args = process.argv.slice(2);
  const filter = args.find((arg) => !arg.startsWith("-"));
  const kinds: Kind[] = args.includes("--unit") ? ["unit"] : ["unit", "engine"];
  // A fresh clone has none, and the commands look for it first of all.
  await buildHandler({ outDir: join(root, "handler", "dist") });
  let passed = 0;
  let failed = 0;
  for (const kind of kinds) {
    const files = (await findTests(root, kind)).filter((file) => !filter || file.includes(filter));
    // Once, before two tests at a time would both begin to build the same.
    if (kind === "engine" && files.length > 0) await prepareEngines(root);
    const outcome = await runAll(files, kind);
    passed += outcome.passed;
    failed += outcome.failed + (filter ? 0 : checkFloor(kind, outcome.passed));
  }
  if (passed + failed === 0) {
    write(`FAIL  no test file matches "${filter}"`);
    failed = 1;
  }
  write(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
};

main().catch((error: unknown) => {
  write(`${errorText(error)}\n0 passed, 1 failed`);
  process.exitCode = 1;
});
