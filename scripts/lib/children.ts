import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Context } from "./context";
import { messageOf, UserError } from "./errors";
import { isRunning } from "./identity";
import { mask } from "./masking";
import { paths } from "./paths";
import { killGroup, type RunOptions, type RunResult, run } from "./processes";

/** How long a command that a killed run left behind may take to end by itself. */
const PATIENCE = 120_000;

/** Runs a tool that only reads. Messages are masked: a tool may print values from a state. */
export const readWith = async (command: string, args: readonly string[], options: RunOptions): Promise<RunResult> => {
  try {
    return await run(command, args, options);
  } catch (error) {
    if (error instanceof UserError) error.message = mask(error.message);
    throw error;
  }
};

let started = 0;

/**
 * Runs a tool that writes. A shell notes its own process number before it becomes the tool, so that even a run that is
 * killed in the same instant leaves a trace of what it started. The trace goes when the tool ended by itself.
 */
export const writeWith = async (
  context: Context,
  command: string,
  args: readonly string[],
  options: RunOptions,
): Promise<RunResult> => {
  const folder = paths(context).children;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  started += 1;
  const trace = join(folder, `${basename(command)}-${process.pid}-${started}.pid`);
  const label = options.label ?? `${basename(command)} ${args.slice(0, 3).join(" ")}`;
  try {
    const script = 'echo $$ > "$0" && exec "$@"';
    const result = await readWith("/bin/sh", ["-c", script, trace, command, ...args], { ...options, label });
    await rm(trace, { force: true });
    return result;
  } catch (error) {
    await endRest(trace);
    throw error;
  }
};

/** A tool that was killed may leave its plugins running; they are in its process group. */
const endRest = async (trace: string): Promise<void> => {
  const pid = Number(await readFile(trace, "utf8").catch(() => ""));
  if (pid > 0) killGroup(pid, "SIGKILL");
};

const commandOf = async (pid: number): Promise<string> => {
  if (process.platform === "linux") {
    return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
  }
  return (await run("ps", ["-o", "command=", "-p", String(pid)], { env: process.env, accept: [0, 1] })).stdout;
};

/** Numbers are used again: only a process that still is that tool counts. */
const stillRuns = async (pid: number, tool: string): Promise<boolean> =>
  (await isRunning(pid)) && (await commandOf(pid)).includes(tool);

const waitFor = async (pid: number, tool: string, note: (text: string) => void): Promise<void> => {
  const deadline = Date.now() + PATIENCE;
  if (await stillRuns(pid, tool)) note(`waiting for ${tool} (process ${pid}), which a killed run left behind`);
  while (await stillRuns(pid, tool)) {
    if (Date.now() > deadline) {
      const message = `${tool} (process ${pid}), which a killed run left behind, still runs after ${PATIENCE / 1000} s`;
      throw new UserError(message, { fix: `let it end, or end it: kill ${pid}; then repeat` });
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};

/**
 * Waits until nothing that earlier runs started is running any more.
 * @returns process numbers that were ours, for recognising locks they left
 */
export const settleChildren = async (context: Context): Promise<readonly number[]> => {
  const folder = paths(context).children;
  const traces = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".pid"));
  const pids: number[] = [];
  for (const trace of traces) {
    const pid = Number(await readFile(join(folder, trace), "utf8"));
    if (!(pid > 0)) continue;
    await waitFor(pid, trace.split("-")[0] ?? "", context.progress.note);
    pids.push(pid);
  }
  return pids;
};

/** Forgets the traces: everything they were good for is done. */
export const forgetChildren = async (context: Context): Promise<void> => {
  await rm(paths(context).children, { recursive: true, force: true }).catch((error: unknown) => {
    context.progress.note(`traces of ended processes stay behind: ${messageOf(error)}`);
  });
};
