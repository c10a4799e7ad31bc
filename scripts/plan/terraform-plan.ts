import { z } from "zod";
import { UserError } from "../lib/errors";
import { parseJson } from "../lib/files";
import { withoutKeys } from "./address";
import { applyMask } from "./inventory";
import type { Finding, InventoryResource, Value, ValueObject } from "./types";
import { canonical, isObject, printable } from "./values";

/** What both tools mean by "known only after apply"; the engine's own text for it. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const changeShape = z.looseObject({
  actions: z.array(z.string()),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
});

interface ModuleShape {
  resources?: { address: string; expressions?: Record<string, unknown> | undefined }[] | undefined;
  module_calls?: Record<string, { module?: ModuleShape | undefined }> | undefined;
}

const moduleShape: z.ZodType<ModuleShape> = z.looseObject({
  resources: z
    .array(z.looseObject({ address: z.string(), expressions: z.record(z.string(), z.unknown()).optional() }))
    .optional(),
  module_calls: z.record(z.string(), z.looseObject({ module: z.lazy(() => moduleShape).optional() })).optional(),
});

const planShape = z.looseObject({
  format_version: z.string().regex(/^1\./, "expected 1.x"),
  resource_changes: z
    .array(
      z.looseObject({
        address: z.string(),
        module_address: z.string().optional(),
        mode: z.string(),
        type: z.string(),
        name: z.string(),
        change: changeShape,
      }),
    )
    .default([]),
  output_changes: z.record(z.string(), changeShape).default({}),
  configuration: z.looseObject({ root_module: moduleShape.default({}) }).optional(),
});

type ChangeShape = z.infer<typeof changeShape>;

/** Values with what is known only after apply as UNKNOWN, and secrets wrapped. */
const valuesAfter = ({ after, after_unknown, after_sensitive }: ChangeShape): ValueObject =>
  applyMask(withUnknown(after, after_unknown), after_sensitive) as ValueObject;

const withUnknown = (value: unknown, unknown: unknown): unknown => {
  if (unknown === true) return UNKNOWN;
  if (Array.isArray(unknown)) {
    const items = Array.isArray(value) ? value : [];
    return Array.from({ length: Math.max(items.length, unknown.length) }, (_, index) =>
      withUnknown(items[index], unknown[index]),
    );
  }
  if (!isObject(unknown)) return value ?? null;
  const object = isObject(value) ? value : {};
  const keys = [...new Set([...Object.keys(object), ...Object.keys(unknown)])];
  return Object.fromEntries(keys.map((key) => [key, withUnknown(object[key], unknown[key])]));
};

/** The HCL of one resource: by argument an expression, or a list of them for blocks. */
export type Expressions = Readonly<Record<string, unknown>>;

export interface TerraformPlan {
  /** As they will be, and as they are where nothing changes. */
  readonly resources: readonly InventoryResource[];
  /** By address without instance keys. */
  readonly configured: ReadonlyMap<string, Expressions>;
  /** One per resource or output that the plan changes. */
  readonly changes: readonly Finding[];
}

const configuredIn = (module: ModuleShape, prefix: string): [string, Expressions][] => [
  ...(module.resources ?? []).map(({ address, expressions }): [string, Expressions] => [
    prefix + address,
    expressions ?? {},
  ]),
  ...Object.entries(module.module_calls ?? {}).flatMap(([name, call]) =>
    call.module ? configuredIn(call.module, `${prefix}module.${name}.`) : [],
  ),
];

const leaves = (value: Value | undefined, path: string): [string, Value | undefined][] => {
  const join = (key: string): string => (path ? `${path}.${key}` : key);
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((item, index) => leaves(item, `${path}[${index}]`));
  if (isObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, join(key)));
  }
  return [[path, value]];
};

/** Property, value before and value after, for each that changes. */
const changedProperties = (change: ChangeShape): string[] => {
  const before = new Map(leaves(applyMask(change.before, change.before_sensitive), ""));
  const after = new Map(leaves(valuesAfter(change), ""));
  const text = (value: Value | undefined): string => {
    if (value === UNKNOWN) return "(known after apply)";
    return JSON.stringify(printable(value) ?? null);
  };
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => canonical(before.get(path) ?? null, true) !== canonical(after.get(path) ?? null, true))
    .map((path) => `${path || "value"} ${text(before.get(path))} → ${text(after.get(path))}`);
};

const QUIET = new Set(["no-op", "read"]);

const findingsOf = (name: string, change: ChangeShape): Finding[] => {
  if (change.actions.every((action) => QUIET.has(action))) return [];
  const properties = change.actions.includes("update") ? `: ${changedProperties(change).slice(0, 10).join("; ")}` : "";
  return [
    {
      category: "unexpected-change",
      message: `${name}: terraform plan would ${change.actions.join(" and ")} it${properties}`,
      fix: "Apply or undo the change with Terraform first; a migration begins and ends with a clean plan.",
    },
  ];
};

/**
 * Reads `terraform show -json` of a plan.
 * @throws UserError when it is not such output: what cannot be read is never "no changes"
 */
export const readTerraformPlan = (text: string, source: string): TerraformPlan => {
  const fix = "Repeat `terraform plan`; if it happens again, run it by hand.";
  const parsed = planShape.safeParse(parseJson(text, source, fix));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${source}: ${issue?.path.join(".") || "the document"}: ${issue?.message}`, { fix });
  }
  const { resource_changes, output_changes, configuration } = parsed.data;
  const managed = resource_changes.filter(({ mode }) => mode === "managed");
  return {
    resources: managed
      .filter(({ change }) => isObject(change.after))
      .map(({ address, module_address, type, name, change }) => ({
        address,
        type,
        name,
        module: module_address ?? "",
        attributes: valuesAfter(change),
      })),
    configured: new Map(configuredIn(configuration?.root_module ?? {}, "")),
    changes: [
      ...managed.flatMap(({ address, change }) => findingsOf(address, change)),
      ...Object.entries(output_changes).flatMap(([name, change]) => findingsOf(`output ${name}`, change)),
    ],
  };
};

/** Whether the HCL says something at this path, in Terraform's names. What is built dynamically counts as said. */
export const isConfigured = (plan: TerraformPlan, address: string, path: string): boolean => {
  let here: unknown = plan.configured.get(withoutKeys(address)) ?? {};
  for (const step of path.match(/[^.[\]"]+/g) ?? []) {
    if (Array.isArray(here)) {
      here = here[Number(step)] ?? here[0];
      continue;
    }
    if (!isObject(here)) return false;
    if ("constant_value" in here || "references" in here) return true;
    here = (here as Record<string, unknown>)[step];
  }
  return here !== undefined;
};
