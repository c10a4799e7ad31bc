import { access, constants } from "node:fs/promises";
import { resolve } from "node:path";
import { readWith } from "../lib/children";
import type { Context } from "../lib/context";
import { messageOf, UserError } from "../lib/errors";

/** Ten minutes: a hook may pause deployments or wait for an alarm to settle. */
const LIMIT = 600_000;

/** Checked before anything is written: a hook that cannot start must not be found out half-way. */
export const requireHook = async (path: string | undefined): Promise<string | undefined> => {
  if (path === undefined) return undefined;
  const file = resolve(path);
  await access(file, constants.X_OK).catch((error: unknown) => {
    throw new UserError(`hook ${file} cannot be run: ${messageOf(error)}`, {
      fix: `chmod +x ${file}, or correct the path`,
    });
  });
  return file;
};

/** Runs a team's own program. It learns what is going on from its environment. @throws UserError when it fails */
export const runHook = async (
  context: Context,
  path: string,
  about: { readonly moment: "before" | "after"; readonly waves: readonly string[] },
): Promise<void> => {
  const env = {
    ...context.env,
    MIGRATION_ENVIRONMENT: context.environment,
    MIGRATION_WAVES: about.waves.join(","),
    MIGRATION_MOMENT: about.moment,
  };
  const options = { env, cwd: context.workspace, timeout: LIMIT, label: `hook ${path}` };
  const { stdout, stderr } = await readWith(path, [], options);
  for (const line of `${stdout}${stderr}`.trim().split("\n").filter(Boolean)) context.progress.note(`  ${line}`);
};
