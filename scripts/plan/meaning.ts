import { isPolicy } from "./iam/document";
import { canonicalPolicy } from "./iam/equivalent";
import type { ElementMapping, FieldMapping, Fields } from "./provider-mapping";
import { Sensitive } from "./sensitive";
import type { Value, ValueObject } from "./types";
import { canonical, isEmpty, isObject } from "./values";

export type Side = "terraform" | "pulumi";

/** The JSON inside a text, when there is an object or a list in it. */
export const embeddedJson = (text: string): unknown => {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const textMeaning = (text: string): unknown => {
  const json = embeddedJson(text);
  if (json === undefined) return text;
  try {
    return isPolicy(json) ? { policy: canonicalPolicy(json) } : { json };
  } catch {
    return { json }; // It has a Statement and is no policy after all.
  }
};

const scalarMeaning = (type: FieldMapping["type"], value: Value): unknown => {
  if (type === "bool") return value === "true" ? true : value === "false" ? false : value;
  if ((type === "int" || type === "float") && typeof value === "string" && value.trim() !== "") {
    return Number.isNaN(Number(value)) ? value : Number(value);
  }
  if (type === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  return typeof value === "string" ? textMeaning(value) : value;
};

const elementMeaning = (element: ElementMapping | undefined, value: Value, side: Side): unknown => {
  if (element?.fields) return isObject(value) ? objectMeaning(element.fields, value, side) : value;
  return element?.value ? fieldMeaning(element.value, value, side) : value;
};

const objectMeaning = (fields: Fields, value: ValueObject, side: Side): unknown =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([terraform, field]) => {
      const item = value[side === "terraform" ? terraform : (field.name ?? terraform)];
      return isEmpty(item) || item === undefined ? [] : [[terraform, fieldMeaning(field, item, side)]];
    }),
  );

const mapMeaning = (field: FieldMapping, value: ValueObject, side: Side): unknown =>
  Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      item === null ? [] : [[key, elementMeaning(field.element, item, side)]],
    ),
  );

/**
 * What a value says, in Terraform's names and apart from how it is written: sets sorted, policies and JSON by content,
 * numbers as numbers, nothing for what is empty. Values with the same meaning have the same canonical JSON.
 */
export const fieldMeaning = (field: FieldMapping, value: Value, side: Side): unknown => {
  if (value instanceof Sensitive) return fieldMeaning(field, (value.reveal()?.value ?? null) as Value, side);
  if (field.single) {
    const item = Array.isArray(value) ? value[0] : value;
    return item === undefined ? null : elementMeaning(field.element, item, side);
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => elementMeaning(field.element, item, side));
    return field.type === "set" ? items.sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1)) : items;
  }
  if (isObject(value)) {
    return field.element?.fields ? objectMeaning(field.element.fields, value, side) : mapMeaning(field, value, side);
  }
  return scalarMeaning(field.type, value);
};

/** One text per meaning. */
export const meaningText = (field: FieldMapping, value: Value, side: Side): string =>
  canonical(fieldMeaning(field, value, side), true);
