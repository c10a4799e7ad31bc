import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { messageOf, UserError } from "../../lib/errors";
import { isRunning } from "../../lib/identity";
import { killGroup } from "../../lib/processes";
import type { Programs, StartOptions } from "./index";
import { KEEP, type PluginsReady, type PluginsRequest } from "./plugins-server";

export interface PluginsServer {
  readonly ports: Readonly<Record<string, number>>;
  readonly pids: readonly number[];
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const READY_MS = 90_000;
const STOP_MS = 5_000;

const requestOf = (prepared: Programs, options: StartOptions): PluginsRequest => {
  const { bridge, official } = prepared;
  if (!official.aws && (!bridge || !options.awsProviderBinary)) {
    throw new UserError("the AWS plugin needs the Terraform AWS provider", { fix: "run `terraform init` first" });
  }
  return {
    ...(bridge && options.awsProviderBinary
      ? {
          aws: {
            bridge,
            awsProviderBinary: options.awsProviderBinary,
            archiveFolder: join(options.workDir, "archives"),
          },
        }
      : {}),
    terraform: !official.terraform,
    programFolders: options.programFolders,
    keep: options.keep ?? false,
  };
};

/**
 * The server ends when the pipe to its input closes, so it is spawned here and not as a service without input. It logs
 * to a file: a pipe would break when it outlives this process.
 */
const spawnServer = (request: PluginsRequest, env: NodeJS.ProcessEnv, logFile: string): ChildProcess => {
  const loader = pathToFileURL(require.resolve("tsx")).href;
  const script = join(__dirname, "plugins-server.ts");
  const log = openSync(logFile, "w", 0o600);
  try {
    return spawn(process.execPath, ["--import", loader, script, JSON.stringify(request)], {
      env,
      stdio: ["pipe", "pipe", log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
};

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let output = "";
    const fail = (why: string): void => reject(new Error(why));
    const timer = setTimeout(() => fail(`were not ready within ${READY_MS / 1000} s`), READY_MS);
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (!output.includes("\n")) return;
      clearTimeout(timer);
      resolve(output.slice(0, output.indexOf("\n")));
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      fail(`ended before they were ready (${code ?? "killed"})`);
    });
    child.once("error", (error) => fail(`could not be started: ${error.message}`));
  });

const waitUntilReady = async (child: ChildProcess, logFile: string): Promise<PluginsReady> => {
  try {
    return JSON.parse(await firstLine(child)) as PluginsReady;
  } catch (error) {
    const log = (await readFile(logFile, "utf8")).trim().split("\n").slice(-15).join("\n");
    throw new UserError(`the plugins ${messageOf(error)}:\n${log}`, { fix: `their log: ${logFile}`, cause: error });
  }
};

/** Neither pipe nor process may hold this process open or be closed early by it when the server is to stay. */
const letGo = (child: ChildProcess): void => {
  child.stdin?.write(`${KEEP}\n`);
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref?(): void })?.unref?.();
  child.unref();
};

/** The bridge notices that its parent is gone; it must be gone too before the caller goes on. */
const untilGone = async (pid: number): Promise<void> => {
  const deadline = Date.now() + STOP_MS;
  while (await isRunning(pid)) {
    if (Date.now() > deadline) return killGroup(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Starts the process with the local plugins; none where official ones are used. */
export const startPluginsServer = async (prepared: Programs, options: StartOptions): Promise<PluginsServer> => {
  const request = requestOf(prepared, options);
  if (!request.aws && !request.terraform) {
    return { ports: {}, pids: [], ended: new Promise(() => undefined), stop: async () => undefined };
  }
  await mkdir(options.workDir, { recursive: true });
  const logFile = join(options.workDir, "plugins.log");
  const child = spawnServer(request, options.env, logFile);
  const pid = child.pid ?? 0;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = async (): Promise<void> => {
    killGroup(pid);
    const timer = setTimeout(() => killGroup(pid, "SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  const ready = await waitUntilReady(child, logFile).catch(async (error: unknown) => {
    if (pid) await kill();
    throw error;
  });
  if (options.keep) letGo(child);
  const pids = [pid, ready.aws?.pid].filter((one) => one !== undefined);
  const stop = async (): Promise<void> => {
    await kill();
    if (ready.aws) await untilGone(ready.aws.pid);
  };
  return {
    ports: {
      ...(ready.aws ? { aws: ready.aws.port } : {}),
      ...(ready.terraform ? { terraform: ready.terraform.port } : {}),
    },
    pids,
    ended,
    stop,
  };
};
