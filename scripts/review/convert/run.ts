import { cp, mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { findProgram } from "../../lib/context";
import { messageOf, UserError } from "../../lib/errors";
import { run } from "../../lib/processes";
import type { SourceFile } from "../sources/types";

export const INSTALL_CONVERTER = "pulumi plugin install converter terraform 1.3.0";

export interface Converter {
  readonly pulumi: string;
  readonly env: NodeJS.ProcessEnv;
}

const childEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...env, PULUMI_SKIP_UPDATE_CHECK: "true" });

const isInstalled = async ({ pulumi, env }: Converter): Promise<boolean> => {
  if (findProgram("pulumi-converter-terraform", env)) return true;
  const { stdout } = await run(pulumi, ["plugin", "ls", "--json"], { env: childEnv(env), timeout: 60_000 });
  const plugins = JSON.parse(stdout) as readonly { readonly name: string; readonly kind: string }[];
  return plugins.some(({ name, kind }) => name === "terraform" && kind === "converter");
};

/** @throws UserError with how to get it */
export const requireConverter = async (converter: Converter): Promise<void> => {
  if (await isInstalled(converter)) return;
  throw new UserError("Pulumi's Terraform converter is not installed", { fix: INSTALL_CONVERTER });
};

const EXTENSIONS = { typescript: ".ts", pcl: ".pp" } as const;
export type Target = keyof typeof EXTENSIONS;

const readProgram = async (folder: string, extension: string): Promise<SourceFile[]> => {
  const names = await readdir(folder, { recursive: true });
  const wanted = names.filter((name) => name.endsWith(extension) && !name.split(sep).includes("node_modules"));
  return Promise.all(
    wanted.sort().map(async (name) => ({
      path: relative(folder, join(folder, name)).split(sep).join("/"),
      text: await readFile(join(folder, name), "utf8"),
    })),
  );
};

export interface Conversion {
  readonly files: readonly SourceFile[];
  /** What the converter said about the configuration, a line each. */
  readonly warnings: readonly string[];
}

/** Warnings, with places in the copy named as those in the configuration itself. */
const noteworthy = (text: string, source: string): string[] =>
  text
    .replaceAll(`${source}/`, "legacy-terraform/")
    .split("\n")
    .filter((line) => /^\s*(warning|error)/i.test(line));

/** An old language host knows the programs of its time; PCL is made without one. */
const failure = (error: unknown, target: Target): UserError => {
  const message = `the converter failed: ${messageOf(error)}`;
  const fix =
    target === "pcl" ? `try another version: ${INSTALL_CONVERTER}` : "use a newer Pulumi CLI, or --language pcl";
  return new UserError(message, { fix, cause: error });
};

/**
 * Runs the converter on a copy of the configuration in a folder of its own, and removes both.
 * @param hcl folder of the root module
 */
export const convertConfiguration = async (converter: Converter, hcl: string, target: Target): Promise<Conversion> => {
  const folder = await mkdtemp(join(tmpdir(), "convert-"));
  const [source, out] = [join(folder, "source"), join(folder, "out")];
  try {
    await cp(hcl, source, { recursive: true, filter: (path) => !/[\\/](\.terraform|tests)$|tfstate/.test(path) });
    await mkdir(out);
    const args = ["convert", "--from", "terraform", "--language", target, "--out", out, "--generate-only"];
    const options = { cwd: source, env: childEnv(converter.env), timeout: 600_000 };
    const { stdout, stderr } = await run(converter.pulumi, args, options).catch((error: unknown) => {
      throw failure(error, target);
    });
    return { files: await readProgram(out, EXTENSIONS[target]), warnings: noteworthy(`${stdout}\n${stderr}`, source) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
