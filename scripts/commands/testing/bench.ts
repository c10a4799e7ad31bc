import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { s3Client } from "../../lib/aws";
import { type Context, createContext } from "../../lib/context";
import { paths } from "../../lib/paths";
import { type RunResult, run } from "../../lib/processes";
import { createProgress } from "../../lib/progress";
import { readSettings } from "../../lib/settings";
import { withEngine } from "../../rehearsal/engine/engine-bench";
import { cacheRoot } from "../../rehearsal/engine/toolchain/cache";
import { applyOriginal, createStack, createStateBucket } from "../../rehearsal/original";
import type { RecordingProxy } from "../../rehearsal/proxy";
import { ensureProvider, needTerraform, writeCliConfig } from "../../rehearsal/terraform-cli";
import { copyWorkspace } from "../../rehearsal/workspace";
import type { StatePlaces } from "./saved";

const ROOT = join(__dirname, "..", "..", "..");
const CLI = join(ROOT, "scripts", "cli.ts");
const EVERY_CODE = Array.from({ length: 256 }, (_, code) => code);

/** The pipeline applied by Terraform in an emulated AWS, and an empty Pulumi stack: where a migration begins. */
export interface MigrationBench {
  readonly context: Context;
  readonly places: StatePlaces;
  /** Of the emulator itself; the tools go through `proxy`. */
  readonly endpoint: string;
  readonly proxy: RecordingProxy;
  /** The command line as an operator runs it, in a process of its own; never throws. */
  cli(args: readonly string[], extra?: NodeJS.ProcessEnv): Promise<RunResult>;
  /**
   * Starts the command line and calls back when one of its tools has begun to run, to kill or interrupt it then. Returns
   * its exit code; null when a signal ended it.
   */
  killDuring(
    args: readonly string[],
    tool: string,
    kill: (cli: number, tool: number) => Promise<void>,
  ): Promise<number | null>;
}

const command = (context: Context, [name = "", ...rest]: readonly string[]): string[] => [
  "--import",
  "tsx",
  CLI,
  name,
  "--environment",
  context.environment,
  "--workspace",
  context.workspace,
  "--terraform",
  context.terraform,
  "--pulumi",
  context.pulumi,
  ...rest,
];

const traceOf = async (context: Context, tool: string): Promise<string | undefined> => {
  const { children } = paths(context);
  const traces = await readdir(children).catch(() => []);
  return traces.find((name) => name.startsWith(`${tool}-`));
};

const killDuring =
  (context: Context): MigrationBench["killDuring"] =>
  async (args, tool, kill) => {
    const child = spawn(process.execPath, command(context, args), { cwd: ROOT, env: context.env, stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    let over = false;
    void ended.then(() => {
      over = true;
    });
    const { children } = paths(context);
    for (let trace: string | undefined; !trace && !over; await new Promise((resolve) => setTimeout(resolve, 5))) {
      trace = await traceOf(context, tool);
      if (!trace) continue;
      const pid = Number(await readFile(join(children, trace), "utf8").catch(() => "0"));
      await kill(child.pid ?? 0, pid);
    }
    return ended;
  };

/** Applies the original once and hands it to `work`; ends everything whatever happens. */
export const withMigration = (work: (bench: MigrationBench) => Promise<void>): Promise<void> =>
  withEngine(["workspace/pulumi"], async ({ folder, env, endpoint, proxy, prepared }) => {
    const progress = createProgress({ quiet: true });
    const terraform = needTerraform(process.env);
    const cliConfig = join(folder, "terraformrc");
    const mirror = await ensureProvider({
      env: process.env,
      cache: cacheRoot(process.env),
      terraform,
      onLine: () => undefined,
    });
    await writeCliConfig(cliConfig, mirror);
    const workspace = join(folder, "workspace");
    await copyWorkspace(ROOT, workspace);
    const context = createContext({
      workspace,
      environment: "dev",
      env: { ...env, TF_CLI_CONFIG_FILE: cliConfig },
      progress,
      terraform,
      pulumi: prepared.cli.pulumi,
    });
    await createStateBucket(context, endpoint);
    await applyOriginal(context, () => undefined);
    await createStack(context);
    const { stateObject: state } = await readSettings(context);
    if (!state) throw new Error("the environment keeps its state in S3");
    const s3 = s3Client(context.env, state.region);
    const places = { context, s3, state, pulumiState: join(folder, "state"), folder: join(folder, "saved") };
    const cli: MigrationBench["cli"] = (args, extra = {}) =>
      run(process.execPath, command(context, args), {
        cwd: ROOT,
        env: { ...context.env, ...extra },
        accept: EVERY_CODE,
      });
    try {
      await work({ context, places, endpoint, proxy, cli, killDuring: killDuring(context) });
    } finally {
      s3.destroy();
    }
  });
