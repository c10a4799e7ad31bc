import * as pulumi from "@pulumi/pulumi";
import { isInOrder, MODULES, type ModuleName } from "./modules";

/** Where Terraform keeps the state whose outputs stand in for what this stack does not own yet. */
export type TerraformState =
  | { readonly backend: "s3"; readonly bucket: string; readonly key: string; readonly region: string }
  | { readonly backend: "local"; readonly path: string };

/** Everything that may differ between deployments. */
export interface Settings {
  /** dev, prod, …: the stack's name. */
  readonly environment: string;
  /** Name of the table, and the beginning of every other physical name. */
  readonly name: string;
  readonly region: string;
  readonly owns: readonly ModuleName[];
  /** Needed until every module is owned. */
  readonly terraformState?: TerraformState;
  /** Path of the bundled handler, relative to this folder. */
  readonly handlerZip: string;
  /** Seconds the function may take for one batch. */
  readonly timeout: number;
  /** Memory of the function in MiB. */
  readonly memorySize: number;
  readonly logRetentionInDays: number;
}

export const DEFAULTS = {
  handlerZip: "../handler/dist/handler.zip",
  timeout: 30,
  memorySize: 256,
  logRetentionInDays: 14,
} as const;

const LOG_RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Printed by the engine without a stack trace. */
const invalid = (key: string, found: unknown, expected: string, fix: string): pulumi.RunError =>
  new pulumi.RunError(
    `Pulumi.${pulumi.getStack()}.yaml: text-to-speech:${key} is ${JSON.stringify(found) ?? "missing"}; expected ${expected}. Fix: ${fix}`,
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A structured value. Text that is no JSON stays text, which the caller's check then refuses in its own words. */
const readStructure = (config: pulumi.Config, key: string): unknown => {
  const text = config.get(key);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const readName = (config: pulumi.Config): string => {
  const name = config.get("name");
  // 37 leaves room for the longest suffix within the 63 characters of a bucket name.
  if (name !== undefined && /^[a-z][a-z0-9-]{1,35}[a-z0-9]$/.test(name)) return name;
  throw invalid(
    "name",
    name,
    "3 to 37 lower-case letters, digits and hyphens, a letter first and no hyphen last",
    "give it the value of `name` in the environment's tfvars",
  );
};

const readOwns = (config: pulumi.Config): readonly ModuleName[] => {
  const owns = readStructure(config, "owns");
  if (Array.isArray(owns) && isInOrder(owns)) return owns;
  throw invalid(
    "owns",
    owns,
    `the first none, one, two or all of [${MODULES.join(", ")}], in this order`,
    "own the consumers of a module before the module itself",
  );
};

const isTerraformState = (state: unknown): state is TerraformState => {
  if (!isRecord(state)) return false;
  const fields =
    state.backend === "s3" ? ["bucket", "key", "region"] : state.backend === "local" ? ["path"] : undefined;
  return fields?.every((field) => typeof state[field] === "string" && state[field] !== "") ?? false;
};

const readTerraformState = (
  config: pulumi.Config,
  owns: readonly ModuleName[],
): { readonly terraformState?: TerraformState } => {
  const state = readStructure(config, "terraformState");
  if (isTerraformState(state)) return { terraformState: state };
  if (state === undefined && owns.length === MODULES.length) return {};
  throw invalid(
    "terraformState",
    state,
    "{backend: s3, bucket, key, region} or {backend: local, path}",
    "copy bucket, key and region from the environment's s3.tfbackend; it can go once every module is owned",
  );
};

const readInteger = (config: pulumi.Config, key: "timeout" | "memorySize", from: number, to: number): number => {
  const text = config.get(key);
  const value = text === undefined ? DEFAULTS[key] : Number(text);
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw invalid(key, text, `a whole number from ${from} to ${to}`, `leave it out for ${DEFAULTS[key]}`);
};

const readLogRetention = (config: pulumi.Config): number => {
  const text = config.get("logRetentionInDays");
  const value = text === undefined ? DEFAULTS.logRetentionInDays : Number(text);
  if (LOG_RETENTION.includes(value)) return value;
  throw invalid(
    "logRetentionInDays",
    text,
    `one of ${LOG_RETENTION.join(", ")}`,
    "use a period CloudWatch Logs offers",
  );
};

/**
 * The stack's configuration, checked.
 * @throws pulumi.RunError naming file, key, value, what was expected and the fix.
 */
export const readSettings = (): Settings => {
  const config = new pulumi.Config();
  const owns = readOwns(config);
  return {
    environment: pulumi.getStack(),
    name: readName(config),
    region: new pulumi.Config("aws").require("region"),
    owns,
    ...readTerraformState(config, owns),
    handlerZip: config.get("handlerZip") ?? DEFAULTS.handlerZip,
    timeout: readInteger(config, "timeout", 30, 900),
    memorySize: readInteger(config, "memorySize", 128, 10_240),
    logRetentionInDays: readLogRetention(config),
  };
};
