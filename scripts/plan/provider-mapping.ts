import { z } from "zod";
import { UserError } from "../lib/errors";

/**
 * How one Terraform argument or attribute appears in Pulumi. The whole of it comes from the provider plugin's own
 * `GetMapping`; nothing here knows a rule for names.
 */
export interface FieldMapping {
  /** Pulumi's name; inside an element that is no object it is absent. */
  readonly name?: string | undefined;
  readonly type: "bool" | "int" | "float" | "string" | "list" | "map" | "set" | "dynamic";
  /** Terraform has a list or set of at most one, Pulumi the value itself (MaxItems = 1). */
  readonly single?: boolean | undefined;
  readonly required?: boolean | undefined;
  readonly optional?: boolean | undefined;
  readonly computed?: boolean | undefined;
  readonly sensitive?: boolean | undefined;
  /** Of list, set and map: what one element is. */
  readonly element?: ElementMapping | undefined;
}

/** An element is a block with fields, or one value. */
export type ElementMapping =
  | { readonly fields: Fields; readonly value?: undefined }
  | { readonly value: FieldMapping; readonly fields?: undefined };

/** By Terraform name. */
export type Fields = Readonly<Record<string, FieldMapping>>;

export interface ResourceMapping {
  /** Pulumi's type token, e.g. `aws:dynamodb/table:Table`. */
  readonly token: string;
  readonly fields: Fields;
}

/** The content of provider-mapping.json: reduced to the resource types in use, made from the live plugin. */
export interface ProviderMapping {
  /** Name and version, e.g. `aws@6.83.0`. */
  readonly plugin: string;
  /** By Terraform type. */
  readonly resources: Readonly<Record<string, ResourceMapping>>;
}

const fieldShape: z.ZodType<FieldMapping> = z.strictObject({
  name: z.string().optional(),
  type: z.enum(["bool", "int", "float", "string", "list", "map", "set", "dynamic"]),
  single: z.boolean().optional(),
  required: z.boolean().optional(),
  optional: z.boolean().optional(),
  computed: z.boolean().optional(),
  sensitive: z.boolean().optional(),
  element: z.lazy(() => elementShape).optional(),
});

const fieldsShape = z.record(z.string(), fieldShape);

const elementShape: z.ZodType<ElementMapping> = z.union([
  z.strictObject({ fields: z.lazy(() => fieldsShape) }),
  z.strictObject({ value: fieldShape }),
]);

export const providerMappingShape = z.strictObject({
  plugin: z.string(),
  resources: z.record(z.string(), z.strictObject({ token: z.string(), fields: fieldsShape })),
});

/** @throws UserError naming the first field that is not as expected. */
export const readProviderMapping = (content: unknown): ProviderMapping => {
  const parsed = providerMappingShape.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(`provider-mapping.json: ${issue?.path.join(".")}: ${issue?.message}`, {
    fix: "Make it again from the plugin; it is not edited by hand.",
  });
};
