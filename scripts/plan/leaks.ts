import { Sensitive } from "./sensitive";
import type { Inventory, Value } from "./types";
import { isObject } from "./values";

/** A secret and where it is from. */
export interface Secret {
  /** e.g. `module.db[0].aws_db_instance.main.password` or `output token`. */
  readonly from: string;
  readonly text: string;
}

/** Shorter texts (`true`, `3306`) occur everywhere by chance, so finding one proves nothing. */
const SHORTEST = 6;

const texts = (value: unknown, from: string): Secret[] => {
  if (typeof value === "string" && value.length >= SHORTEST) return [{ from, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => texts(item, `${from}.${key}`));
};

const secretsIn = (value: Value, from: string): Secret[] => {
  if (value instanceof Sensitive) return texts(value.reveal()?.value, from);
  if (Array.isArray(value)) return value.flatMap((item, index) => secretsIn(item, `${from}[${index}]`));
  return isObject(value) ? Object.entries(value).flatMap(([key, item]) => secretsIn(item, `${from}.${key}`)) : [];
};

/** Every secret text that Terraform's side holds. For comparing and masking only; never print it. */
export const secretsOf = ({ resources, outputs }: Pick<Inventory, "resources" | "outputs">): Secret[] => [
  ...resources.flatMap(({ address, attributes }) => secretsIn(attributes, address)),
  ...Object.entries(outputs).flatMap(([name, { value }]) => secretsIn(value, `output ${name}`)),
];

/** How a text may stand in a file: as it is, in JSON, in JSON within JSON, in base64. */
const forms = (text: string): string[] => {
  const quoted = JSON.stringify(text).slice(1, -1);
  return [text, quoted, JSON.stringify(quoted).slice(1, -1), Buffer.from(text).toString("base64").replace(/=+$/, "")];
};

/** Where the secrets that appear in a text are from: of an exported state, a plan, a report, a log. Empty is good. */
export const leaksIn = (text: string, secrets: readonly Secret[]): string[] => [
  ...new Set(
    secrets.filter((secret) => forms(secret.text).some((form) => text.includes(form))).map(({ from }) => from),
  ),
];
