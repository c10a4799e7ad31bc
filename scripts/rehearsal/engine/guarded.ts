import { type ChildProcess, spawn } from "node:child_process";
import { killGroup } from "../../lib/processes";

/**
 * Runs a program as long as the pipe to its standard input is open. The pipe closes when this process ends in any
 * way, SIGKILL included; then the shell kills the whole process group, so that nothing is left behind. When the program
 * itself ends, the group ends too.
 */
const GUARD = '("$@"; kill -KILL 0) & cat >/dev/null; kill -KILL 0';

export interface Guarded {
  readonly pid: number;
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const eachLine = (child: ChildProcess, onLine: (line: string) => void): void => {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    });
  }
};

/** Starts a program that cannot outlive this process, nor can anything it starts in its process group. */
export const startGuarded = (
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; onLine: (line: string) => void },
): Guarded => {
  const child = spawn("/bin/sh", ["-c", GUARD, "guard", command, ...args], {
    env: options.env,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  eachLine(child, options.onLine);
  child.stdin.on("error", () => undefined);
  const pid = child.pid ?? 0;
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const stop = async (): Promise<void> => {
    if (pid) killGroup(pid, "SIGKILL");
    await ended;
  };
  return { pid, ended, stop };
};
