import { UserError } from "../../lib/errors";
import { normalisePattern } from "./pattern";

/** A list that is matched (`Action`) or excluded (`NotAction`). */
export interface Matcher {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

export interface Condition {
  /** As AWS spells it, e.g. `StringEquals`, `ForAnyValue:StringLike`, `ArnLikeIfExists`. */
  readonly operator: string;
  /** Lower case: condition keys do not distinguish case. */
  readonly key: string;
  readonly values: readonly string[];
}

export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** `TYPE:id`, e.g. `Service:lambda.amazonaws.com` or `AWS:*`; absent in identity policies. */
  readonly principals?: Matcher;
  readonly actions: Matcher;
  /** Absent in trust policies. */
  readonly resources?: Matcher;
  readonly conditions: readonly Condition[];
}

export interface PolicyDocument {
  readonly version: string;
  readonly statements: readonly Statement[];
}

type Raw = Readonly<Record<string, unknown>>;

const STATEMENT_FIELDS = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

const refuse = (message: string): never => {
  throw new UserError(`not an IAM policy document: ${message}`);
};

const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);

/** IAM takes a scalar for a list of one, and numbers and booleans for text. */
const texts = (value: unknown): string[] => {
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) =>
    ["string", "number", "boolean"].includes(typeof item) ? String(item) : refuse(`unexpected ${JSON.stringify(item)}`),
  );
};

const sorted = (items: readonly string[]): string[] => [...new Set(items)].sort();

const matcher = (
  statement: Raw,
  name: "Action" | "Resource" | "Principal",
  read: (value: unknown) => string[],
): Matcher | undefined => {
  const negative = `Not${name}`;
  if (name in statement && negative in statement) return refuse(`both ${name} and ${negative}`);
  const negated = negative in statement;
  if (!negated && !(name in statement)) return undefined;
  return { negated, patterns: sorted(read(statement[negated ? negative : name])) };
};

/** Service prefixes and action names do not distinguish case. */
const readActions = (value: unknown): string[] => texts(value).map((text) => normalisePattern(text.toLowerCase()));

const readResources = (value: unknown): string[] => texts(value).map(normalisePattern);

/** A bare account number is the account's root; `"*"` alone is everybody. */
const readPrincipals = (value: unknown): string[] => {
  if (value === "*") return ["AWS:*"];
  if (!isRaw(value)) return refuse(`unexpected Principal ${JSON.stringify(value)}`);
  return Object.entries(value).flatMap(([type, ids]) =>
    texts(ids).map((id) => `${type}:${type === "AWS" && /^\d{12}$/.test(id) ? `arn:aws:iam::${id}:root` : id}`),
  );
};

const readConditions = (value: unknown): Condition[] => {
  if (value === undefined) return [];
  if (!isRaw(value)) return refuse("Condition is no object");
  return Object.entries(value).flatMap(([operator, keys]) =>
    isRaw(keys)
      ? Object.entries(keys).map(([key, values]) => ({
          operator: operator.replace(/Arn(Not)?Equals/, "Arn$1Like"), // The two are one operator to IAM.
          key: key.toLowerCase(),
          values: sorted(texts(values).map((text) => (/Bool|Null/.test(operator) ? text.toLowerCase() : text))),
        }))
      : refuse(`Condition.${operator} is no object`),
  );
};

const readStatement = (statement: unknown): Statement => {
  if (!isRaw(statement)) return refuse("a statement is no object");
  const unknown = Object.keys(statement).find((field) => !STATEMENT_FIELDS.has(field));
  if (unknown) return refuse(`unknown field ${unknown}`);
  const { Effect: effect } = statement;
  if (effect !== "Allow" && effect !== "Deny") return refuse(`Effect is ${JSON.stringify(effect)}`);
  const principals = matcher(statement, "Principal", readPrincipals);
  const actions = matcher(statement, "Action", readActions) ?? refuse("a statement has no Action");
  const resources = matcher(statement, "Resource", readResources);
  return {
    effect,
    ...(principals && { principals }),
    actions,
    ...(resources && { resources }),
    conditions: readConditions(statement.Condition),
  };
};

/** Whether JSON looks like a policy at all, so that other JSON is compared as plain data. */
export const isPolicy = (value: unknown): boolean => isRaw(value) && "Statement" in value;

/**
 * Reads a policy document, from its text or already parsed.
 * @throws UserError when it is none
 */
export const readPolicy = (policy: unknown): PolicyDocument => {
  const document = typeof policy === "string" ? parse(policy) : policy;
  if (!isRaw(document) || !("Statement" in document)) return refuse("it has no Statement");
  const { Statement: statements, Version: version = "2008-10-17" } = document;
  return {
    version: String(version),
    statements: (Array.isArray(statements) ? statements : [statements]).map(readStatement),
  };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return refuse("it is not JSON");
  }
};
