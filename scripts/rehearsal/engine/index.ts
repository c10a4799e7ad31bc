import { existsSync } from "node:fs";
import { lstat, mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findProgram } from "../../lib/context";
import type { Progress } from "../../lib/progress";
import { startPluginsServer } from "./plugins-client";
import { wrapPolicyPack, writePolicyRunner } from "./policy-pack";
import { cacheRoot } from "./toolchain/cache";
import type { Cli } from "./toolchain/installed";
import { hasPlugin, installOfficial, type PluginName, userPulumiHome } from "./toolchain/official-plugins";
import { buildBridge, findCli, type Source, type ToolchainOptions } from "./toolchain/toolchain";
import { AWS_PLUGIN, AWS_TERRAFORM_PROVIDER, BRIDGE, LANGUAGE_NODEJS, TERRAFORM_PLUGIN } from "./versions";

export { findAwsProvider } from "./aws-provider";

export interface PrepareOptions {
  readonly progress: Progress;
  /** The user's own environment: PATH, home, and what Go needs. */
  readonly env: NodeJS.ProcessEnv;
  /** `official` installs Pulumi's plugins when they are missing; `bridged` never uses them. */
  readonly plugin?: "auto" | "official" | "bridged";
  readonly source?: Source | "auto";
}

/** All programs of the engine, found, built or downloaded. Nothing runs. */
export interface PreparedEngine {
  readonly cli: Cli;
  /** The program that bridges Terraform's AWS provider; absent where the official plugin is used. */
  readonly bridge?: string;
  /** A Pulumi home whose `plugins` folder holds the official plugins that are used. */
  readonly pluginHome?: string;
  readonly official: Readonly<Record<PluginName, boolean>>;
  readonly versions: EngineVersions;
}

/** What is needed to run plugins. */
export type Programs = Omit<PreparedEngine, "versions">;

/** For the report: what ran, and where it came from. */
export interface EngineVersions {
  readonly pulumi: string;
  readonly pulumiFrom: Source;
  /** Of the Node.js language host; absent where it came with the CLI. */
  readonly languageHost?: string;
  /** Of `pulumi-resource-aws`, or what stands in for it. */
  readonly pulumiAws: string;
  readonly awsPlugin: "official" | "bridged";
  /** Of Pulumi's Terraform bridge; absent with the official plugin. */
  readonly bridge?: string;
  readonly awsProvider: string;
  /** Of `pulumi-resource-terraform`, or what stands in for it. */
  readonly pulumiTerraform: string;
  readonly terraformPlugin: "official" | "local";
}

const versionsOf = (cli: Cli, source: Source, official: PreparedEngine["official"]): EngineVersions => ({
  pulumi: cli.version,
  pulumiFrom: source,
  ...(source === "built" ? { languageHost: LANGUAGE_NODEJS } : {}),
  pulumiAws: AWS_PLUGIN,
  awsPlugin: official.aws ? "official" : "bridged",
  ...(official.aws ? {} : { bridge: BRIDGE }),
  awsProvider: AWS_TERRAFORM_PROVIDER,
  pulumiTerraform: TERRAFORM_PLUGIN,
  terraformPlugin: official.terraform ? "official" : "local",
});

/**
 * Which home's plugins are used: the user's where the plugin lies there, else the cache's. That one is filled when the
 * official plugin is asked for, and when there is no Go with which a stand-in could be built.
 */
const choosePluginHome = async (options: PrepareOptions, cli: Cli, cache: string): Promise<string | undefined> => {
  if (options.plugin === "bridged") return undefined;
  const homes = [userPulumiHome(options.env), join(cache, "pulumi-home")];
  const found = homes.find((home) => hasPlugin(home, "aws"));
  const wanted = options.plugin === "official" || findProgram("go", options.env) === undefined;
  if (found || !wanted) return found;
  const home = join(cache, "pulumi-home");
  await options.progress.step("Pulumi's official plugins", (update) =>
    installOfficial(cli.pulumi, home, options.env, update),
  );
  return home;
};

/**
 * Makes ready everything that the engine is made of; minutes the first time, seconds afterwards.
 * @throws UserError saying what is missing and what to do.
 */
export const prepareEngine = async (options: PrepareOptions): Promise<PreparedEngine> => {
  const cache = cacheRoot(options.env);
  const toolchain: ToolchainOptions = { ...options, cacheRoot: cache };
  const { cli, source } = await findCli(toolchain);
  const pluginHome = await choosePluginHome(options, cli, cache);
  const has = (name: PluginName): boolean => pluginHome !== undefined && hasPlugin(pluginHome, name);
  const official = { aws: has("aws"), terraform: has("terraform") };
  const bridge = official.aws ? undefined : await buildBridge(toolchain);
  return {
    cli,
    official,
    versions: versionsOf(cli, source, official),
    ...(bridge ? { bridge } : {}),
    ...(pluginHome ? { pluginHome } : {}),
  };
};

export interface StartOptions {
  /** The whole environment of the plugins; with AWS_ENDPOINT_URL in it, they talk to nothing else. */
  readonly env: NodeJS.ProcessEnv;
  /** A folder of the rehearsal's own, e.g. `.rehearsal/engine`: Pulumi's home, copies of code archives. */
  readonly workDir: string;
  /** From `findAwsProvider`; not needed where the official plugin is used. */
  readonly awsProviderBinary?: string;
  /** Where relative paths in Pulumi programs start: the folder of each program, e.g. `<workspace>/pulumi`. */
  readonly programFolders: readonly string[];
  /** Leave the plugins running when this process ends. */
  readonly keep?: boolean;
}

export interface RunningPlugins {
  /** To be laid over the environment of everything that calls Pulumi. */
  readonly env: NodeJS.ProcessEnv;
  /** Leaders of process groups; empty where official plugins do all the work. */
  readonly pids: readonly number[];
  /** Resolves when a plugin has ended, which is not meant to happen before `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** A home of its own, whose plugins are those of another where official ones are used. */
const makeHome = async (workDir: string, pluginHome: string | undefined): Promise<string> => {
  const home = join(workDir, "pulumi-home");
  await mkdir(home, { recursive: true, mode: 0o700 });
  const plugins = join(home, "plugins");
  const linked = await lstat(plugins).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (linked) await rm(plugins);
  if (pluginHome && !existsSync(plugins)) await symlink(join(pluginHome, "plugins"), plugins);
  return home;
};

const engineEnv = (prepared: Programs, options: StartOptions, home: string, bin: string): NodeJS.ProcessEnv => {
  const first = [dirname(prepared.cli.pulumi), prepared.cli.languageFolder, bin];
  // The language host runs the program with the `node` on PATH; it is to be the one that runs this.
  const folders = [...first, ...(findProgram("node", options.env) ? [] : [dirname(process.execPath)])];
  return {
    PATH: [...new Set(folders), options.env.PATH].filter(Boolean).join(":"),
    PULUMI_HOME: home,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
};

/** Starts what stands in for plugins that are not installed, in one process of its own, and says how to reach it. */
export const startPlugins = async (prepared: Programs, options: StartOptions): Promise<RunningPlugins> => {
  const bin = join(options.workDir, "bin");
  const home = await makeHome(options.workDir, prepared.pluginHome);
  await writePolicyRunner(bin);
  const server = await startPluginsServer(prepared, options);
  const { ports } = server;
  const attached = Object.entries(ports).map(([name, port]) => `${name}:${port}`);
  return {
    env: {
      ...engineEnv(prepared, options, home, bin),
      ...(attached.length > 0 ? { PULUMI_DEBUG_PROVIDERS: attached.join(",") } : {}),
    },
    pids: server.pids,
    ended: server.ended,
    stop: server.stop,
  };
};

/**
 * The arguments that make a `pulumi preview` or `up` enforce a policy pack.
 * @param workDir the one given to `startPlugins`.
 */
export const policyPackArgs = async (
  prepared: Pick<PreparedEngine, "cli">,
  packFolder: string,
  workDir: string,
): Promise<string[]> => {
  if (prepared.cli.runsPolicyPacks) return ["--policy-pack", packFolder];
  return ["--policy-pack", await wrapPolicyPack(packFolder, join(workDir, "policy-pack"))];
};
