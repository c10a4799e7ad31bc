import { existsSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../lib/context";
import { messageOf, UserError } from "../lib/errors";
import { writeFileAtomic } from "../lib/files";
import { run } from "../lib/processes";
import { mirrorFolders, terraformPlatform } from "./engine/aws-provider";
import { AWS_TERRAFORM_PROVIDER } from "./engine/versions";

/** A folder laid out as Terraform's filesystem mirrors are, with the AWS provider of this platform unpacked in it. */
export interface ProviderMirror {
  readonly folder: string;
  /** The provider's program, which the Pulumi plugin drives as well. */
  readonly program: string;
}

const PROVIDER = join("registry.terraform.io", "hashicorp", "aws", AWS_TERRAFORM_PROVIDER);

/** Packed mirrors (zip files) are passed over: the provider's program is needed as a file. */
const mirrorAt = (folder: string): ProviderMirror | undefined => {
  const unpacked = join(folder, PROVIDER, terraformPlatform());
  if (!existsSync(unpacked)) return undefined;
  const program = readdirSync(unpacked).find((name) => name.startsWith("terraform-provider-aws"));
  return program === undefined ? undefined : { folder, program: join(unpacked, program) };
};

/** The paths of `filesystem_mirror` blocks in the user's own configuration of Terraform. */
export const mirrorsInConfig = (text: string): string[] => {
  const withoutComments = text.replaceAll(/^\s*(#|\/\/).*$/gm, "");
  const blocks = withoutComments.matchAll(/filesystem_mirror\s*\{([^}]*)\}/g);
  return [...blocks].flatMap(([, body = ""]) => /(?:^|\s)path\s*=\s*"([^"]+)"/.exec(body)?.[1] ?? []);
};

const userConfig = async (env: NodeJS.ProcessEnv): Promise<string> => {
  const file = env.TF_CLI_CONFIG_FILE || join(env.HOME || homedir(), ".terraformrc");
  return readFile(file, "utf8").catch(() => "");
};

const dataFolders = (env: NodeJS.ProcessEnv): string[] =>
  [env.XDG_DATA_HOME || join(env.HOME || homedir(), ".local", "share"), ...(env.XDG_DATA_DIRS ?? "").split(":")]
    .filter(Boolean)
    .map((folder) => join(folder, "terraform", "plugins"));

/** Where the provider may lie already: what the user set, and where Terraform looks by itself. */
export const placesOfMirrors = async (env: NodeJS.ProcessEnv): Promise<string[]> => [
  ...(env.TF_PROVIDER_MIRROR ? [env.TF_PROVIDER_MIRROR] : []),
  ...mirrorsInConfig(await userConfig(env)),
  ...dataFolders(env),
  ...mirrorFolders(env),
];

export const findMirror = (folders: readonly string[]): ProviderMirror | undefined =>
  folders.map(mirrorAt).find((mirror) => mirror !== undefined);

const ONLY_PROVIDER = `terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "${AWS_TERRAFORM_PROVIDER}"
    }
  }
}
`;

/** Lets Terraform fetch the provider into a cache, whose layout is that of an unpacked mirror. */
const fetchProvider = async (
  terraform: string,
  env: NodeJS.ProcessEnv,
  folder: string,
  onLine?: (line: string) => void,
) => {
  await mkdir(folder, { recursive: true });
  const configuration = await mkdtemp(join(tmpdir(), "terraform-provider-"));
  try {
    await writeFile(join(configuration, "main.tf"), ONLY_PROVIDER);
    const settings = {
      TF_PLUGIN_CACHE_DIR: folder,
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
      // A registry out of reach is reported within seconds.
      TF_REGISTRY_DISCOVERY_RETRY: "1",
      TF_REGISTRY_CLIENT_TIMEOUT: "10",
    };
    const args = ["init", "-backend=false", "-input=false", "-no-color"];
    await run(terraform, args, { cwd: configuration, env: { ...env, ...settings }, timeout: 600_000, onLine });
  } catch (error) {
    throw new UserError(
      `The Terraform AWS provider ${AWS_TERRAFORM_PROVIDER} could not be fetched: ${messageOf(error)}`,
      {
        fix: "Check the network, or set TF_PROVIDER_MIRROR to a folder that holds registry.terraform.io/hashicorp/aws/….",
        cause: error,
      },
    );
  } finally {
    await rm(configuration, { recursive: true, force: true });
  }
};

export interface ProviderOptions {
  /** The user's environment. */
  readonly env: NodeJS.ProcessEnv;
  /** Per-user cache folder. */
  readonly cache: string;
  /** Path of the Terraform program. */
  readonly terraform: string;
  readonly onLine?: (line: string) => void;
  /** Default: `placesOfMirrors`. */
  readonly places?: readonly string[];
}

/** Finds the AWS provider on this machine, or lets Terraform fetch it once. */
export const ensureProvider = async (options: ProviderOptions): Promise<ProviderMirror> => {
  const { env, cache, terraform, onLine } = options;
  const folder = join(cache, "terraform-providers");
  const found = findMirror([...(options.places ?? (await placesOfMirrors(env))), folder]);
  if (found) return found;
  await fetchProvider(terraform, env, folder, onLine);
  const fetched = mirrorAt(folder);
  if (fetched) return fetched;
  throw new UserError(`Terraform fetched no AWS provider for ${terraformPlatform()} into ${folder}`, {
    fix: "Remove that folder and run it again.",
  });
};

/** Path of Terraform on the given PATH. */
export const needTerraform = (env: NodeJS.ProcessEnv): string => {
  const found = findProgram("terraform", env);
  if (found) return found;
  throw new UserError("terraform is not on PATH; version 1.10 or newer is needed", {
    fix: "Install it: https://developer.hashicorp.com/terraform/install",
  });
};

/** Writes the configuration with which Terraform takes its provider from the mirror and asks no registry. */
export const writeCliConfig = async (file: string, mirror: ProviderMirror): Promise<void> => {
  const path = JSON.stringify(mirror.folder);
  await writeFileAtomic(file, `provider_installation {\n  filesystem_mirror {\n    path = ${path}\n  }\n}\n`);
};
