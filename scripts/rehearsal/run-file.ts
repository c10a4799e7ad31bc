import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../lib/errors";
import { PRIVATE, writeJson } from "../lib/files";
import { type ProcessIdentity, startOf, stateOf, thisProcess } from "../lib/identity";
import { killGroup } from "../lib/processes";

/** A process that the rehearsal started, the leader of its own process group. */
export interface Tracked {
  readonly name: string;
  readonly pid: number;
  /** Tells it from a later process with the same number. */
  readonly started: string;
}

interface Run {
  readonly owner: ProcessIdentity;
  /** Left running on purpose; the owner has ended. */
  readonly kept: boolean;
  readonly processes: readonly Tracked[];
}

export interface RunFile {
  /** Writes down a process as soon as it runs, so that a next run can end it. */
  track(name: string, pid: number): Promise<void>;
  /** From now on the processes are meant to go on without this one. */
  keep(): Promise<void>;
  release(): Promise<void>;
}

const fileIn = (dir: string): string => join(dir, "run.json");

const read = async (dir: string): Promise<Run | undefined> => {
  try {
    return JSON.parse(await readFile(fileIn(dir), "utf8")) as Run;
  } catch {
    // There is none, or its writer was killed before it started anything.
    return undefined;
  }
};

const isSame = async ({ pid, started }: Tracked): Promise<boolean> => (await startOf(pid)) === started;

const endOne = async (tracked: Tracked): Promise<void> => {
  for (const [signal, patience] of [
    ["SIGTERM", 3_000],
    ["SIGKILL", 5_000],
  ] as const) {
    // Asked again before each signal: the number may belong to somebody else by now.
    if (!(await isSame(tracked))) return;
    killGroup(tracked.pid, signal);
    const deadline = Date.now() + patience;
    while (Date.now() < deadline && (await isSame(tracked))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};

/** Ends what a run left behind, each by its number and only if it still is that process. Returns the names of those. */
const endAll = async (processes: readonly Tracked[]): Promise<string[]> => {
  const alive: Tracked[] = [];
  for (const tracked of processes) if (await isSame(tracked)) alive.push(tracked);
  await Promise.all(alive.map(endOne));
  return alive.map(({ name }) => name);
};

const refuseIfInUse = async (run: Run, stopCommand: string): Promise<void> => {
  const state = await stateOf(run.owner);
  if (state === "dead" && !run.kept) return;
  if (run.kept) {
    const alive = await Promise.all(run.processes.map(isSame));
    if (!alive.includes(true)) return;
    throw new UserError("A kept rehearsal is still running", { fix: `Stop it: ${stopCommand}` });
  }
  const where = state === "elsewhere" ? ` on ${run.owner.host}` : "";
  throw new UserError(`A rehearsal is running already: process ${run.owner.pid} of ${run.owner.user}${where}`, {
    fix: "Let it end, or press Ctrl-C there.",
  });
};

const take = async (dir: string): Promise<boolean> => {
  try {
    await (await open(fileIn(dir), "wx", PRIVATE)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
};

/**
 * Makes this process the only rehearsal in a folder. What a killed one left running is ended first.
 * @param options.note told what was ended.
 * @throws UserError when another rehearsal runs there, or was kept.
 */
export const takeRunFile = async (
  dir: string,
  options: { readonly note: (text: string) => void; readonly stopCommand: string },
): Promise<RunFile> => {
  await mkdir(dir, { recursive: true });
  const earlier = await read(dir);
  if (earlier) {
    await refuseIfInUse(earlier, options.stopCommand);
    const ended = await endAll(earlier.processes);
    if (ended.length > 0) options.note(`ended what an earlier rehearsal left running: ${ended.join(", ")}`);
  }
  await rm(fileIn(dir), { force: true });
  if (!(await take(dir))) {
    throw new UserError("Another rehearsal has just started", { fix: "Let it end, then repeat." });
  }
  const owner = await thisProcess();
  let run: Run = { owner, kept: false, processes: [] };
  const write = async (next: Run): Promise<void> => {
    run = next;
    await writeJson(fileIn(dir), run, PRIVATE);
  };
  await write(run);
  return {
    track: async (name, pid) => {
      const started = await startOf(pid);
      if (started !== undefined) await write({ ...run, processes: [...run.processes, { name, pid, started }] });
    },
    keep: () => write({ ...run, kept: true }),
    release: () => rm(fileIn(dir), { force: true }),
  };
};

/** Ends a kept rehearsal, or what a killed one left. Returns the names of what was ended. */
export const stopKept = async (dir: string): Promise<readonly string[]> => {
  const run = await read(dir);
  if (!run) return [];
  if (!run.kept && (await stateOf(run.owner)) !== "dead") {
    throw new UserError(`The rehearsal of process ${run.owner.pid} is not kept, it is running`, {
      fix: "Press Ctrl-C there.",
    });
  }
  const ended = await endAll(run.processes);
  await rm(fileIn(dir), { force: true });
  return ended;
};
