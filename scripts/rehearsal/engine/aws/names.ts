import { type BridgeField, type BridgeSchema, type FieldOverride, FieldType } from "./mapping";

/** The plural rules of the bridge that can meet a Terraform argument; the first that fits is used. */
const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/(.*[nrlm]ese|.*deer|.*fish|.*measles|.*ois|.*pox|.*sheep|people|.*media|series|species|information|news)$/i, "$1"],
  [/(s)tatus$/i, "$1tatuses"],
  [/(matr|vert|ind)(ix|ex)$/i, "$1ices"],
  [/(x|ch|ss|sh)$/i, "$1es"],
  [/([^aeiouy]|qu)y$/i, "$1ies"],
  [/(?:([^f])fe|([lre])f)$/i, "$1$2ves"],
  [/sis$/i, "ses"],
  [/([ti])um$/i, "$1a"],
  [/(p)erson$/i, "$1eople"],
  [/(c)hild$/i, "$1hildren"],
  [/us$/i, "uses"],
  [/(alias)$/i, "$1es"],
  [/s$/, "s"],
];

export const pluralise = (word: string): string => {
  const rule = PLURALS.find(([pattern]) => pattern.test(word));
  return rule ? word.replace(rule[0], rule[1]) : `${word}s`;
};

const camelCase = (name: string): string =>
  name.replace(/(?<=[^_])_+([a-z0-9])/g, (_all, next: string) => next.toUpperCase());

/** Whether Pulumi shows one value where Terraform has a list or set of at most one. */
export const isSingle = (field: BridgeField, override?: FieldOverride): boolean =>
  isCollection(field) && (override?.maxItemsOne ?? field.maxItems === 1);

export const isCollection = (field: BridgeField): boolean =>
  field.type === FieldType.list || field.type === FieldType.set;

/** Pulumi's name of a Terraform argument: camel case, and plural where it holds a list of more than one. */
export const pulumiName = (
  name: string,
  schema: BridgeSchema,
  overrides?: Readonly<Record<string, FieldOverride>>,
): string => {
  const override = overrides?.[name];
  if (override?.name) return override.name;
  const field = schema[name];
  if (!field || !isCollection(field) || isSingle(field, override)) return camelCase(name);
  const plural = pluralise(name);
  return camelCase(plural in schema ? name : plural);
};
