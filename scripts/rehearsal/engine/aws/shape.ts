import type { BridgeSchema, FieldOverride } from "./mapping";
import { FieldType } from "./mapping";
import { isCollection, isSingle, pulumiName } from "./names";
import { type Bag, insideSecret, isOutput, isPlainObject, isUnknown } from "./wire";

type Overrides = Readonly<Record<string, FieldOverride>> | undefined;

/** One property under its three names, and whether each side shows a list of at most one as a single value. */
export interface Property {
  readonly terraform: string;
  readonly bridge: string;
  readonly sdk: string;
  readonly bridgeSingle: boolean;
  readonly sdkSingle: boolean;
  readonly collection: boolean;
  readonly text: boolean;
  /** Known to the bridge alone: never shown to the engine. */
  readonly hidden: boolean;
  readonly inner: Shape | undefined;
}

export type Shape = readonly Property[];

/** Terraform's `id`, which the bridge renames after the resource, and `timeouts`, which Pulumi has as an option. */
const HIDDEN = new Set(["id", "timeouts"]);

const fieldsOf = (override: FieldOverride | undefined): Overrides => override?.element?.fields ?? override?.fields;

/** Builds the shape of one resource type from Terraform's schema and both sides' departures from the general naming. */
export const shapeOf = (schema: BridgeSchema, bridge: Overrides, sdk: Overrides, top = true): Shape =>
  Object.entries(schema).map(([terraform, field]) => ({
    terraform,
    bridge: pulumiName(terraform, schema, bridge),
    sdk: pulumiName(terraform, schema, sdk),
    bridgeSingle: isSingle(field, bridge?.[terraform]),
    sdkSingle: isSingle(field, sdk?.[terraform]),
    collection: isCollection(field),
    text: field.type === FieldType.string,
    hidden: top && HIDDEN.has(terraform),
    inner:
      field.element?.resource &&
      shapeOf(field.element.resource, fieldsOf(bridge?.[terraform]), fieldsOf(sdk?.[terraform]), false),
  }));

export type Direction = "toBridge" | "toSdk";

interface Sides {
  readonly from: "bridge" | "sdk";
  readonly to: "bridge" | "sdk";
}

const sides = (direction: Direction): Sides =>
  direction === "toBridge" ? { from: "sdk", to: "bridge" } : { from: "bridge", to: "sdk" };

const singleOn = (property: Property, side: "bridge" | "sdk"): boolean =>
  side === "bridge" ? property.bridgeSingle : property.sdkSingle;

/** Wraps or unwraps a list of at most one; anything else, a value not yet known among it, stays as it is. */
const rewrap = (value: unknown, property: Property, { from, to }: Sides): unknown => {
  if (value === null || value === undefined || isUnknown(value) || isOutput(value)) return value;
  if (singleOn(property, from) === singleOn(property, to)) return value;
  if (singleOn(property, from)) return Array.isArray(value) ? value : [value];
  return Array.isArray(value) && value.length <= 1 ? value[0] : value;
};

const convertValue = (value: unknown, property: Property, direction: Direction): unknown =>
  insideSecret(value, (inner) => {
    const convertOne = (item: unknown): unknown =>
      property.inner && isPlainObject(item) ? convertBag(item, property.inner, direction) : item;
    const converted = Array.isArray(inner) ? inner.map(convertOne) : convertOne(inner);
    return rewrap(converted, property, sides(direction));
  });

/** Renames and rewraps all properties of a bag; what the shape does not know, such as `__meta`, passes through. */
export const convertBag = (bag: Bag, shape: Shape, direction: Direction): Bag => {
  const { from, to } = sides(direction);
  const byName = new Map(shape.map((property) => [property[from], property]));
  const converted: Bag = {};
  for (const [name, value] of Object.entries(bag)) {
    if (name === "__defaults" && Array.isArray(value)) {
      converted[name] = value.map((item) => (typeof item === "string" ? (byName.get(item)?.[to] ?? item) : item));
      continue;
    }
    const property = byName.get(name);
    if (property?.hidden) continue;
    const result = property ? convertValue(value, property, direction) : value;
    if (result !== undefined) converted[property?.[to] ?? name] = result;
  }
  return converted;
};

/**
 * The official plugin takes an object wherever a JSON document is expected (policies). The bridge wants its text. An
 * object with values still unknown or secret in it is passed on for the program to see the bridge's complaint.
 */
export const documentsAsText = (bag: Bag, shape: Shape): Bag => {
  const texts = new Set(shape.filter((property) => property.text).map((property) => property.sdk));
  const isDocument = (name: string, value: unknown): boolean =>
    texts.has(name) && (isPlainObject(value) || Array.isArray(value)) && !isOutput(value);
  return Object.fromEntries(
    Object.entries(bag).map(([name, value]) => [
      name,
      insideSecret(value, (inner) => (isDocument(name, inner) ? JSON.stringify(inner) : inner)),
    ]),
  );
};

/** Converts a property path such as `versionings[0].enabled` or `code`. Unknown names stay as they are. */
export const convertPath = (path: string, shape: Shape, direction: Direction): string => {
  const { from, to } = sides(direction);
  const head = /^([^.[]+)((?:\[\d+\])?)\.?(.*)$/.exec(path);
  if (!head) return path;
  const [, name = "", index = "", rest = ""] = head;
  const property = shape.find((one) => one[from] === name);
  if (!property) return path;
  const kept = singleOn(property, from) === singleOn(property, to) ? index : singleOn(property, to) ? "" : "[0]";
  const tail = rest && property.inner ? convertPath(rest, property.inner, direction) : rest;
  const whole = rest === "" && index === "" && kept === "[0]" ? "" : kept;
  return `${property[to]}${whole}${tail ? (tail.startsWith("[") ? tail : `.${tail}`) : ""}`;
};
