import type { BridgeMapping, Entity, FieldOverride } from "./mapping";
import type { AllTokens } from "./tokens";

/**
 * Where the official plugin departs from the bridge's general naming, for the resource types of the pipeline. Written the
 * way the official plugin says it in its own mapping. The engine test holds every property of these types against the
 * typings of `@pulumi/aws`, so a missing entry fails there.
 */
const list: FieldOverride = { maxItemsOne: false };
const single: FieldOverride = { maxItemsOne: true };
const block = (fields: Record<string, FieldOverride>): FieldOverride => ({ element: { fields } });

/** Terraform's argument is a path; Pulumi's is an archive, which reaches the provider as a stored file. */
export const ARCHIVES: Readonly<Record<string, string>> = { aws_lambda_function: "filename" };

export const RESOURCE_DIFFERENCES: Readonly<Record<string, Record<string, FieldOverride>>> = {
  aws_lambda_function: {
    function_name: { name: "name" },
    filename: { name: "code", asset: { Kind: 2 } },
  },
  // At most one queue is accepted, but only in the provider's own code: its schema does not say so.
  aws_lambda_event_source_mapping: { queues: single },
  aws_dynamodb_table: {
    global_secondary_index: { name: "globalSecondaryIndexes" },
    local_secondary_index: { name: "localSecondaryIndexes" },
  },
  // BucketV2 was written when these were lists in the provider and has kept them as lists.
  aws_s3_bucket: {
    logging: list,
    versioning: list,
    website: list,
    replication_configuration: {
      ...list,
      ...block({
        rules: block({
          destination: {
            ...list,
            ...block({ access_control_translation: list, metrics: list, replication_time: list }),
          },
          filter: list,
          source_selection_criteria: { ...list, ...block({ sse_kms_encrypted_objects: list }) },
        }),
      }),
    },
    server_side_encryption_configuration: {
      ...list,
      ...block({ rule: { ...list, ...block({ apply_server_side_encryption_by_default: list }) } }),
    },
    lifecycle_rule: block({ expiration: list, noncurrent_version_expiration: list }),
    object_lock_configuration: block({ rule: { ...list, ...block({ default_retention: list }) } }),
  },
};

/** The configuration of the provider: Terraform's schema allows any number of these blocks, Pulumi one. */
export const PROVIDER_DIFFERENCES: Readonly<Record<string, FieldOverride>> = {
  default_tags: { ...single, name: "defaultTags" },
  ignore_tags: { ...single, name: "ignoreTags" },
  assume_role: { ...single, name: "assumeRole" },
  assume_role_with_web_identity: { ...single, name: "assumeRoleWithWebIdentity" },
};

const mergeOne = (one: FieldOverride | undefined, other: FieldOverride): FieldOverride => {
  const merged: FieldOverride = { ...one, ...other };
  const fields = mergeOverrides(one?.element?.fields, other.element?.fields);
  if (Object.keys(fields).length > 0) merged.element = { ...one?.element, fields };
  return merged;
};

/** Lays differences over what the bridge itself says. */
export const mergeOverrides = (
  base: Readonly<Record<string, FieldOverride>> = {},
  differences: Readonly<Record<string, FieldOverride>> = {},
): Record<string, FieldOverride> => {
  const merged = { ...base };
  for (const [name, difference] of Object.entries(differences)) merged[name] = mergeOne(base[name], difference);
  return merged;
};

/** The mapping as the official plugin would give it: its tokens, its names, its version. */
export const officialMapping = (mapping: BridgeMapping, tokens: AllTokens, version: string): BridgeMapping => {
  const rename = (
    entities: Readonly<Record<string, Entity>>,
    tokenOf: (token: string) => string | undefined,
    differences: Readonly<Record<string, Record<string, FieldOverride>>>,
  ): Record<string, Entity> =>
    Object.fromEntries(
      Object.entries(entities).flatMap(([name, entity]) => {
        const tok = tokenOf(entity.tok);
        return tok ? [[name, { ...entity, tok, fields: mergeOverrides(entity.fields, differences[name]) }]] : [];
      }),
    );
  return {
    ...mapping,
    name: "aws",
    version,
    resources: rename(mapping.resources, tokens.resources.toSdk, RESOURCE_DIFFERENCES),
    dataSources: rename(mapping.dataSources, tokens.functions.toSdk, {}),
    config: mergeOverrides(mapping.config, PROVIDER_DIFFERENCES),
  };
};
