import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { Interrupted, messageOf, UserError } from "./errors";

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the child: nothing is inherited beside it. */
  readonly env: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Called with every line of standard output and standard error, as it arrives. */
  readonly onLine?: (line: string) => void;
  /** Milliseconds after which the child and all its children are killed. */
  readonly timeout?: number;
  /** Exit codes that are an answer and not a failure; default only 0. */
  readonly accept?: readonly number[];
  /** What messages call the program, where the command line itself says little. */
  readonly label?: string;
}

export interface RunResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What this process started and has not seen end: steps of work, and services. Each leads a process group of its own. */
const running = new Set<number>();
const services = new Set<number>();
let interruptedBy: NodeJS.Signals | undefined;
let interruptedAt = 0;
/** Milliseconds. */
const ONE_PRESS = 1_000;

/** Ends a child with all it started. SIGTERM lets Terraform and Pulumi release their locks. */
export const killGroup = (pid: number, signal: NodeJS.Signals = "SIGTERM"): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone, which is what was wanted.
  }
};

const start = (
  command: string,
  args: readonly string[],
  options: RunOptions,
  output: "pipe" | number = "pipe",
  group: Set<number> = running,
): ChildProcess => {
  if (interruptedBy) throw new Interrupted(`stopped by ${interruptedBy}`);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    // A process group of its own: a kill reaches the provider plugins that Terraform and Pulumi start.
    detached: true,
    stdio: [options.input === undefined ? "ignore" : "pipe", output, output],
  });
  child.stdin?.on("error", () => undefined).end(options.input);
  const { pid } = child;
  if (pid !== undefined) {
    group.add(pid);
    child.once("exit", () => group.delete(pid));
  }
  return child;
};

interface Ending {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

const endOf = (child: ChildProcess): Promise<Ending> =>
  new Promise((resolve) => {
    child.once("error", (error) => resolve({ exitCode: null, signal: null, error }));
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
  });

const collect = (stream: NodeJS.ReadableStream | null): (() => string) => {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
};

const eachLine = (child: ChildProcess, onLine: (line: string) => void): void => {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onLine(line);
    });
    stream?.on("end", () => rest && onLine(rest));
  }
};

const killAfter = (child: ChildProcess, milliseconds: number | undefined): { clear(): void; passed(): boolean } => {
  let passed = false;
  const kill = (): void => {
    passed = true;
    if (child.pid !== undefined) killGroup(child.pid, "SIGKILL");
  };
  const timer = milliseconds === undefined ? undefined : setTimeout(kill, milliseconds);
  return { clear: () => clearTimeout(timer), passed: () => passed };
};

/**
 * Runs a program to its end in a process group of its own.
 * @throws UserError when it cannot be started, takes too long, or ends with a code that is not accepted; the message
 *   carries the last lines it printed.
 */
export const run = async (command: string, args: readonly string[], options: RunOptions): Promise<RunResult> => {
  const child = start(command, args, options);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  if (options.onLine) eachLine(child, options.onLine);
  const deadline = killAfter(child, options.timeout);
  const ending = await endOf(child);
  deadline.clear();
  const called = options.label ?? `${command.split("/").at(-1)} ${args.slice(0, 3).join(" ")}`;
  if (ending.error) {
    throw new UserError(`\`${called}\` could not be started: ${messageOf(ending.error)}`, { cause: ending.error });
  }
  if (interruptedBy) throw new Interrupted(`stopped by ${interruptedBy} while \`${called}\` ran`);
  if (deadline.passed()) {
    throw new UserError(`\`${called}\` did not end within ${(options.timeout ?? 0) / 1000} s and was stopped`);
  }
  const exitCode = ending.exitCode ?? 128;
  if (!(options.accept ?? [0]).includes(exitCode)) {
    const tail = `${stdout()}\n${stderr()}`.trim().split("\n").slice(-25).join("\n");
    throw new UserError(`\`${called}\` failed (${ending.signal ?? `exit code ${exitCode}`}):\n${tail}`);
  }
  return { exitCode, stdout: stdout(), stderr: stderr() };
};

export interface Service {
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface ServiceOptions extends RunOptions {
  /** Takes everything the service prints, also after this process has ended. Then `onLine` hears nothing. */
  readonly logFile?: string;
}

/** Starts a long-running program, tracked so that it ends with this process. */
export const startService = (command: string, args: readonly string[], options: ServiceOptions): Service => {
  const log = options.logFile === undefined ? undefined : openSync(options.logFile, "a", 0o600);
  const child = start(command, args, options, log, services);
  if (log !== undefined) closeSync(log);
  if (options.onLine) eachLine(child, options.onLine);
  // A pipe that nobody reads fills up and stops the service.
  for (const stream of [child.stdout, child.stderr]) stream?.resume();
  const { pid } = child;
  if (pid === undefined) throw new UserError(`\`${command}\` could not be started`);
  const ended = endOf(child).then(() => undefined);
  const stop = async (): Promise<void> => {
    killGroup(pid);
    const timer = setTimeout(() => killGroup(pid, "SIGKILL"), 5_000);
    await ended;
    clearTimeout(timer);
    killGroup(pid, "SIGKILL");
  };
  return { pid, ended, stop };
};

/** Lets a service outlive this process (`--keep`). */
export const release = (pid: number): void => {
  services.delete(pid);
};

const killAll = (): void => {
  for (const pid of [...running, ...services]) killGroup(pid, "SIGKILL");
};

/**
 * Ctrl-C once: what works is asked to end, the running step throws Interrupted, and clean-up code runs, which gives
 * back locks and stops the services. Twice, or at exit: everything is killed.
 */
export const handleSignals = (): void => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // npm passes on what the terminal has sent to everybody already: one key press may arrive twice.
      if (interruptedBy) return Date.now() - interruptedAt < ONE_PRESS ? undefined : killAll();
      interruptedBy = signal;
      interruptedAt = Date.now();
      for (const pid of running) killGroup(pid);
    });
  }
  process.on("exit", killAll);
};

/** Throws when the operator asked to stop; for loops that start no child. */
export const checkInterrupted = (): void => {
  if (interruptedBy) throw new Interrupted(`stopped by ${interruptedBy}`);
};
