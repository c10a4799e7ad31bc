import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Context, createContext } from "../lib/context";
import type { Progress } from "../lib/progress";
import { readSettings } from "../lib/settings";
import { type RunningPlugins, startPlugins } from "./engine";
import { createStateBucket } from "./original";
import type { SetUp } from "./set-up";
import { startWorld, type World } from "./world";

export const STOP_COMMAND = "npm start -- --stop";

export interface StageOptions {
  /** `.rehearsal` of the checkout. */
  readonly dir: string;
  /** Copy of both sides' sources, below `dir`. */
  readonly workspace: string;
  readonly environment: string;
  readonly userEnv: NodeJS.ProcessEnv;
  readonly ready: SetUp;
  readonly progress: Progress;
  /** Of the emulated AWS; default: a free one. */
  readonly port?: number;
}

/** Everything that runs while the migration is rehearsed. */
export interface Stage {
  readonly world: World;
  readonly plugins: RunningPlugins;
  /** For the migration commands: the production code, with nothing but its environment changed. */
  readonly context: Context;
  readonly stateBucket: string;
  stop(): Promise<void>;
}

/** Pulumi's own state lies in a folder of the rehearsal; the passphrase guards nothing and is no secret. */
const pulumiSettings = (dir: string): NodeJS.ProcessEnv => ({
  PULUMI_BACKEND_URL: `file://${join(dir, "pulumi-state")}`,
  // No word that occurs elsewhere: it is masked in every message, also in the path of this folder.
  PULUMI_CONFIG_PASSPHRASE: "opens-no-real-stack",
});

const emptyPulumiBackend = async (dir: string): Promise<void> => {
  await rm(join(dir, "pulumi-state"), { recursive: true, force: true });
  await mkdir(join(dir, "pulumi-state"), { recursive: true, mode: 0o700 });
};

const beginWorld = async (options: StageOptions): Promise<World> => {
  const { dir, workspace, environment, ready, userEnv, progress, port } = options;
  const { account, region } = await readSettings({ workspace, environment });
  const { python, mirror } = ready;
  const extra = pulumiSettings(dir);
  const about = { dir, accountId: account, region, userEnv, python, mirror, extra, port };
  return startWorld({ ...about, note: progress.note, stopCommand: STOP_COMMAND });
};

/** @param env the tools' environment, of which the plugins keep the AWS endpoint. */
export const beginPlugins = (
  { dir, workspace, ready }: StageOptions,
  env: NodeJS.ProcessEnv,
  keep = false,
): Promise<RunningPlugins> =>
  startPlugins(ready.engine, {
    env,
    workDir: join(dir, "engine"),
    awsProviderBinary: ready.mirror.program,
    programFolders: [join(workspace, "pulumi")],
    keep,
  });

const assemble = async (options: StageOptions, world: World, plugins: RunningPlugins): Promise<Stage> => {
  const { workspace, environment, ready, progress } = options;
  for (const pid of plugins.pids) await world.track("Pulumi plugins", pid);
  const env = { ...world.env, ...plugins.env };
  const programs = { terraform: ready.terraform, pulumi: ready.engine.cli.pulumi };
  const context = createContext({ workspace, environment, env, progress, ...programs });
  const stateBucket = await createStateBucket(context, world.emulatorEndpoint);
  const stop = async (): Promise<void> => {
    await plugins.stop();
    await world.stop();
  };
  return { world, plugins, context, stateBucket, stop };
};

/** Starts the emulated AWS, the local Polly and the plugins. Whatever fails, nothing is left running. */
export const beginStage = async (options: StageOptions): Promise<Stage> => {
  await emptyPulumiBackend(options.dir);
  const world = await beginWorld(options);
  try {
    const plugins = await beginPlugins(options, world.env);
    try {
      return await assemble(options, world, plugins);
    } catch (error) {
      await plugins.stop();
      throw error;
    }
  } catch (error) {
    await world.stop();
    throw error;
  }
};
