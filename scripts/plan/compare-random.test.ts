import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "uvu";
import { compareResource, differencesIn } from "./compare";
import { toPulumi } from "./names";
import type { FieldMapping, Fields, ProviderMapping } from "./provider-mapping";
import type { ComparisonRow, Value, ValueObject } from "./types";
import { isObject } from "./values";

/** Random schemas and random values that fit them: the comparison may know nothing but the mapping. */

const scalarTypes = ["string", "int", "bool"] as const;

const scalarField = (name: string): fc.Arbitrary<FieldMapping> =>
  fc.constantFrom(...scalarTypes).map((type) => ({ name, type, optional: true }));

const camel = (name: string): string => name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

const fieldsOf = (depth: number): fc.Arbitrary<Fields> =>
  fc
    .uniqueArray(fc.constantFrom("a_one", "b_two", "c_three", "d_four", "e_five"), { minLength: 1, maxLength: 4 })
    .chain((names) =>
      fc.tuple(...names.map((name) => fieldOf(camel(name), depth).map((field) => [name, field] as const))),
    )
    .map((entries) => Object.fromEntries(entries));

const collection = (name: string, depth: number): fc.Arbitrary<FieldMapping> =>
  fc
    .record({
      type: fc.constantFrom("list" as const, "set" as const),
      single: fc.boolean(),
      fields: fieldsOf(depth - 1),
    })
    .map(({ type, single, fields }) => ({ name: `${name}s`, type, single, element: { fields } }));

const scalars = (name: string): fc.Arbitrary<FieldMapping> =>
  fc
    .constantFrom("list" as const, "set" as const, "map" as const)
    .map((type) => ({ name, type, element: { value: { type: "string" } } }));

const fieldOf = (name: string, depth: number): fc.Arbitrary<FieldMapping> =>
  depth > 0
    ? fc.oneof(scalarField(name), scalars(name), collection(name, depth))
    : fc.oneof(scalarField(name), scalars(name));

/** True and numbers above zero: `false`, 0 and "not set" are one to the provider, and have tests of their own. */
const text = fc.stringMatching(/^[a-z]{1,4}$/);

const valueFor = (field: FieldMapping): fc.Arbitrary<Value> => {
  if (field.element?.fields) {
    const count = field.single ? { minLength: 1, maxLength: 1 } : { maxLength: 3 };
    return fc.array(objectFor(field.element.fields), count) as fc.Arbitrary<Value>;
  }
  if (field.type === "map") return fc.dictionary(text, text, { maxKeys: 3 });
  if (field.type === "list" || field.type === "set") return fc.uniqueArray(text, { maxLength: 4 });
  if (field.type === "int") return fc.integer({ min: 1, max: 9 });
  return field.type === "bool" ? fc.constant(true) : text;
};

const objectFor = (fields: Fields): fc.Arbitrary<ValueObject> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, valueFor(field)])));

const resource = fieldsOf(2).chain((fields) => objectFor(fields).map((attributes) => ({ fields, attributes })));

const compare = (fields: Fields, attributes: ValueObject, outputs: ValueObject): ComparisonRow[] => {
  const mapping: ProviderMapping = {
    plugin: "random@1",
    resources: {
      random_thing: { token: "random:index:Thing", fields: { ...fields, id: { name: "id", type: "string" } } },
    },
  };
  const terraform = {
    address: "random_thing.x",
    type: "random_thing",
    name: "x",
    module: "",
    attributes: { ...attributes, id: "i" },
  };
  const urn = "urn:pulumi:dev::p::random:index:Thing::x";
  const pulumi = {
    urn,
    type: "random:index:Thing",
    name: "x",
    custom: true,
    id: "i",
    protect: true,
    inputs: {},
    outputs,
  };
  return compareResource({ terraform, pulumi }, mapping);
};

const shuffled = <T>(items: readonly T[], seed: number): T[] =>
  items
    .map((item, index) => ({ item, key: (index * 7919 + seed * 104729) % 97 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

/** Other order in every set and of all keys; numbers as text where the schema says number. */
const disguise = (fields: Fields, object: ValueObject, seed: number): ValueObject =>
  Object.fromEntries(
    shuffled(Object.entries(object), seed).map(([name, value]) => [name, disguiseValue(fields[name], value, seed)]),
  );

const disguiseValue = (field: FieldMapping | undefined, value: Value, seed: number): Value => {
  if (field?.type === "int" && seed % 2) return String(value);
  if (!Array.isArray(value)) return value;
  const inner = field?.element?.fields;
  const items = inner ? value.map((item) => (isObject(item) ? disguise(inner, item, seed) : item)) : [...value];
  return field?.type === "set" ? shuffled(items, seed) : items;
};

test("the same resource is equal under Pulumi's names, whatever the order of its sets", () => {
  fc.assert(
    fc.property(resource, fc.nat(96), ({ fields, attributes }, seed) => {
      const rows = compare(fields, attributes, toPulumi(fields, disguise(fields, attributes, seed)));
      assert.deepEqual(differencesIn(rows), []);
    }),
    { numRuns: 150 },
  );
});

interface Place {
  readonly path: readonly (string | number)[];
  readonly field: FieldMapping | undefined;
}

/** Every scalar of a value. */
const places = (fields: Fields, object: ValueObject, path: Place["path"] = []): Place[] =>
  Object.entries(object).flatMap(([name, value]) => placesIn(fields[name], value, [...path, name]));

const placesIn = (field: FieldMapping | undefined, value: Value, path: Place["path"]): Place[] => {
  if (Array.isArray(value)) {
    const inner = field?.element?.fields;
    return value.flatMap((item, index) =>
      inner && isObject(item)
        ? places(inner, item, [...path, index])
        : [{ path: [...path, index], field: field?.element?.value }],
    );
  }
  if (isObject(value)) return Object.keys(value).map((key) => ({ path: [...path, key], field: field?.element?.value }));
  return [{ path, field }];
};

const mutated = (value: Value): Value => {
  if (typeof value === "number") return value + 10;
  return typeof value === "boolean" ? false : `${String(value)}x`;
};

const change = (root: Value, [step, ...rest]: Place["path"]): Value => {
  if (step === undefined) return mutated(root);
  if (Array.isArray(root)) return root.map((item, index) => (index === step ? change(item, rest) : item));
  return isObject(root) ? { ...root, [step]: change(root[step] ?? null, rest) } : root;
};

test("any single value that is changed on one side is found", () => {
  fc.assert(
    fc.property(resource, fc.nat(96), fc.nat(), ({ fields, attributes }, seed, choice) => {
      const all = places(fields, attributes);
      const place = all[choice % Math.max(all.length, 1)];
      fc.pre(place !== undefined);
      const other = change(attributes, place?.path ?? []) as ValueObject;
      const rows = differencesIn(compare(fields, attributes, toPulumi(fields, disguise(fields, other, seed))));
      assert.ok(rows.length > 0, `${JSON.stringify(attributes)} and ${JSON.stringify(other)} were found equal`);
      const top = String(place?.path[0]);
      assert.ok(
        rows.every(({ terraformName }) => terraformName.startsWith(top)),
        "another property was blamed",
      );
    }),
    { numRuns: 250 },
  );
});

test("any property that one side lacks is found", () => {
  fc.assert(
    fc.property(resource, fc.nat(), ({ fields, attributes }, choice) => {
      const names = Object.keys(attributes).filter((name) => JSON.stringify(attributes[name])?.match(/[1-9a-z]/));
      const name = names[choice % Math.max(names.length, 1)];
      fc.pre(name !== undefined && places(fields, { [name]: attributes[name] ?? null }).length > 0);
      const { [name ?? ""]: _dropped, ...rest } = attributes;
      assert.ok(differencesIn(compare(fields, attributes, toPulumi(fields, rest))).length > 0, "missing in Pulumi");
      assert.ok(differencesIn(compare(fields, rest, toPulumi(fields, attributes))).length > 0, "missing in Terraform");
    }),
    { numRuns: 120 },
  );
});

test("the order of a list is part of its value", () => {
  const fields: Fields = { l: { name: "l", type: "list", element: { value: { type: "string" } } } };
  assert.equal(differencesIn(compare(fields, { l: ["a", "b"] }, { l: ["b", "a"] })).length, 1);
});

test.run();
