import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { messageOf, UserError } from "../../../lib/errors";
import { run } from "../../../lib/processes";
import { AWS_PLUGIN, TERRAFORM_PLUGIN } from "../versions";

/** The two plugins of the program, as Pulumi publishes them. */
export const OFFICIAL = { aws: AWS_PLUGIN, terraform: TERRAFORM_PLUGIN } as const;
export type PluginName = keyof typeof OFFICIAL;

/** Pulumi's home of the user, whose `plugins` folder is looked at and never written to. */
export const userPulumiHome = (env: NodeJS.ProcessEnv): string =>
  env.PULUMI_HOME || join(env.HOME || homedir(), ".pulumi");

/** Whether a home holds a plugin in exactly the version that the program is written against, whole. */
export const hasPlugin = (home: string, name: PluginName): boolean => {
  const folder = join(home, "plugins", `resource-${name}-v${OFFICIAL[name]}`);
  return existsSync(join(folder, `pulumi-resource-${name}`)) && !existsSync(`${folder}.partial`);
};

const ANSWER_MS = 5_000;
const INSTALL_MS = 10 * 60_000;

const FIX =
  "connect to the network; or install Go (https://go.dev/dl) and leave out `--plugin official`: a stand-in is then built";

/** Pulumi itself would try for minutes. */
const assertReachable = async (url: string): Promise<void> => {
  try {
    await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? ` (${messageOf(error.cause)})` : "";
    throw new UserError(
      `the official AWS plugin cannot be downloaded: ${url} does not answer: ${messageOf(error)}${cause}`,
      {
        fix: FIX,
        cause: error,
      },
    );
  }
};

/**
 * Installs the plugins that are missing in `home` with Pulumi's own command, which checks them.
 * @throws UserError within seconds when Pulumi's server cannot be reached.
 */
export const installOfficial = async (
  pulumi: string,
  home: string,
  env: NodeJS.ProcessEnv,
  update: (detail: string) => void,
  server = "https://get.pulumi.com",
): Promise<void> => {
  const missing = (Object.keys(OFFICIAL) as PluginName[]).filter((name) => !hasPlugin(home, name));
  if (missing.length > 0) await assertReachable(server);
  for (const name of missing) {
    update(`${name} ${OFFICIAL[name]}`);
    await run(pulumi, ["plugin", "install", "resource", name, OFFICIAL[name]], {
      env: { ...env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" },
      timeout: INSTALL_MS,
    });
  }
};
