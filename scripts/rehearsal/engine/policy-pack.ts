import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { messageOf, UserError } from "../../lib/errors";

/** A runtime without a language host: the engine then looks for `pulumi-analyzer-policy-<runtime>` on PATH. */
const RUNTIME = "rehearsal-nodejs";

const SCRIPT_NAME = `pulumi-analyzer-policy-${RUNTIME}`;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/**
 * What Pulumi's own Node.js language host does with a policy pack: it runs `run-policy-pack` on it, with the engine's
 * address and the folder. The first option becomes the folder of the real pack.
 */
const script = (): string => {
  const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  return [
    "#!/bin/sh",
    "# $1: address of the engine; $2: the wrapper's folder, which only says where the pack is.",
    `pack=$(cat "$2/pack")`,
    `cd "$pack" && exec ${quoted(process.execPath)} ${quoted(runner)} "$1" "$pack"`,
    "",
  ].join("\n");
};

const readPack = async (packFolder: string): Promise<Record<string, unknown>> => {
  const path = join(packFolder, "PulumiPolicy.yaml");
  try {
    return parse(await readFile(path, "utf8")) as Record<string, unknown>;
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
};

/** Writes the shell line that runs policy packs into `binFolder`, which is to be on the engine's PATH. */
export const writePolicyRunner = async (binFolder: string): Promise<void> => {
  await mkdir(binFolder, { recursive: true });
  const path = join(binFolder, SCRIPT_NAME);
  await writeFile(path, script());
  await chmod(path, 0o755);
};

/**
 * A folder that the engine takes for a policy pack and that runs the real one, which stays as it is.
 * @param wrapperFolder is made, under `.rehearsal`.
 */
export const wrapPolicyPack = async (packFolder: string, wrapperFolder: string): Promise<string> => {
  const { description, version } = await readPack(packFolder);
  await mkdir(wrapperFolder, { recursive: true });
  await writeFile(join(wrapperFolder, "PulumiPolicy.yaml"), stringify({ description, version, runtime: RUNTIME }));
  await writeFile(join(wrapperFolder, "pack"), packFolder);
  return wrapperFolder;
};
