import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { callerAccount } from "./aws";
import { UserError } from "./errors";
import { rememberSecretsOf } from "./masking";
import { paths } from "./paths";
import { run } from "./processes";
import type { Progress } from "./progress";
import { knownEnvironments, readSettings, type Settings } from "./settings";

/** What every command works on. */
export interface Context {
  /** Folder that holds legacy-terraform/, pulumi/ and handler/dist/. */
  readonly workspace: string;
  readonly environment: string;
  /** The whole environment of children and SDK clients: nothing else reaches them. */
  readonly env: NodeJS.ProcessEnv;
  /** Paths of the two programs. */
  readonly terraform: string;
  readonly pulumi: string;
  readonly progress: Progress;
}

/** Context after `preflight`: the account is the right one and the tools are new enough. */
export interface Checked extends Context {
  readonly settings: Settings;
  readonly versions: { readonly terraform: string; readonly pulumi: string };
}

const NEEDED = { terraform: [1, 10], pulumi: [3, 230] } as const;

/** Path of a program, from the given environment's PATH. */
export const findProgram = (name: string, env: NodeJS.ProcessEnv): string | undefined =>
  (env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder || ".", name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

export const needProgram = (name: "terraform" | "pulumi", env: NodeJS.ProcessEnv): string => {
  const found = findProgram(name, env);
  if (found) return found;
  const url =
    name === "terraform" ? "https://developer.hashicorp.com/terraform/install" : "https://www.pulumi.com/docs/install";
  const version = NEEDED[name].join(".");
  throw new UserError(`${name} is not on PATH; version ${version} or newer is needed`, { fix: `install it: ${url}` });
};

export interface ContextOptions {
  readonly workspace: string;
  readonly environment: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** Found on PATH when not given. */
  readonly terraform?: string;
  readonly pulumi?: string;
}

/**
 * Checks what can be checked without starting anything.
 * @throws UserError listing the known environments when this one is not among them.
 */
export const createContext = (options: ContextOptions): Context => {
  const workspace = resolve(options.workspace);
  const known = knownEnvironments(workspace);
  if (known.length === 0) {
    const fix = "give the folder that holds legacy-terraform/ and pulumi/ with --workspace";
    throw new UserError(`${join(workspace, "legacy-terraform")} holds no <environment>.tfvars`, { fix });
  }
  const { environment, env, progress } = options;
  if (!known.includes(environment)) {
    throw new UserError(`unknown environment "${environment}"`, {
      fix: `use --environment with one of: ${known.join(", ")}`,
    });
  }
  rememberSecretsOf(env);
  const terraform = options.terraform ?? needProgram("terraform", env);
  const pulumi = options.pulumi ?? needProgram("pulumi", env);
  return { workspace, environment, env, terraform, pulumi, progress };
};

const parseVersion = (text: string): readonly [number, number] | undefined => {
  const match = /^v?(\d+)\.(\d+)\.\d+/.exec(text.trim());
  return match ? [Number(match[1]), Number(match[2])] : undefined;
};

/** @throws UserError when the version is too old, or when the program does not tell one. */
export const checkVersion = (name: "terraform" | "pulumi", text: string): string => {
  const [major, minor] = NEEDED[name];
  const found = parseVersion(text);
  const fix = `install ${name} ${major}.${minor} or newer and put it first on PATH`;
  if (!found)
    throw new UserError(`${name} did not tell its version; it printed "${text.trim().slice(0, 80)}"`, { fix });
  if (found[0] > major || (found[0] === major && found[1] >= minor)) return text.trim().replace(/^v/, "");
  throw new UserError(`${name} ${text.trim()} is too old; ${major}.${minor} or newer is needed`, { fix });
};

const versionsOf = async (context: Context): Promise<Checked["versions"]> => {
  const options = {
    env: { ...context.env, CHECKPOINT_DISABLE: "1", PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 60_000,
  };
  const [terraform, pulumi] = await Promise.all([
    run(context.terraform, ["version"], options),
    run(context.pulumi, ["version"], options),
  ]);
  const first = terraform.stdout.split("\n")[0]?.replace(/^Terraform /, "") ?? "";
  return { terraform: checkVersion("terraform", first), pulumi: checkVersion("pulumi", pulumi.stdout) };
};

/** Switches of the Pulumi engine that trade safety for speed; a migration needs every checkpoint checked and written. */
const UNSAFE = [
  "PULUMI_SKIP_CHECKPOINTS",
  "PULUMI_DISABLE_INTEGRITY_CHECKING",
  "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS",
];

export const refuseUnsafeSwitches = (env: NodeJS.ProcessEnv): void => {
  const set = UNSAFE.filter((name) => !["", "0", "false", undefined].includes(env[name]?.toLowerCase()));
  if (set.length === 0) return;
  const fix = `unset ${set.join(" ")}, then repeat`;
  throw new UserError(`${set.join(", ")} is set: Pulumi would not keep every step of an import`, { fix });
};

const checkAccount = async (env: NodeJS.ProcessEnv, settings: Settings, environment: string): Promise<void> => {
  const account = await callerAccount(env, settings.region);
  if (account === settings.account) return;
  const message = `the credentials belong to account ${account}, and ${environment} is account ${settings.account}`;
  throw new UserError(message, { fix: `log in to account ${settings.account}, then repeat` });
};

const checkRegion = (env: NodeJS.ProcessEnv, settings: Settings): void => {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION;
  if (!region || region === settings.region) return;
  const message = `AWS_REGION says ${region}, and this environment is in ${settings.region}`;
  throw new UserError(message, { fix: `unset AWS_REGION, or set it to ${settings.region}` });
};

/**
 * Everything that must hold before the first read of a state: the tools' versions, the account, the region, and the
 * built handler, which both sides hash.
 */
export const preflight = async (context: Context): Promise<Checked> => {
  refuseUnsafeSwitches(context.env);
  const settings = await readSettings(context);
  checkRegion(context.env, settings);
  const zip = paths(context).handlerZip;
  if (!existsSync(zip)) throw new UserError(`${zip} is missing`, { fix: "build it: npx tsx handler/build.ts" });
  const [versions] = await Promise.all([versionsOf(context), checkAccount(context.env, settings, context.environment)]);
  return { ...context, settings, versions };
};
