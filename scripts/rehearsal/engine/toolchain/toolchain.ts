import { link } from "node:fs/promises";
import { basename, join } from "node:path";
import { UserError } from "../../../lib/errors";
import { sha256 } from "../../../lib/files";
import type { Progress } from "../../../lib/progress";
import { PULUMI_CLI, PULUMI_CLI_OLDEST } from "../versions";
import { cached } from "./cache";
import { buildProgram, findGo } from "./go";
import { type Cli, cliIn, findInstalled } from "./installed";
import { BRIDGE_PROGRAM, CLI_PROGRAM, type GoProgram, LANGUAGE_PROGRAM } from "./programs";
import { downloadRelease } from "./release";

/** Where the engine comes from; `auto` takes the first that there is, in this order. */
export const SOURCES = ["installed", "built", "release"] as const;
export type Source = (typeof SOURCES)[number];

export interface ToolchainOptions {
  readonly progress: Progress;
  /** The user's own environment: Go's and the proxy's settings count. */
  readonly env: NodeJS.ProcessEnv;
  readonly cacheRoot: string;
  readonly source?: Source | "auto";
}

const build = (options: ToolchainOptions, go: string, program: GoProgram): Promise<string> =>
  options.progress.step(`${program.title} ${program.version}`, (update) =>
    buildProgram(go, program, options.cacheRoot, options.env, update),
  );

/**
 * One folder with both programs: the CLI looks for its language host beside itself and warns about one elsewhere.
 * Linked and not copied, since all lies in one cache.
 */
const together = (options: ToolchainOptions, programs: readonly string[]): Promise<string> => {
  const key = `engine-${PULUMI_CLI}-${sha256(programs.join("\0")).slice(0, 12)}`;
  return cached(
    options.cacheRoot,
    key,
    () => undefined,
    async (folder) => {
      for (const program of programs) await link(program, join(folder, basename(program)));
    },
  );
};

const buildCli = async (options: ToolchainOptions, go: string): Promise<Cli> => {
  // One after the other: each build uses all processors.
  const language = await build(options, go, LANGUAGE_PROGRAM);
  const pulumi = await build(options, go, CLI_PROGRAM);
  const folder = await together(options, [pulumi, language]);
  return cliIn(folder, folder, PULUMI_CLI);
};

const release = async (options: ToolchainOptions): Promise<Cli> => {
  const folder = await options.progress.step(`Pulumi CLI ${PULUMI_CLI}, the official release`, (update) =>
    downloadRelease(options.cacheRoot, options.env, update),
  );
  return cliIn(folder, folder, PULUMI_CLI);
};

const needGo = (why: string): never => {
  throw new UserError(`${why}, and Go is not installed`, { fix: "install Go: https://go.dev/dl" });
};

/** The installed CLI; else one built from Pulumi's Go modules; else, without Go, the official release. */
export const findCli = async (options: ToolchainOptions): Promise<{ cli: Cli; source: Source }> => {
  const wanted = options.source ?? "auto";
  if (wanted === "auto" || wanted === "installed") {
    const cli = await findInstalled(options.env);
    if (cli) return { cli, source: "installed" };
    if (wanted === "installed")
      throw new UserError(
        `no Pulumi CLI of version ${PULUMI_CLI_OLDEST} or newer is on PATH with its Node.js language host`,
        {
          fix: "install it: https://www.pulumi.com/docs/install",
        },
      );
  }
  const go = wanted === "release" ? undefined : await findGo(options.env);
  if (go) return { cli: await buildCli(options, go), source: "built" };
  if (wanted === "built") needGo("the Pulumi CLI is to be built");
  return { cli: await release(options), source: "release" };
};

export const buildBridge = async (options: ToolchainOptions): Promise<string> => {
  const go = await findGo(options.env);
  return build(options, go ?? needGo("the official AWS plugin is not there, its stand-in is built"), BRIDGE_PROGRAM);
};
