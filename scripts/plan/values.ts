import { MASK, Sensitive } from "./sensitive";
import type { Json, Value, ValueObject } from "./types";

export const isObject = (value: unknown): value is ValueObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Sensitive);

/** JSON with sorted keys and no spaces: equal values give equal text. `reveal` looks into secrets, to compare them. */
export const canonical = (value: unknown, reveal = false): string => {
  if (value instanceof Sensitive) return secretText(value, reveal);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, reveal)).join(",")}]`;
  if (isObject(value)) {
    const fields = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key], reveal)}`);
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(value ?? null);
};

const secretText = (secret: Sensitive, reveal: boolean): string => {
  const content = secret.reveal();
  return reveal && content ? canonical(content.value, true) : JSON.stringify(secret);
};

/** Null, "", [] and {}: what both tools take for "not set". */
export const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isObject(value) && Object.keys(value).length === 0);

/** A copy for people and files: every secret is its marker. */
export const printable = (value: Value | undefined): Json | undefined =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json);

/** For a row that people read: a value as it is, or that there is one which nobody may see. */
export const shown = (value: Value | undefined, masked: boolean): Json | undefined =>
  masked && !isEmpty(value) ? MASK : printable(value);
