import { BlockList, isIP } from "node:net";
import { UserError } from "../../lib/errors";
import type { Condition } from "./document";
import { matches } from "./pattern";

/** Keys of the request in any case; several values for a key that holds a list. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

type Test = (wanted: string, given: string) => boolean;

const numeric =
  (compare: (given: number, wanted: number) => boolean): Test =>
  (wanted, given) =>
    compare(Number(given), Number(wanted));

const date =
  (compare: (given: number, wanted: number) => boolean): Test =>
  (wanted, given) =>
    compare(instant(given), instant(wanted));

/** ISO 8601, or seconds since 1970. */
const instant = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const inRange: Test = (wanted, given) => {
  const family = isIP(given) === 6 ? "ipv6" : "ipv4";
  const [network = "", bits] = wanted.split("/");
  if (isIP(network) !== isIP(given) || isIP(given) === 0) return false;
  const range = new BlockList();
  range.addSubnet(network, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  return range.check(given, family);
};

/** An ARN is matched part by part: a wildcard does not reach over a colon, except in the last part. */
const arnLike: Test = (wanted, given) => {
  const [pattern, arn] = [arnParts(wanted), arnParts(given)];
  return pattern.length === arn.length && pattern.every((part, index) => matches(part, arn[index] ?? ""));
};

const arnParts = (arn: string): string[] => {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
};

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  StringLike: matches,
  NumericEquals: numeric((given, wanted) => given === wanted),
  NumericLessThan: numeric((given, wanted) => given < wanted),
  NumericLessThanEquals: numeric((given, wanted) => given <= wanted),
  NumericGreaterThan: numeric((given, wanted) => given > wanted),
  NumericGreaterThanEquals: numeric((given, wanted) => given >= wanted),
  DateEquals: date((given, wanted) => given === wanted),
  DateLessThan: date((given, wanted) => given < wanted),
  DateLessThanEquals: date((given, wanted) => given <= wanted),
  DateGreaterThan: date((given, wanted) => given > wanted),
  DateGreaterThanEquals: date((given, wanted) => given >= wanted),
  Bool: (wanted, given) => wanted === given.toLowerCase(),
  BinaryEquals: (wanted, given) => wanted === given,
  IpAddress: inRange,
  ArnLike: arnLike,
};

/** Operators that hold when no wanted value fits. */
const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
  NotIpAddress: "IpAddress",
  ArnNotLike: "ArnLike",
};

const OPERATOR = /^(?:(?<quantifier>ForAllValues|ForAnyValue):)?(?<base>[A-Za-z]+?)(?<ifExists>IfExists)?$/;

const lookUp = (context: Context, key: string): readonly string[] | undefined => {
  const found = Object.keys(context).find((name) => name.toLowerCase() === key);
  const value = found === undefined ? undefined : context[found];
  return typeof value === "string" ? [value] : value;
};

/** Whether a condition holds for a request, by IAM's rules for absent keys and for keys with several values. */
export const conditionHolds = ({ operator, key, values: wanted }: Condition, context: Context): boolean => {
  const given = lookUp(context, key);
  if (operator === "Null") return wanted.includes(String(given === undefined));
  const { quantifier, base = "", ifExists } = OPERATOR.exec(operator)?.groups ?? {};
  const negated = base in NEGATIONS;
  const check = TESTS[NEGATIONS[base] ?? base];
  if (!check) throw new UserError(`IAM has no condition operator ${operator}`);
  if (given === undefined || given.length === 0) {
    if (quantifier === "ForAllValues" || ifExists) return true;
    return quantifier !== "ForAnyValue" && negated;
  }
  const holds = (value: string): boolean => wanted.some((pattern) => check(pattern, value)) !== negated;
  if (quantifier === "ForAllValues") return given.every(holds);
  // Without a quantifier a key with several values fits when one does, and a negation when none does.
  return quantifier === "ForAnyValue" || !negated ? given.some(holds) : given.every(holds);
};
