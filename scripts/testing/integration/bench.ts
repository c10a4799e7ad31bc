import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { buildHandler } from "../../../handler/build";
import { type RunResult, run } from "../../lib/processes";
import { createProgress } from "../../lib/progress";
import { type PreparedEngine, policyPackArgs, prepareEngine, startPlugins } from "../../rehearsal/engine";
import { copyWorkspace } from "../../rehearsal/workspace";
import { prepareWorld, startWorld, type World } from "../../rehearsal/world";
import { ROOT } from "../parity/sides";

export const REGION = "us-east-1";
const ACCOUNT = "111111111111";

/** An ephemeral stack of the pipeline in an emulated AWS of its own, driven by the Automation API. */
export interface Bench {
  readonly world: World;
  readonly stack: Stack;
  /** Beginning of every physical name. */
  readonly name: string;
  /** The copy of the program. */
  readonly program: string;
  /** Runs the same `pulumi` by hand, in the program's folder and on this stack. */
  pulumi(args: readonly string[], accept?: readonly number[]): Promise<RunResult>;
  /** Arguments that make the engine enforce the project's policy pack. */
  readonly policyPack: readonly string[];
  stop(): Promise<void>;
}

/** The Automation API hands this process's environment on, so the process itself must live in the isolated one. */
const liveIn = (env: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
};

/** The settings of dev, except that this stack owns everything and is named for itself. */
const stackConfig = async (program: string, name: string): Promise<Record<string, never>> => {
  const { config } = parse(await readFile(join(program, "Pulumi.dev.yaml"), "utf8")) as { config: object };
  const { "text-to-speech:terraformState": _, ...rest } = config as Record<string, unknown>;
  const own = { "text-to-speech:name": name, "text-to-speech:owns": ["delivery", "speech", "storage"] };
  return { ...rest, ...own } as never;
};

interface Prepared {
  readonly engine: PreparedEngine;
  readonly world: World;
  readonly folder: string;
  readonly awsProviderBinary: string;
}

const begin = async (folder: string): Promise<Prepared> => {
  const progress = createProgress({ quiet: true });
  const userEnv = { ...process.env };
  const found = await prepareWorld({ dir: join(ROOT, ".rehearsal"), env: userEnv, progress });
  const engine = await prepareEngine({ progress, env: userEnv });
  const state = join(folder, "state");
  await mkdir(state, { recursive: true });
  const extra = { PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE: "test" };
  const world = await startWorld({
    ...found,
    dir: join(folder, "world"),
    userEnv,
    accountId: ACCOUNT,
    region: REGION,
    extra,
    stopCommand: "",
  });
  return { engine, world, folder, awsProviderBinary: found.mirror.program };
};

const makeWorkspace = async (folder: string): Promise<string> => {
  await buildHandler({ outDir: join(ROOT, "handler", "dist") });
  const workspace = join(folder, "workspace");
  await copyWorkspace(ROOT, workspace);
  await cp(join(ROOT, "tsconfig.json"), join(workspace, "tsconfig.json"));
  return join(workspace, "pulumi");
};

const assemble = async ({ engine, world, folder, awsProviderBinary }: Prepared): Promise<Bench> => {
  const program = await makeWorkspace(folder);
  const workDir = join(folder, "engine");
  const plugins = await startPlugins(engine, { env: world.env, workDir, awsProviderBinary, programFolders: [program] });
  const env = { ...world.env, ...plugins.env };
  liveIn(env);
  const name = `test-${Math.random().toString(36).slice(2, 8)}`;
  const stackSettings = { [name]: { config: await stackConfig(program, name) } };
  const stack = await LocalWorkspace.createStack({ stackName: name, workDir: program }, { stackSettings });
  const pulumi: Bench["pulumi"] = (args, accept = [0]) => {
    const common = ["--cwd", program, "--stack", name, "--non-interactive", "--color", "never"];
    return run(engine.cli.pulumi, [...args, ...common], { env, accept, timeout: 300_000 });
  };
  const policyPack = await policyPackArgs(engine, join(program, "policy"), workDir);
  const stop = async (): Promise<void> => {
    await plugins.stop();
    await world.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { world, stack, name, program, pulumi, policyPack, stop };
};

/** Starts everything; below the checkout, so that the program finds its packages. Nothing is deployed yet. */
export const startBench = async (): Promise<Bench> => {
  await mkdir(join(ROOT, ".rehearsal"), { recursive: true });
  const prepared = await begin(await mkdtemp(join(ROOT, ".rehearsal", "integration-")));
  try {
    return await assemble(prepared);
  } catch (error) {
    await prepared.world.stop();
    await rm(prepared.folder, { recursive: true, force: true });
    throw error;
  }
};
