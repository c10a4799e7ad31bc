import { strict as assert } from "node:assert";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readBackup, readBackupFile } from "../../lib/backup";
import { isRunning } from "../../lib/identity";
import { readJournal } from "../../lib/journal";
import { paths } from "../../lib/paths";
import type { OwnershipSnapshot } from "../../plan/types";
import { tried } from "../../testing/trials";
import { readSnapshot } from "../snapshot";
import { status } from "../status";
import type { MigrationBench } from "./bench";
import { restore, type Saved } from "./saved";
import { endState, firstDifference, readTruth } from "./truth";

/** What a shell would report of a process that was killed; `run` says it so. */
const KILLED = 128;

/** Owner of each resource according to the bare states must be what the commands say; and never nobody. */
export const assertTruthful = async ({ context, places }: MigrationBench, at: string): Promise<OwnershipSnapshot> => {
  const [snapshot, truth] = [await readSnapshot(context), await readTruth(places)];
  for (const { address, urn, owner } of snapshot.resources) {
    const [terraform, pulumi] = [truth.terraform.has(address), truth.pulumi.has(urn)];
    const expected = terraform && pulumi ? "both" : terraform ? "terraform" : pulumi ? "pulumi" : "none";
    assert.equal(owner, expected, `${at}: status says ${owner} of ${address}`);
    assert.notEqual(owner, "none", `${at}: nobody owns ${address}`);
  }
  return snapshot;
};

/** Whatever was killed: every backup is whole, and the journal is not broken. */
export const assertKept = async ({ context }: MigrationBench, at: string): Promise<void> => {
  const files = paths(context);
  for (const name of (await readdir(files.backups).catch(() => [])).filter((each) => !each.startsWith("."))) {
    const backup = await readBackup(join(files.backups, name));
    for (const file of Object.keys(backup.manifest.files)) await readBackupFile(backup, file);
  }
  assert.equal((await readJournal(files.journal)).damage, "", at);
};

const lastStepOf = (point: string): string => point.split(".").slice(0, 2).join(".");

/** The exact next command after a kill is the one that was killed, as soon as a step had begun. */
const assertNext = async (
  { context }: MigrationBench,
  { next }: OwnershipSnapshot,
  point: string,
  args: readonly string[],
): Promise<void> => {
  const { records } = await readJournal(paths(context).journal);
  if (!records.some(({ event, command }) => event === "begin" && command === args[0])) return;
  assert.match(next, new RegExp(`-- ${args[0]} .*--execute`), `${lastStepOf(point)}: next is "${next}"`);
};

/** What is being killed, with the time, for whoever watches a sweep of many minutes. */
const say = (text: string): void => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
};

/** Dies at this failpoint, and leaves a place in which everything can be told and nothing is lost. */
export const killAt = (bench: MigrationBench, args: readonly string[], point: string): Promise<void> =>
  tried(`kill -9 at ${point}`, "status told the truth, nothing was lost", () => killAndCheck(bench, args, point));

const killAndCheck = async (bench: MigrationBench, args: readonly string[], point: string): Promise<void> => {
  say(`kill at ${point}`);
  const result = await bench.cli(args, { TTP_TEST: "1", TTP_FAILPOINT: point });
  assert.equal(result.exitCode, KILLED, `${point} was not reached:\n${result.stdout}${result.stderr}`);
  const snapshot = await assertTruthful(bench, point);
  await assertKept(bench, point);
  await assertNext(bench, snapshot, point, args);
};

/** The same command again ends where an undisturbed run ends. */
export const assertConverges = async (
  bench: MigrationBench,
  args: readonly string[],
  golden: string,
  at: string,
): Promise<void> => {
  say(`${at}: the same command again`);
  const result = await bench.cli(args);
  assert.equal(result.exitCode, 0, `${at}: the same command again failed:\n${result.stdout}${result.stderr}`);
  const difference = firstDifference(await endState(bench.places), golden);
  assert.equal(difference, "", `${at}: ended somewhere else than an undisturbed run:\n${difference}`);
  await assertTruthful(bench, at);
};

/**
 * Kills the command at each point. Chained: each run goes on from where the last was killed, to the next point, and the
 * last one to the end. Apart: each point begins anew and is followed by a run to the end.
 */
export const sweep = async (
  bench: MigrationBench,
  plan: {
    readonly from: Saved;
    readonly args: readonly string[];
    readonly points: readonly string[];
    readonly golden: string;
  },
  apart: boolean,
): Promise<void> => {
  const { from, args, points, golden } = plan;
  await restore(bench.places, from);
  for (const point of points) {
    if (apart) await restore(bench.places, from);
    await killAt(bench, args, point);
    if (apart) await assertConverges(bench, args, golden, point);
  }
  if (!apart) await assertConverges(bench, args, golden, `${args[0]} after ${points.length} kills`);
};

/** The suite tells failures at its end; in a test of many minutes they are wanted at once. */
export const aloud = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    throw error;
  }
};

const ended = async (pid: number): Promise<void> => {
  while (pid > 0 && (await isRunning(pid))) await new Promise((resolve) => setTimeout(resolve, 50));
};

export interface RandomKill {
  readonly from: Saved;
  readonly args: readonly string[];
  readonly tool: "pulumi" | "terraform";
  /** Whom the kill hits: the command line, the tool it runs, or both. */
  readonly victim: "cli" | "tool" | "both";
  /** Milliseconds after the tool began. */
  readonly after: number;
  readonly golden: string;
}

/** Kills in the middle of a tool, which may end by itself or die with its broken pipes. */
export const killInside = (bench: MigrationBench, kill: RandomKill): Promise<void> => {
  const at = `${kill.args[0]}: ${kill.victim} killed ${kill.after} ms into ${kill.tool}`;
  return tried(at, "the same command again ended where an undisturbed run ends", () => killAndRepeat(bench, kill, at));
};

const killAndRepeat = async (bench: MigrationBench, kill: RandomKill, at: string): Promise<void> => {
  await restore(bench.places, kill.from);
  await bench.killDuring(kill.args, kill.tool, async (cli, tool) => {
    await new Promise((resolve) => setTimeout(resolve, kill.after));
    for (const [name, pid] of [
      ["cli", cli],
      ["tool", tool],
    ] as const) {
      if (pid > 0 && (kill.victim === name || kill.victim === "both")) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It ended by itself a moment before: also a moment at which a kill may come.
        }
      }
    }
    await ended(tool);
  });
  await assertTruthful(bench, at);
  await assertKept(bench, at);
  await assertConverges(bench, kill.args, kill.golden, at);
};

/** Ctrl-C in the middle of a tool: it is let end in order, every lock is given back, and the same command goes on. */
export const interruptInside = (bench: MigrationBench, at: Omit<RandomKill, "victim">): Promise<void> => {
  const name = `${at.args[0]}: Ctrl-C ${at.after} ms into ${at.tool}`;
  return tried(name, "exit code 130, no lock stayed, the same command again ended where an undisturbed run ends", () =>
    interruptAndRepeat(bench, at, name),
  );
};

const interruptAndRepeat = async (
  bench: MigrationBench,
  { from, args, tool, after, golden }: Omit<RandomKill, "victim">,
  name: string,
): Promise<void> => {
  await restore(bench.places, from);
  const exitCode = await bench.killDuring(args, tool, async (cli, child) => {
    await new Promise((resolve) => setTimeout(resolve, after));
    process.kill(cli, "SIGINT");
    await ended(child);
  });
  assert.equal(exitCode, 130, name);
  const { lock } = (await status(bench.context, { drift: false })).data;
  assert.equal(lock, undefined, `${name}: a lock stayed`);
  await assertTruthful(bench, name);
  await assertKept(bench, name);
  await assertConverges(bench, args, golden, name);
};
