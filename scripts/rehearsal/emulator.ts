import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../lib/errors";
import { checkInterrupted, type Service, startService } from "../lib/processes";
import { DUMMY_KEYS } from "./isolation";
import { choosePort } from "./ports";

export interface EmulatorOptions {
  /** Python with the emulator in it, from `ensurePython`. */
  readonly python: string;
  /** Folder for its log and its temporary files. */
  readonly dir: string;
  /** An isolated environment; of it the emulator gets PATH and locale. */
  readonly env: NodeJS.ProcessEnv;
  readonly accountId: string;
  readonly region: string;
  /** Where functions find Polly, which the emulator does not have. */
  readonly pollyEndpoint?: string;
  /** Whether policies are evaluated: a function then runs as its role and may do what the role may. Default true. */
  readonly enforceIam?: boolean;
  /** Default: a free one. */
  readonly port?: number;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

const settings = (options: EmulatorOptions, port: number, temporary: string): NodeJS.ProcessEnv => ({
  PATH: options.env.PATH,
  LANG: options.env.LANG ?? "C.UTF-8",
  HOME: options.env.HOME,
  TMPDIR: temporary,
  GATEWAY_PORT: String(port),
  BIND_HOST: "127.0.0.1",
  // Queue addresses then name the emulator itself, whichever proxy a caller came through.
  MINISTACK_HOST: "127.0.0.1",
  MINISTACK_ACCOUNT_ID: options.accountId,
  MINISTACK_REGION: options.region,
  AUTH: options.enforceIam === false ? "false" : "true",
  // Functions run as child processes in Node.js, also where Docker is installed.
  LAMBDA_EXECUTOR: "local",
  // In memory only: a rehearsal begins with an empty account.
  PERSIST_STATE: "0",
  S3_PERSIST: "0",
  SFTP_ENABLED: "0",
  PYTHONUNBUFFERED: "1",
  AWS_ACCESS_KEY_ID: DUMMY_KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: DUMMY_KEYS.secretAccessKey,
  AWS_EC2_METADATA_DISABLED: "true",
  ...(options.pollyEndpoint ? { AWS_ENDPOINT_URL_POLLY: options.pollyEndpoint } : {}),
});

const isHealthy = async (endpoint: string): Promise<boolean> => {
  try {
    const response = await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2_000) });
    return response.ok && (await response.text()).includes("dynamodb");
  } catch {
    return false;
  }
};

const lastLines = async (logFile: string): Promise<string> =>
  (await readFile(logFile, "utf8").catch(() => "")).trim().split("\n").slice(-10).join("\n");

const waitUntilReady = async (service: Service, endpoint: string, logFile: string): Promise<void> => {
  let ended = false;
  void service.ended.then(() => {
    ended = true;
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isHealthy(endpoint))) {
    checkInterrupted();
    if (ended) throw new UserError(`The emulated AWS ended while it started:\n${await lastLines(logFile)}`);
    if (Date.now() > deadline) {
      throw new UserError(
        `The emulated AWS did not answer within 60 s; its log ${logFile} ends:\n${await lastLines(logFile)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // Somebody else's emulator on the same port would have answered as well.
  if (ended) throw new UserError(`The emulated AWS ended while it started:\n${await lastLines(logFile)}`);
};

/**
 * Starts an empty AWS account on 127.0.0.1, in memory, in a process group of its own.
 * @throws UserError when the port is taken or it does not come up; nothing is left running then.
 */
export const startEmulator = async (options: EmulatorOptions): Promise<Emulator> => {
  const port = await choosePort(options.port);
  const temporary = join(options.dir, "emulator-tmp");
  const logFile = join(options.dir, "emulator.log");
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true });
  await rm(logFile, { force: true });
  const endpoint = `http://127.0.0.1:${port}`;
  const env = settings(options, port, temporary);
  const service = startService(options.python, ["-m", "ministack"], { env, cwd: temporary, logFile });
  const stop = async (): Promise<void> => {
    await service.stop();
    await rm(temporary, { recursive: true, force: true });
  };
  try {
    await waitUntilReady(service, endpoint, logFile);
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint, pid: service.pid, logFile, ended: service.ended, stop };
};
