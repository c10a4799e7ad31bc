import { fieldMeaning, meaningText, type Side } from "./meaning";
import type { FieldMapping, Fields } from "./provider-mapping";
import { Sensitive } from "./sensitive";
import type { Value, ValueObject } from "./types";
import { canonical, isEmpty, isObject } from "./values";

/** One property as both sides have it. */
export interface Leaf {
  readonly terraformName: string;
  readonly pulumiName: string;
  readonly terraform: Value | undefined;
  readonly pulumi: Value | undefined;
  /** Absent when the mapping does not know the property. */
  readonly field: FieldMapping | undefined;
  /** An entry of a map exists even when its value is empty, unlike an argument. */
  readonly entry?: true;
}

type Maybe = Value | undefined;

const join = (path: string, name: string): string => (path ? `${path}.${name}` : name);

/** A key of a map, quoted where it could be taken for a path. */
const keyed = (path: string, key: string): string =>
  /^[A-Za-z0-9_-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;

const asObject = (value: Maybe): ValueObject => (isObject(value) ? value : {});
const asList = (value: Maybe): readonly Value[] => (Array.isArray(value) ? value : []);

/**
 * Pairs the properties of both sides, from the mapping alone. What is empty on both sides is left out; the bridge's own
 * marks (`__defaults`, `__meta`) are not properties.
 */
export const align = (
  fields: Fields,
  terraform: ValueObject,
  pulumi: ValueObject,
  terraformPath = "",
  pulumiPath = "",
): Leaf[] => {
  const known = new Set(Object.values(fields).map(({ name }) => name));
  const leaves = Object.entries(fields).flatMap(([name, field]) =>
    alignField(
      field,
      terraform[name],
      pulumi[field.name ?? name],
      join(terraformPath, name),
      join(pulumiPath, field.name ?? name),
    ),
  );
  const strangers = [
    ...Object.keys(terraform)
      .filter((name) => !(name in fields) && !isEmpty(terraform[name]))
      .map((name) => ({
        terraformName: join(terraformPath, name),
        pulumiName: "",
        terraform: terraform[name],
        pulumi: undefined,
      })),
    ...Object.keys(pulumi)
      .filter((name) => !known.has(name) && !name.startsWith("__") && !isEmpty(pulumi[name]))
      .map((name) => ({
        terraformName: "",
        pulumiName: join(pulumiPath, name),
        terraform: undefined,
        pulumi: pulumi[name],
      })),
  ];
  return [...leaves, ...strangers.map((stranger): Leaf => ({ ...stranger, field: undefined }))];
};

const alignField = (field: FieldMapping, terraform: Maybe, pulumi: Maybe, tfPath: string, puPath: string): Leaf[] => {
  if (isEmpty(terraform) && isEmpty(pulumi)) return [];
  const leaf: Leaf = { terraformName: tfPath, pulumiName: puPath, terraform, pulumi, field };
  if (terraform instanceof Sensitive || pulumi instanceof Sensitive || field.sensitive) return [leaf];
  const fields = field.element?.fields;
  if (fields && field.single) {
    const block = Array.isArray(terraform) ? terraform[0] : terraform;
    return (
      fitting(leaf, [block, pulumi], isObject) ??
      align(fields, asObject(block), asObject(pulumi), `${tfPath}[0]`, puPath)
    );
  }
  if (fields && (field.type === "list" || field.type === "set")) {
    return (
      fitting(leaf, [terraform, pulumi], Array.isArray) ??
      alignBlocks(field, fields, asList(terraform), asList(pulumi), leaf)
    );
  }
  if (fields)
    return (
      fitting(leaf, [terraform, pulumi], isObject) ??
      align(fields, asObject(terraform), asObject(pulumi), tfPath, puPath)
    );
  if (field.type === "map")
    return fitting(leaf, [terraform, pulumi], isObject) ?? alignMap(field, asObject(terraform), asObject(pulumi), leaf);
  return [leaf];
};

/** A value of another shape than the mapping says stays one leaf, so that it is seen and not lost. */
const fitting = (leaf: Leaf, values: readonly Maybe[], fits: (value: unknown) => boolean): Leaf[] | undefined =>
  values.every((value) => isEmpty(value) || fits(value)) ? undefined : [leaf];

const alignMap = (field: FieldMapping, terraform: ValueObject, pulumi: ValueObject, whole: Leaf): Leaf[] => {
  const keys = new Set([...Object.keys(terraform), ...Object.keys(pulumi)]);
  const element: FieldMapping = field.element?.value ?? { type: "string" };
  return [...keys].sort().map((key) => ({
    terraformName: keyed(whole.terraformName, key),
    pulumiName: keyed(whole.pulumiName, key),
    terraform: terraform[key],
    pulumi: pulumi[key],
    field: element,
    entry: true,
  }));
};

const alignBlocks = (
  field: FieldMapping,
  fields: Fields,
  terraform: readonly Value[],
  pulumi: readonly Value[],
  whole: Leaf,
): Leaf[] => {
  const order = field.type === "set" ? pairSet(field, terraform, pulumi) : pairList(terraform, pulumi);
  return order.flatMap(([t, p]) =>
    align(
      fields,
      asObject(terraform[t]),
      asObject(pulumi[p]),
      `${whole.terraformName}[${t < terraform.length ? t : p}]`,
      `${whole.pulumiName}[${p < pulumi.length ? p : t}]`,
    ),
  );
};

type Pairs = (readonly [terraform: number, pulumi: number])[];

const pairList = (terraform: readonly Value[], pulumi: readonly Value[]): Pairs =>
  Array.from({ length: Math.max(terraform.length, pulumi.length) }, (_, index) => [index, index]);

/** In a set equal members belong together; of the rest those that share most; what is over has no partner. */
const pairSet = (field: FieldMapping, terraform: readonly Value[], pulumi: readonly Value[]): Pairs => {
  const single: FieldMapping = { ...field, type: "list" };
  const text = (value: Value, side: Side): string => meaningText(single, [value], side);
  const free = new Map(pulumi.map((value, index) => [index, text(value, "pulumi")]));
  const pairs: [number, number][] = [];
  const alone: number[] = [];
  terraform.forEach((value, index) => {
    const wanted = text(value, "terraform");
    const partner = [...free].find(([, candidate]) => candidate === wanted)?.[0];
    if (partner === undefined) alone.push(index);
    else {
      free.delete(partner);
      pairs.push([index, partner]);
    }
  });
  for (const index of alone) {
    const partner = nearest(single, terraform[index] ?? null, pulumi, [...free.keys()]);
    if (partner !== undefined) free.delete(partner);
    pairs.push([index, partner ?? pulumi.length]);
  }
  return [...pairs, ...[...free.keys()].map((index) => [terraform.length, index] as [number, number])];
};

const facts = (field: FieldMapping, value: Value, side: Side): Set<string> => {
  const [meaning] = fieldMeaning(field, [value], side) as unknown[];
  return new Set(
    isObject(meaning) ? Object.entries(meaning).map((entry) => canonical(entry, true)) : [canonical(meaning, true)],
  );
};

const nearest = (
  field: FieldMapping,
  wanted: Value,
  pulumi: readonly Value[],
  free: readonly number[],
): number | undefined => {
  const own = facts(field, wanted, "terraform");
  const shared = (index: number): number =>
    [...facts(field, pulumi[index] ?? null, "pulumi")].filter((fact) => own.has(fact)).length;
  return free.reduce<number | undefined>(
    (best, index) => (best === undefined || shared(index) > shared(best) ? index : best),
    undefined,
  );
};
