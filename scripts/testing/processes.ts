import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { messageOf } from "../lib/errors";
import { run } from "../lib/processes";
import { untilMark } from "./marks";

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Runner {
  run(file: string): Promise<Ran>;
  stop(): void;
}

const TSX = ["--import", "tsx"];
/** What a test prints is read by a program. */
const plainEnv = (): NodeJS.ProcessEnv => ({ ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" });
const EVERY_CODE = Array.from({ length: 256 }, (_, code) => code);

/** A process of its own for each file: what drives the real engines must find everything as it was. */
export const processPerFile = (cwd: string, timeout: number): Runner => ({
  run: (file) =>
    run(process.execPath, [...TSX, file], { cwd, env: plainEnv(), timeout, accept: EVERY_CODE }).catch(
      (error: unknown) => ({
        exitCode: 1,
        stdout: "",
        stderr: messageOf(error),
      }),
    ),
  stop: () => undefined,
});

const startWorker = (cwd: string): ChildProcess =>
  spawn(process.execPath, [...TSX, join(__dirname, "worker.ts")], {
    cwd,
    env: plainEnv(),
    stdio: ["pipe", "pipe", "pipe"],
  });

/** One process for many files; a file that ends it, or takes too long, fails and costs only itself. */
export const sharedProcess = (cwd: string, timeout: number): Runner => {
  let worker: ChildProcess | undefined;
  const kill = (): void => {
    worker?.kill("SIGKILL");
    worker = undefined;
  };
  const ask = (file: string): Promise<Ran> =>
    new Promise((resolve) => {
      worker ??= startWorker(cwd);
      const child = worker;
      let [stdout, stderr] = ["", ""];
      const finish = (ran: Ran, usable: boolean): void => {
        clearTimeout(timer);
        for (const stream of [child.stdout, child.stderr]) stream?.removeAllListeners("data");
        child.removeAllListeners("exit");
        if (!usable) kill();
        resolve(ran);
      };
      const fail = (why: string) => (): void => finish({ exitCode: 1, stdout, stderr: `${stderr}\n${why}` }, false);
      const timer = setTimeout(fail(`not finished within ${timeout / 1000} s`), timeout);
      child.once("exit", fail("the process ended in the middle of the file"));
      child.stderr?.on("data", (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      child.stdout?.on("data", (chunk: Buffer) => {
        stdout += chunk.toString();
        const ended = untilMark(stdout);
        if (ended) finish({ exitCode: ended.exitCode, stdout: ended.text, stderr }, true);
      });
      child.stdin?.write(`${file}\n`);
    });
  // At the end of its input it ends by itself, and puts its temporary folders away.
  return { run: ask, stop: () => worker?.stdin?.end() };
};
