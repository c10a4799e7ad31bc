import { z } from "zod";
import { UserError } from "../lib/errors";
import type { FieldMapping, Fields, ProviderMapping } from "./provider-mapping";

/**
 * Where Terraform's provider has sets. The bridge's mapping calls sets lists (to the bridge a set is a list on the
 * wire), so the difference comes from Terraform's own `terraform providers schema -json`.
 */
export interface ProviderSets {
  /** e.g. `hashicorp/aws`. */
  readonly provider: string;
  /** By Terraform type: paths of its sets in dotted names, sorted. */
  readonly sets: Readonly<Record<string, readonly string[]>>;
}

interface BlockShape {
  attributes?: Record<string, { type?: unknown }> | undefined;
  block_types?: Record<string, { nesting_mode: string; block: BlockShape }> | undefined;
}

const blockShape: z.ZodType<BlockShape> = z.looseObject({
  attributes: z.record(z.string(), z.looseObject({ type: z.unknown().optional() })).optional(),
  block_types: z
    .record(z.string(), z.looseObject({ nesting_mode: z.string(), block: z.lazy(() => blockShape) }))
    .optional(),
});

const schemaShape = z.looseObject({
  provider_schemas: z.record(
    z.string(),
    z.looseObject({ resource_schemas: z.record(z.string(), z.looseObject({ block: blockShape })) }),
  ),
});

/** Terraform writes types as `"string"` or `["set", ["object", {…}]]`. */
function* setsInType(type: unknown, path: string): Generator<string> {
  if (!Array.isArray(type)) return;
  const [kind, inner] = type as [string, unknown];
  if (kind === "set") yield path;
  if (kind === "object") {
    for (const [name, member] of Object.entries(inner as object)) yield* setsInType(member, `${path}.${name}`);
  } else yield* setsInType(inner, path);
}

function* setsInBlock(block: BlockShape, prefix: string): Generator<string> {
  for (const [name, { type }] of Object.entries(block.attributes ?? {})) yield* setsInType(type, prefix + name);
  for (const [name, { nesting_mode, block: inner }] of Object.entries(block.block_types ?? {})) {
    if (nesting_mode === "set") yield prefix + name;
    yield* setsInBlock(inner, `${prefix + name}.`);
  }
}

/** Reads `terraform providers schema -json`, reduced to these resource types. */
export const readProviderSets = (schema: unknown, provider: string, types: readonly string[]): ProviderSets => {
  const schemas = schemaShape.parse(schema).provider_schemas;
  const found = Object.entries(schemas).find(([source]) => source.endsWith(`/${provider}`))?.[1].resource_schemas;
  const entries = types.map((type) => {
    const block = found?.[type]?.block;
    if (!block) throw new UserError(`provider ${provider} has no resource type ${type}`);
    return [type, [...setsInBlock(block, "")].sort()] as const;
  });
  return { provider, sets: Object.fromEntries(entries) };
};

const markField = (field: FieldMapping, paths: ReadonlySet<string>, path: string): FieldMapping => {
  const type = field.type === "list" && paths.has(path) ? "set" : field.type;
  if (field.element?.fields)
    return { ...field, type, element: { fields: markFields(field.element.fields, paths, `${path}.`) } };
  if (field.element?.value) return { ...field, type, element: { value: markField(field.element.value, paths, path) } };
  return { ...field, type };
};

const markFields = (fields: Fields, paths: ReadonlySet<string>, prefix: string): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, markField(field, paths, prefix + name)]));

/** The mapping with its sets marked as sets. */
export const withSets = (mapping: ProviderMapping, { sets }: ProviderSets): ProviderMapping => ({
  ...mapping,
  resources: Object.fromEntries(
    Object.entries(mapping.resources).map(([type, { token, fields }]) => [
      type,
      { token, fields: markFields(fields, new Set(sets[type] ?? []), "") },
    ]),
  ),
});
