import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readWith, writeWith } from "../lib/children";
import type { Context } from "../lib/context";
import { UserError } from "../lib/errors";
import { sha256, writeFileAtomic } from "../lib/files";
import { paths } from "../lib/paths";
import type { RunOptions, RunResult } from "../lib/processes";

const MINUTES = 60_000;

/** Variables that would change what a command does behind the operator's back. */
const DROPPED = /^TF_(CLI_ARGS.*|WORKSPACE|LOG.*|DATA_DIR)$/;

/** Environment of every Terraform command: the given one, own data folder, no questions. */
export const terraformEnv = (context: Context): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(context.env).filter(([name]) => !DROPPED.test(name))),
  TF_DATA_DIR: paths(context).terraformData,
  TF_IN_AUTOMATION: "1",
  TF_INPUT: "0",
  CHECKPOINT_DISABLE: "1",
});

const optionsFor = (context: Context, args: readonly string[], accept?: readonly number[]): RunOptions => ({
  env: terraformEnv(context),
  timeout: 20 * MINUTES,
  label: `terraform ${args.slice(0, 2).join(" ")}`,
  ...(accept ? { accept } : {}),
});

const chdir = (context: Context): string => `-chdir=${paths(context).hcl}`;

const read = (context: Context, args: readonly string[], accept?: readonly number[]): Promise<RunResult> =>
  readWith(context.terraform, [chdir(context), ...args], optionsFor(context, args, accept));

const write = (context: Context, args: readonly string[]): Promise<RunResult> =>
  writeWith(context, context.terraform, [chdir(context), ...args], optionsFor(context, args));

/** Everything that an initialised folder depends on. */
const stampOf = async (context: Context): Promise<string> => {
  const { hcl, backend } = paths(context);
  const files = [backend, join(hcl, ".terraform.lock.hcl"), join(hcl, "terraform.tf"), join(hcl, "main.tf")];
  const contents = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const { AWS_ENDPOINT_URL: endpoint = "", TF_CLI_CONFIG_FILE: cli = "" } = context.env;
  return sha256(JSON.stringify([contents, endpoint, cli, hcl, context.terraform]));
};

/** `terraform init` with the environment's backend, only when something it depends on changed since the last one. */
export const initTerraform = async (context: Context): Promise<void> => {
  const { terraformData, backend, hcl } = paths(context);
  const stampFile = join(terraformData, "initialised.sha256");
  const stamp = await stampOf(context);
  if ((await readFile(stampFile, "utf8").catch(() => "")) === stamp) return;
  await mkdir(terraformData, { recursive: true, mode: 0o700 });
  await read(context, [
    "init",
    "-input=false",
    "-no-color",
    "-reconfigure",
    ...(existsSync(backend) ? [`-backend-config=${backend}`] : []),
    ...(existsSync(join(hcl, ".terraform.lock.hcl")) ? ["-lockfile=readonly"] : []),
  ]);
  await writeFileAtomic(stampFile, stamp);
};

/** `terraform show -json` of the state, as text. */
export const showState = async (context: Context): Promise<string> =>
  (await read(context, ["show", "-json", "-no-color"])).stdout;

/** The bytes of the state, as the backend holds them; empty when there is none yet. */
export const pullState = async (context: Context): Promise<string> => (await read(context, ["state", "pull"])).stdout;

/** Whether the state can be loaded with the provider's schemas: `terraform show -json` of a file. */
export const showFile = async (context: Context, path: string): Promise<string> =>
  (await read(context, ["show", "-json", "-no-color", path])).stdout;

// The commands below write, and run without Terraform's own lock: this process holds it for all of them together.

/** Forgets these addresses in one write. Nothing in AWS changes. */
export const removeFromState = async (context: Context, addresses: readonly string[]): Promise<void> => {
  await write(context, ["state", "rm", "-lock=false", ...addresses]);
};

/** Writes a whole state; Terraform refuses another lineage and an older serial. */
export const pushState = async (context: Context, path: string): Promise<void> => {
  await write(context, ["state", "push", "-lock=false", path]);
};

export interface SavedPlan {
  readonly path: string;
  /** `terraform show -json` of the plan; empty when it is clean and nobody needs to know more. */
  readonly json: string;
  readonly clean: boolean;
}

export interface PlanOptions {
  /** Of the plan file. */
  readonly name?: string;
  /** Ask AWS what is; without, only state and HCL are compared. Default true. */
  readonly refresh?: boolean;
  /** The JSON of a clean plan costs as much time again as the plan, and says only what is live. Default true. */
  readonly jsonIfClean?: boolean;
}

/** Terraform's own words beside its exit code: two witnesses that it would do nothing. */
const saysClean = ({ exitCode, stdout }: RunResult): boolean => exitCode === 0 && /^No changes\./m.test(stdout);

/** Plans with the environment's variables. Reads AWS, changes nothing. */
export const planChanges = async (context: Context, options: PlanOptions = {}): Promise<SavedPlan> => {
  const files = paths(context);
  const path = files.scratch(`${options.name ?? "check"}.tfplan`);
  await mkdir(files.scratch(""), { recursive: true, mode: 0o700 });
  const args = ["plan", "-input=false", "-no-color", "-lock=false", "-detailed-exitcode", `-var-file=${files.tfvars}`];
  const refresh = options.refresh === false ? ["-refresh=false"] : [];
  const clean = saysClean(await read(context, [...args, ...refresh, `-out=${path}`], [0, 2]));
  const json = clean && options.jsonIfClean === false ? "" : await showFile(context, path);
  return { path, json, clean };
};

/** Applies a saved plan. The caller has made sure that it changes outputs alone. */
export const applySaved = async (context: Context, plan: SavedPlan): Promise<void> => {
  await write(context, ["apply", "-input=false", "-no-color", "-lock=false", plan.path]);
};

/** @throws UserError unless the lock file pins the version that Pulumi's provider is bridged from. */
export const checkProviderVersion = async (context: Context, expected: string): Promise<void> => {
  const path = join(paths(context).hcl, ".terraform.lock.hcl");
  const text = await readFile(path, "utf8").catch(() => "");
  const pinned = /provider "registry\.terraform\.io\/hashicorp\/aws" \{\s*version\s*=\s*"([^"]+)"/.exec(text)?.[1];
  if (pinned === expected) return;
  const message = `${path} pins the AWS provider ${pinned ?? "(nothing)"}; the comparison is made for ${expected}`;
  throw new UserError(message, {
    fix: `terraform -chdir=${paths(context).hcl} init -upgrade, with version ${expected}`,
  });
};
