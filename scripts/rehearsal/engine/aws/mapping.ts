/**
 * The bridge's own account of how Terraform's names become Pulumi's: its answer to `GetMapping("terraform", "aws")`.
 * Only what is used here is typed.
 */
export interface BridgeField {
  /** As the bridge numbers Terraform's types: 1 bool, 2 int, 3 float, 4 string, 5 list, 6 map, 7 set. */
  readonly type: number;
  readonly optional?: boolean;
  readonly required?: boolean;
  readonly computed?: boolean;
  readonly forceNew?: boolean;
  readonly sensitive?: boolean;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly deprecated?: string;
  readonly element?: { readonly schema?: BridgeField; readonly resource?: BridgeSchema };
}

export type BridgeSchema = Readonly<Record<string, BridgeField>>;

/** What differs from the general rule for one field: its name, whether a list is a single value. */
export interface FieldOverride {
  name?: string;
  maxItemsOne?: boolean;
  element?: FieldOverride;
  fields?: Record<string, FieldOverride>;
  [other: string]: unknown;
}

export interface Entity {
  tok: string;
  fields?: Record<string, FieldOverride>;
}

export interface BridgeMapping {
  readonly name: string;
  version: string;
  readonly resources: Readonly<Record<string, Entity>>;
  readonly dataSources: Readonly<Record<string, Entity>>;
  readonly config?: Readonly<Record<string, FieldOverride>>;
  readonly provider: {
    readonly schema: BridgeSchema;
    readonly resources: Readonly<Record<string, BridgeSchema>>;
    readonly dataSources: Readonly<Record<string, BridgeSchema>>;
  };
}

export const FieldType = { bool: 1, int: 2, float: 3, string: 4, list: 5, map: 6, set: 7 } as const;
