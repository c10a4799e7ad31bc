import type { ElementMapping, FieldMapping, Fields } from "./provider-mapping";
import type { Value, ValueObject } from "./types";
import { isObject } from "./values";

const toElement = (element: ElementMapping | undefined, value: Value): Value => {
  if (element?.fields) return isObject(value) ? toPulumi(element.fields, value) : value;
  return element?.value ? toValue(element.value, value) : value;
};

const toValue = (field: FieldMapping, value: Value): Value => {
  if (Array.isArray(value)) {
    const items = value.map((item) => toElement(field.element, item));
    return field.single ? (items[0] ?? null) : items;
  }
  if (!isObject(value) || !field.element) return value;
  // One block that Terraform shows as an object and not as a list of one.
  if (field.element.fields) return toPulumi(field.element.fields, value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toElement(field.element, item)]));
};

/**
 * Terraform's attributes as Pulumi's properties: names, nesting and single values from the mapping alone. Attributes
 * that the mapping does not know are left out; `compare` reports them.
 */
export const toPulumi = (fields: Fields, attributes: ValueObject): ValueObject =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      const field = fields[name];
      return field?.name ? [[field.name, toValue(field, value)]] : [];
    }),
  );

/** Terraform's name of a Pulumi property at the top of a resource. */
export const terraformName = (fields: Fields, pulumiName: string): string | undefined =>
  Object.keys(fields).find((name) => fields[name]?.name === pulumiName);

/** First step of a property path such as `origins[0].domainName` or `tags["a.b"]`. */
export const topOf = (path: string): string => /^[^.[]+/.exec(path)?.[0] ?? path;
