import type {
  ElementMapping,
  FieldMapping,
  Fields,
  ProviderMapping,
  ResourceMapping,
} from "../../../plan/provider-mapping";
import { mergeOverrides, RESOURCE_DIFFERENCES } from "./differences";
import { type BridgeField, type BridgeMapping, type BridgeSchema, type FieldOverride, FieldType } from "./mapping";
import { isSingle, pulumiName } from "./names";
import type { SdkObject, SdkTypings } from "./sdk-typings";
import type { Tokens } from "./tokens";

type Overrides = Readonly<Record<string, FieldOverride>> | undefined;

const TYPE_NAMES = new Map(Object.entries(FieldType).map(([name, number]) => [number as number, name]));

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));

const fieldsOf = (override: FieldOverride | undefined): Overrides => override?.element?.fields ?? override?.fields;

const elementOf = (field: BridgeField, override: FieldOverride | undefined): ElementMapping | undefined => {
  const { resource, schema } = field.element ?? {};
  if (resource) return { fields: fieldsMapping(resource, fieldsOf(override), false) };
  return schema ? { value: fieldMapping(schema, override?.element) } : undefined;
};

const fieldMapping = (field: BridgeField, override: FieldOverride | undefined, name?: string): FieldMapping => {
  const element = elementOf(field, override);
  return {
    ...(name ? { name } : {}),
    type: (TYPE_NAMES.get(field.type) ?? "dynamic") as FieldMapping["type"],
    ...(isSingle(field, override) ? { single: true } : {}),
    ...(field.required ? { required: true } : {}),
    ...(field.optional ? { optional: true } : {}),
    ...(field.computed ? { computed: true } : {}),
    ...(field.sensitive ? { sensitive: true } : {}),
    ...(element ? { element } : {}),
  };
};

/** `id` is Pulumi's id of the resource; `timeouts` is an option of the program there and no property. */
const fieldsMapping = (schema: BridgeSchema, overrides: Overrides, top = true): Fields => {
  const fields: Record<string, FieldMapping> = {};
  for (const [terraform, field] of Object.entries(schema)) {
    if (top && terraform === "timeouts") continue;
    const name = top && terraform === "id" ? "id" : pulumiName(terraform, schema, overrides);
    fields[terraform] = fieldMapping(field, overrides?.[terraform], name);
  }
  return sorted(fields);
};

const isListed = (field: FieldMapping): boolean => (field.type === "list" || field.type === "set") && !field.single;

/** What is not as the typings of `@pulumi/aws` say, one line each; empty when all agrees. */
export const disagreements = (path: string, fields: Fields, sdk: SdkObject, typings: SdkTypings): string[] => {
  const entries = Object.entries(fields).filter(([, { name }]) => name !== "id" || sdk.has("id"));
  const found = entries.flatMap(([terraform, field]) => {
    const property = field.name === undefined ? undefined : sdk.get(field.name);
    if (!property) return [`${path}.${terraform}: @pulumi/aws has no property ${field.name}`];
    const differs =
      isListed(field) !== property.list ? [`${path}.${terraform}: ${field.name} is a list on one side only`] : [];
    if (!field.element?.fields) return differs;
    const object = property.object ? typings.object(property.object) : new Map();
    return [...differs, ...disagreements(`${path}.${terraform}`, field.element.fields, object, typings)];
  });
  const known = new Set(entries.map(([, { name }]) => name));
  const extra = [...sdk.keys()].filter((name) => !known.has(name));
  return [...found, ...extra.map((name) => `${path}: @pulumi/aws has ${name}, which no Terraform argument maps to`)];
};

const resourceMapping = (
  mapping: BridgeMapping,
  tokens: Tokens,
  type: string,
  typings: SdkTypings,
): ResourceMapping => {
  const entity = mapping.resources[type];
  const schema = mapping.provider.resources[type];
  const token = entity && tokens.toSdk(entity.tok);
  if (!schema || !token) throw new Error(`the AWS plugin has no resource for ${type}`);
  const fields = fieldsMapping(schema, mergeOverrides(entity.fields, RESOURCE_DIFFERENCES[type]));
  const wrong = disagreements(type, fields, typings.resource(token), typings);
  if (wrong.length > 0) throw new Error(`names differ from those of @pulumi/aws:\n${wrong.join("\n")}`);
  return { token, fields };
};

/**
 * The part of the mapping that concerns these Terraform types, as the official plugin would give it.
 * @throws Error when a type is unknown, or its names are not those of `@pulumi/aws`.
 */
export const buildMappingDocument = (
  mapping: BridgeMapping,
  tokens: Tokens,
  types: readonly string[],
  plugin: string,
  typings: SdkTypings,
): ProviderMapping => {
  const resources = Object.fromEntries(types.map((type) => [type, resourceMapping(mapping, tokens, type, typings)]));
  return { plugin, resources: sorted(resources) };
};
