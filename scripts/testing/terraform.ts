import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunResult, run } from "../lib/processes";
import { cacheRoot } from "../rehearsal/engine/toolchain/cache";
import { isolatedEnvironment, prepareHome } from "../rehearsal/isolation";
import { ensureProvider, needTerraform, writeCliConfig } from "../rehearsal/terraform-cli";

/** A copy of the HCL in which the real Terraform works, with its state in a file beside it. */
export interface TerraformCopy {
  /** Holds legacy-terraform/ and handler/dist/handler.zip. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface CopyOptions {
  /** Folder with legacy-terraform/. */
  readonly from: string;
  readonly to: string;
  readonly handlerZip: string | Uint8Array;
  /** Of the emulator. */
  readonly endpoint: string;
  readonly region: string;
  /** Folder for `.terraform`, which copies of the same modules may share. */
  readonly dataFolder: string;
}

/** Terraform takes its provider from where the rehearsal takes it, and asks no registry. */
const cliConfig = async (folder: string): Promise<string> => {
  const file = join(folder, "terraformrc");
  const { env } = process;
  await writeCliConfig(file, await ensureProvider({ env, cache: cacheRoot(env), terraform: needTerraform(env) }));
  return file;
};

/** Copies the HCL and gives it a state file in place of the S3 backend. Everything else is as it is in production. */
export const copyTerraform = async (options: CopyOptions): Promise<TerraformCopy> => {
  const { from, to, handlerZip, endpoint, region, dataFolder } = options;
  const hcl = join(to, "legacy-terraform");
  await mkdir(join(to, "handler", "dist"), { recursive: true });
  await mkdir(dataFolder, { recursive: true });
  await prepareHome(join(to, "home"));
  await cp(join(from, "legacy-terraform"), hcl, {
    recursive: true,
    filter: (path) => !/\.terraform$|tfstate/.test(path),
  });
  await writeFile(join(hcl, "override.tf"), 'terraform {\n  backend "local" {}\n}\n');
  await writeFile(join(to, "handler", "dist", "handler.zip"), handlerZip);
  const extra = { TF_CLI_CONFIG_FILE: await cliConfig(to), TF_DATA_DIR: dataFolder, TF_IN_AUTOMATION: "1" };
  return { folder: to, env: isolatedEnvironment(process.env, { endpoint, region, home: join(to, "home"), extra }) };
};

/** Runs Terraform: the command and its options. */
export type Terraform = (...args: readonly string[]) => Promise<RunResult>;

/** Terraform in a folder of a copy, by default that of the root module. */
export const terraformIn =
  (copy: TerraformCopy, folder = "legacy-terraform"): Terraform =>
  (...args) =>
    run("terraform", [`-chdir=${join(copy.folder, folder)}`, ...args], {
      env: copy.env,
      timeout: 300_000,
      label: `terraform ${args[0]}`,
    });

export const initialise = (terraform: Terraform): Promise<RunResult> =>
  terraform("init", "-input=false", "-no-color", "-lockfile=readonly");

/** The same copy, acting in another account: the emulator takes a key of 12 digits for the account's root. */
export const inAccount = (copy: TerraformCopy, account: string): TerraformCopy => ({
  ...copy,
  env: { ...copy.env, AWS_ACCESS_KEY_ID: account },
});

/** Plans and returns `terraform show -json` of the plan. */
export const planAndShow = async (terraform: Terraform, ...options: readonly string[]): Promise<string> => {
  await terraform("plan", "-input=false", "-no-color", "-lock=false", "-out=shown.tfplan", ...options);
  return (await terraform("show", "-json", "-no-color", "shown.tfplan")).stdout;
};
