import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { release } from "../lib/processes";
import type { Progress } from "../lib/progress";
import { type Emulator, startEmulator } from "./emulator";
import { cacheRoot } from "./engine/toolchain/cache";
import { AWS_TERRAFORM_PROVIDER } from "./engine/versions";
import { isolatedEnvironment, prepareHome } from "./isolation";
import { type Polly, startPolly } from "./polly";
import { choosePort } from "./ports";
import { type RecordingProxy, startProxy } from "./proxy";
import { ensurePython } from "./python";
import { takeRunFile } from "./run-file";
import { ensureProvider, needTerraform, type ProviderMirror, writeCliConfig } from "./terraform-cli";
import { startTraffic, type Traffic, type TrafficOptions } from "./traffic";
import { SENTENCES } from "./traffic/texts";

/** What must be on the machine before anything starts; found, or made and fetched once. */
export interface PreparedWorld {
  /** Python with the emulator in it. */
  readonly python: string;
  /** The Terraform AWS provider; its program drives the Pulumi plugin as well. */
  readonly mirror: ProviderMirror;
  /** Path of Terraform. */
  readonly terraform: string;
}

/**
 * The set-up: minutes at most the first time, no work afterwards. Needs the network only where something is missing.
 * @param options.env the user's own environment, with proxies and registries.
 */
export const prepareWorld = async (options: {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
}): Promise<PreparedWorld> => {
  const { dir, env, progress } = options;
  const terraform = needTerraform(env);
  const mirror = await progress.step("Terraform AWS provider", async (update) => {
    const found = await ensureProvider({ env, cache: cacheRoot(env), terraform, onLine: update });
    update(AWS_TERRAFORM_PROVIDER);
    return found;
  });
  const python = await progress.step("Emulated AWS", async (update) => {
    const found = await ensurePython(join(dir, "python"), env, update);
    // What pip said last is no news any more.
    update("in a Python environment of its own");
    return found;
  });
  return { python, mirror, terraform };
};

export interface WorldOptions extends Omit<PreparedWorld, "terraform"> {
  /** Folder of everything that the rehearsal writes, `.rehearsal`. */
  readonly dir: string;
  /** The user's environment, of which next to nothing survives. */
  readonly userEnv: NodeJS.ProcessEnv;
  readonly accountId: string;
  readonly region: string;
  /** Added to the environment of the tools, e.g. Pulumi's backend and passphrase. */
  readonly extra?: NodeJS.ProcessEnv;
  /** Port of the emulator; default: a free one. */
  readonly port?: number;
  readonly enforceIam?: boolean;
  readonly note?: (text: string) => void;
  /** Printed where a kept rehearsal is in the way. */
  readonly stopCommand: string;
}

export interface World {
  readonly dir: string;
  /** Where Terraform, Pulumi and the commands find AWS: every call is written down. */
  readonly endpoint: string;
  /** The emulator itself: for the traffic, and for a person who goes on by hand. */
  readonly emulatorEndpoint: string;
  /** Whole environment of the tools. */
  readonly env: NodeJS.ProcessEnv;
  /** The same for a person: past the proxy, which ends with the rehearsal. */
  readonly envByHand: NodeJS.ProcessEnv;
  readonly proxy: RecordingProxy;
  readonly polly: Polly;
  /** Resolves when the local Polly has said every sentence of the traffic once; later it answers from memory. */
  readonly warm: Promise<void>;
  startTraffic(
    options: Pick<TrafficOptions, "tableName" | "bucketName" | "firstStage"> & Partial<TrafficOptions>,
  ): Traffic;
  /** Has a process of somebody else (the leader of its group) ended too if this one is killed. */
  track(name: string, pid: number): Promise<void>;
  /** Leaves emulator and Polly running when this process ends. */
  keep(): Promise<void>;
  /** Ends everything, whatever of it still runs. */
  stop(): Promise<void>;
}

type Stop = () => Promise<unknown>;

/** Ends in the reverse order of the start; a failure does not keep the rest running. */
const endAll = async (stops: Stop[]): Promise<void> => {
  for (let stop = stops.pop(); stop; stop = stops.pop()) await stop().catch(() => undefined);
};

const environments = (options: WorldOptions, home: string, cliConfig: string) => {
  const shared = { region: options.region, home, extra: { ...options.extra, TF_CLI_CONFIG_FILE: cliConfig } };
  return (endpoint: string): NodeJS.ProcessEnv => isolatedEnvironment(options.userEnv, { endpoint, ...shared });
};

/** Emulated AWS, Polly and proxy, all on 127.0.0.1. Whatever fails, nothing is left running. */
export const startWorld = async (options: WorldOptions): Promise<World> => {
  const { dir, region, accountId } = options;
  const stops: Stop[] = [];
  await mkdir(dir, { recursive: true });
  const runFile = await takeRunFile(dir, { note: options.note ?? (() => undefined), stopCommand: options.stopCommand });
  stops.push(runFile.release);
  try {
    const [home, cliConfig] = [join(dir, "home"), join(dir, "terraformrc")];
    await prepareHome(home);
    await writeCliConfig(cliConfig, options.mirror);
    const environment = environments(options, home, cliConfig);
    // Polly asks the emulator who may speak, and the emulator tells functions where Polly is: so the port comes first.
    const port = await choosePort(options.port);
    const emulatorEndpoint = `http://127.0.0.1:${port}`;
    const envByHand = environment(emulatorEndpoint);
    const iamEndpoint = options.enforceIam === false ? undefined : emulatorEndpoint;
    const polly = await startPolly({ dir, env: envByHand, region, iamEndpoint });
    stops.push(polly.stop);
    await runFile.track("polly", polly.pid);
    const { python, enforceIam } = options;
    const pollyEndpoint = polly.endpoint;
    const emulator = await startEmulator({
      python,
      dir,
      env: envByHand,
      accountId,
      region,
      pollyEndpoint,
      enforceIam,
      port,
    });
    stops.push(emulator.stop);
    await runFile.track("emulated AWS", emulator.pid);
    const proxy = await startProxy({ target: emulatorEndpoint, logFile: join(dir, "calls.jsonl") });
    stops.push(proxy.stop);
    const parts: Parts = { options, stops, polly, emulator, proxy, envByHand, env: environment(proxy.endpoint) };
    return assemble(parts, runFile);
  } catch (error) {
    await endAll(stops);
    throw error;
  }
};

interface Parts {
  readonly options: WorldOptions;
  readonly stops: Stop[];
  readonly polly: Polly;
  readonly emulator: Emulator;
  readonly proxy: RecordingProxy;
  readonly env: NodeJS.ProcessEnv;
  readonly envByHand: NodeJS.ProcessEnv;
}

const assemble = (parts: Parts, runFile: Awaited<ReturnType<typeof takeRunFile>>): World => {
  const { options, stops, polly, emulator, proxy, env, envByHand } = parts;
  const { region } = options;
  // A failure shows in the traffic, which asks for the same sentences.
  const warm = polly.expected(SENTENCES.join(" ")).then(
    () => undefined,
    () => undefined,
  );
  return {
    dir: options.dir,
    endpoint: proxy.endpoint,
    emulatorEndpoint: emulator.endpoint,
    env,
    envByHand,
    proxy,
    polly,
    warm,
    startTraffic: (traffic) => {
      const running = startTraffic({
        env: envByHand,
        endpoint: emulator.endpoint,
        pollyEndpoint: polly.endpoint,
        region,
        ...traffic,
      });
      stops.push(running.abandon);
      return running;
    },
    track: runFile.track,
    keep: async () => {
      await runFile.keep();
      for (const { pid } of [emulator, polly]) release(pid);
    },
    stop: () => endAll(stops),
  };
};
