/**
 * Read-only attributes that AWS rewrites by itself, by Terraform type: while a resource works, or with any update, as the
 * write-back of an adoption is one. Two looks at two moments may see two values, although nobody changed anything. No
 * program can ask for them, so they cannot hide a difference.
 */
const VOLATILE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_lambda_function: {
    last_modified: "the time of the last update, which the write-back of the code is: AWS sets it",
  },
  aws_lambda_event_source_mapping: {
    last_processing_result: "what the mapping did last: AWS rewrites it with each batch",
  },
};

/** Why two looks may differ, or undefined when they must not. */
export const volatile = (terraformType: string, attribute: string): string | undefined =>
  VOLATILE[terraformType]?.[attribute];

export const volatileAttributes = (): readonly (readonly [terraformType: string, attribute: string])[] =>
  Object.entries(VOLATILE).flatMap(([type, attributes]) =>
    Object.keys(attributes).map((name) => [type, name] as const),
  );
