import { z } from "zod";
import { UserError } from "../lib/errors";
import { parseJson, sha256 } from "../lib/files";
import { Sensitive } from "./sensitive";
import type { Inventory, InventoryResource, Output, StateIdentity, Value, ValueObject } from "./types";
import { isObject } from "./values";

const resourceShape = z.looseObject({
  address: z.string(),
  mode: z.enum(["managed", "data"]),
  type: z.string(),
  name: z.string(),
  values: z.record(z.string(), z.unknown()).default({}),
  sensitive_values: z.unknown().optional(),
  tainted: z.boolean().optional(),
  deposed_key: z.string().optional(),
});

interface ModuleShape {
  address?: string | undefined;
  resources?: z.infer<typeof resourceShape>[] | undefined;
  child_modules?: ModuleShape[] | undefined;
}

const moduleShape: z.ZodType<ModuleShape> = z.looseObject({
  address: z.string().optional(),
  resources: z.array(resourceShape).optional(),
  child_modules: z.array(z.lazy(() => moduleShape)).optional(),
});

const valuesShape = z.looseObject({
  outputs: z
    .record(z.string(), z.looseObject({ value: z.unknown(), sensitive: z.boolean().default(false) }))
    .default({}),
  root_module: moduleShape.default({}),
});

const configurationShape = z.looseObject({
  root_module: z.looseObject({
    outputs: z
      .record(
        z.string(),
        z.looseObject({
          expression: z.looseObject({ references: z.array(z.string()).default([]) }).default({ references: [] }),
        }),
      )
      .default({}),
  }),
});

const showShape = z.looseObject({
  format_version: z.string(),
  terraform_version: z.string().optional(),
  values: valuesShape.optional(),
  planned_values: valuesShape.optional(),
  prior_state: z.unknown().optional(),
  configuration: configurationShape.optional(),
});

const stateHeader = z.looseObject({
  version: z.number().int(),
  lineage: z.string().min(1),
  serial: z.number().int().nonnegative(),
});

/** The only version of Terraform's state files since 0.12. */
const STATE_VERSION = 4;
/** Within major version 1 of its JSON, Terraform promises only to add. */
const FORMAT_MAJOR = "1";
const RESTORE =
  "Check the file against a backup (`terraform state pull` prints the live one); it was not changed by this command.";

const mismatch = (source: string, error: z.ZodError): UserError => {
  const [issue] = error.issues;
  const field = issue?.path.join(".") || "the document";
  return new UserError(`${source}: ${field}: ${issue?.message ?? "unexpected shape"}`, { fix: RESTORE });
};

/** Wraps what `sensitive_values` marks; shares every part that holds no secret. */
export const applyMask = (value: unknown, mask: unknown): Value => {
  if (mask === true) return Sensitive.of(value);
  if (Array.isArray(value) && Array.isArray(mask) && mask.length > 0) {
    return value.map((item, index) => applyMask(item, mask[index]));
  }
  if (isObject(value) && isObject(mask) && Object.keys(mask).length > 0) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, applyMask(item, mask[key])]));
  }
  return value as Value;
};

const readResource = (resource: z.infer<typeof resourceShape>, module: string): InventoryResource => ({
  address: resource.address,
  type: resource.type,
  name: resource.name,
  module,
  attributes: applyMask(resource.values, resource.sensitive_values) as ValueObject,
  ...(resource.deposed_key
    ? { condition: "deposed" as const }
    : resource.tainted
      ? { condition: "tainted" as const }
      : {}),
});

function* resourcesOf(module: ModuleShape): Generator<InventoryResource> {
  for (const resource of module.resources ?? []) {
    if (resource.mode === "managed") yield readResource(resource, module.address ?? "");
  }
  for (const child of module.child_modules ?? []) yield* resourcesOf(child);
}

const readOutputs = (outputs: z.infer<typeof valuesShape>["outputs"]): Record<string, Output> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, { value, sensitive }]) => [
      name,
      { value: applyMask(value, sensitive), sensitive },
    ]),
  );

const readShow = (content: unknown, source: string): z.infer<typeof showShape> => {
  const parsed = showShape.safeParse(content);
  if (!parsed.success) throw mismatch(source, parsed.error);
  const { format_version } = parsed.data;
  if (format_version.split(".")[0] === FORMAT_MAJOR) return parsed.data;
  throw new UserError(`${source}: format_version is ${format_version}; expected ${FORMAT_MAJOR}.x`, {
    fix: "Use the Terraform version that this repository is made for (README, prerequisites).",
  });
};

/**
 * Reads `terraform show -json`: of a state its values, of a plan its planned values. An empty state is an empty
 * inventory; whether that is right is for the map to say.
 * @param source names the text in messages, e.g. "`terraform show -json` of dev"
 * @throws UserError when the text is empty, torn, of a newer format or of another shape
 */
export const readInventory = (text: string, source: string): Inventory =>
  inventoryOf(readShow(parseJson(text, source, RESTORE), source));

/**
 * What Terraform found when it made a plan: the state after its refresh. The stored state does not know yet what
 * another tool's update made AWS change by itself, such as the time of the last change.
 * @param plan `terraform show -json` of a plan
 */
export const readRefreshed = (plan: string, source: string): Inventory => {
  const { prior_state, configuration } = readShow(parseJson(plan, source, RESTORE), source);
  const outputModules = outputModulesOf(configuration);
  // A state in which nothing is left is not in the plan at all.
  if (prior_state === undefined) return { terraformVersion: "", resources: [], outputs: {}, outputModules };
  return { ...inventoryOf(readShow(prior_state, source)), outputModules };
};

/** A reference reads `module.speech` or `module.speech[0].lambda_arn`. */
const outputModulesOf = (configuration: z.infer<typeof configurationShape> | undefined) => {
  const outputs = Object.entries(configuration?.root_module.outputs ?? {});
  return Object.fromEntries(
    outputs.map(([name, { expression }]) => {
      const modules = expression.references.flatMap((reference) => /^module\.([\w-]+)/.exec(reference)?.[1] ?? []);
      return [name, [...new Set(modules)]];
    }),
  );
};

const inventoryOf = ({ terraform_version, values, planned_values }: z.infer<typeof showShape>): Inventory => {
  const content = planned_values ?? values;
  return {
    terraformVersion: terraform_version ?? "",
    resources: content ? [...resourcesOf(content.root_module)] : [],
    outputs: content ? readOutputs(content.outputs) : {},
  };
};

/**
 * Says which state it is, from the bytes of `terraform state pull`.
 * @throws UserError when they are empty, torn, or of a version other than 4
 */
export const identifyState = (bytes: string, source: string): StateIdentity => {
  const parsed = stateHeader.safeParse(parseJson(bytes, source, RESTORE));
  if (!parsed.success) throw mismatch(source, parsed.error);
  const { version, lineage, serial } = parsed.data;
  if (version !== STATE_VERSION) {
    throw new UserError(`${source}: version is ${version}; expected ${STATE_VERSION}`, {
      fix: "The state was written by a Terraform that this program does not know; nothing was read from it.",
    });
  }
  return { version, lineage, serial, sha256: sha256(bytes) };
};
