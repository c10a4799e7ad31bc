import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunResult, run } from "../../lib/processes";
import { createProgress } from "../../lib/progress";
import { withEmulator } from "../../testing/emulated";
import { isolatedEnvironment, prepareHome } from "../isolation";
import { type RecordingProxy, startProxy } from "../proxy";
import { findAwsProvider, type PreparedEngine, prepareEngine, type RunningPlugins, startPlugins } from "./index";

const ROOT = join(__dirname, "..", "..", "..");
export const ACCOUNT = "111111111111";
const REGION = "us-east-1";

/** The engine with an emulated AWS of its own and a workspace, for tests. */
export interface Bench {
  readonly prepared: PreparedEngine;
  readonly plugins: RunningPlugins;
  /** Below the project, so that programs find its node_modules. */
  readonly folder: string;
  /** Isolated environment with everything Pulumi needs, its states in `<folder>/state`. */
  readonly env: NodeJS.ProcessEnv;
  /** Of the emulator itself; the tools go through `proxy`. */
  readonly endpoint: string;
  /** Sees every call of the tools, and can make some of them fail. */
  readonly proxy: RecordingProxy;
  /** Runs `pulumi` in a program's folder. */
  pulumi(program: string, args: readonly string[], options?: PulumiOptions): Promise<RunResult>;
}

export interface PulumiOptions {
  readonly accept?: readonly number[];
  readonly env?: NodeJS.ProcessEnv;
}

const settings = (folder: string): NodeJS.ProcessEnv => ({
  PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
  PULUMI_CONFIG_PASSPHRASE: "",
});

/** Makes a workspace with programs in folders of these names, runs the engine for them, and takes it all away again. */
export const withEngine = async (programs: readonly string[], work: (bench: Bench) => Promise<void>): Promise<void> => {
  const prepared = await prepareEngine({ progress: createProgress({ quiet: true }), env: process.env });
  await mkdir(join(ROOT, ".rehearsal"), { recursive: true });
  const folder = await mkdtemp(join(ROOT, ".rehearsal", "engine-test-"));
  try {
    await withEmulator({ enforceIam: false }, async ({ emulator }) => {
      const { endpoint } = emulator;
      const home = join(folder, "home");
      await prepareHome(home);
      await mkdir(join(folder, "state"));
      const proxy = await startProxy({ target: endpoint, logFile: join(folder, "calls.jsonl") });
      const base = isolatedEnvironment(process.env, {
        endpoint: proxy.endpoint,
        region: REGION,
        home,
        extra: settings(folder),
      });
      const plugins = await startPlugins(prepared, {
        env: base,
        workDir: join(folder, "engine"),
        awsProviderBinary: findAwsProvider([], process.env),
        programFolders: programs.map((name) => join(folder, name)),
      }).catch(async (error: unknown) => {
        // It listens, and would keep a test that has failed from ending.
        await proxy.stop();
        throw error;
      });
      const env = { ...base, ...plugins.env };
      const pulumi: Bench["pulumi"] = (program, args, options = {}) =>
        run(prepared.cli.pulumi, [...args, "--cwd", join(folder, program), "--non-interactive", "--color", "never"], {
          env: { ...env, ...options.env },
          timeout: 300_000,
          ...(options.accept ? { accept: options.accept } : {}),
        });
      try {
        await work({ prepared, plugins, folder, env, endpoint, proxy, pulumi });
      } finally {
        await plugins.stop();
        await proxy.stop();
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A program of one file with a stack `dev`. */
export const writeProgram = async (folder: string, name: string, source: string, config: string): Promise<void> => {
  const program = join(folder, name);
  await mkdir(program, { recursive: true });
  await writeFile(join(program, "Pulumi.yaml"), `name: ${name}\nmain: index.ts\nruntime: nodejs\n`);
  await writeFile(join(program, "package.json"), "{}\n");
  await writeFile(join(program, "index.ts"), source);
  await writeFile(join(program, "Pulumi.dev.yaml"), config);
};
