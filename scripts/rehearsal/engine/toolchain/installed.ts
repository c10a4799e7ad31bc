import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram } from "../../../lib/context";
import { run } from "../../../lib/processes";
import { isAtLeast, PULUMI_CLI_OLDEST } from "../versions";

/** A Pulumi CLI with a Node.js language host. */
export interface Cli {
  readonly pulumi: string;
  /** Folder of `pulumi-language-nodejs`. */
  readonly languageFolder: string;
  readonly version: string;
  /** Whether the language host runs policy packs; the one that can be built is too old for that. */
  readonly runsPolicyPacks: boolean;
}

/** The release brings this script with its language host; the Go modules have neither. */
const bringsPolicyPacks = (folder: string): boolean => existsSync(join(folder, "pulumi-analyzer-policy"));

export const cliIn = (folder: string, languageFolder: string, version: string): Cli => ({
  pulumi: join(folder, "pulumi"),
  languageFolder,
  version,
  runsPolicyPacks: bringsPolicyPacks(languageFolder),
});

/** The user's own CLI, where it is new enough and complete. */
export const findInstalled = async (env: NodeJS.ProcessEnv): Promise<Cli | undefined> => {
  const pulumi = findProgram("pulumi", env);
  const language = findProgram("pulumi-language-nodejs", env);
  if (!pulumi || !language) return undefined;
  const result = await run(pulumi, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 30_000,
  }).catch(() => undefined);
  const version = result?.stdout.trim().replace(/^v/, "") ?? "";
  return isAtLeast(version, PULUMI_CLI_OLDEST) ? cliIn(dirname(pulumi), dirname(language), version) : undefined;
};
