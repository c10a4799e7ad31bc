import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../lib/errors";
import { checkInterrupted, startService } from "../lib/processes";
import type { Audio, PollyStatistics } from "./polly/server";
import { choosePort } from "./ports";

export type { Audio, PollyStatistics } from "./polly/server";

export interface PollyOptions {
  /** Folder for its log. */
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  /** Base URL of the emulator, whose IAM is asked whether a caller may speak. Without it everybody may. */
  readonly iamEndpoint?: string;
  readonly region: string;
  readonly port?: number;
}

export interface Polly {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  readonly pid: number;
  readonly ended: Promise<void>;
  statistics(): Promise<PollyStatistics>;
  /** The audio that a text must become; asking is not counted as speaking. */
  expected(text: string): Promise<Audio>;
  stop(): Promise<void>;
}

/** The request that the pipeline makes of Polly for one text. */
export const pipelineRequest = (text: string): string =>
  JSON.stringify({ OutputFormat: "mp3", VoiceId: "Joey", Engine: "standard", Text: text });

const call = async <T>(url: string, body?: string): Promise<T> => {
  const response = await fetch(url, body === undefined ? {} : { method: "POST", body });
  if (!response.ok) throw new UserError(`The local Polly answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
};

export const expectedAudio = (endpoint: string, text: string): Promise<Audio> =>
  call<Audio>(`${endpoint}/_rehearsal/expected`, pipelineRequest(text));

const waitUntilReady = async (endpoint: string, isEnded: () => boolean, logFile: string): Promise<void> => {
  const deadline = Date.now() + 30_000;
  for (;;) {
    checkInterrupted();
    try {
      await call(`${endpoint}/_rehearsal/statistics`);
      return;
    } catch (error) {
      const log = await readFile(logFile, "utf8").catch(() => "");
      if (isEnded()) throw new UserError(`The local Polly ended while it started:\n${log.slice(-2_000)}`);
      if (Date.now() > deadline) throw new UserError(`The local Polly did not answer within 30 s: ${messageOf(error)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Starts a Polly on 127.0.0.1 that really speaks, in a process of its own. */
export const startPolly = async (options: PollyOptions): Promise<Polly> => {
  const port = await choosePort(options.port);
  const logFile = join(options.dir, "polly.log");
  await mkdir(options.dir, { recursive: true });
  await rm(logFile, { force: true });
  const program = ["--import", "tsx", join(__dirname, "polly", "main.ts")];
  const args = [...program, String(port), options.iamEndpoint ?? "", options.region];
  const root = join(__dirname, "..", "..");
  const service = startService(process.execPath, args, { env: options.env, cwd: root, logFile });
  const endpoint = `http://127.0.0.1:${port}`;
  let ended = false;
  void service.ended.then(() => {
    ended = true;
  });
  try {
    await waitUntilReady(endpoint, () => ended, logFile);
  } catch (error) {
    await service.stop();
    throw error;
  }
  return {
    endpoint,
    pid: service.pid,
    ended: service.ended,
    statistics: () => call(`${endpoint}/_rehearsal/statistics`),
    expected: (text) => expectedAudio(endpoint, text),
    stop: () => service.stop(),
  };
};
