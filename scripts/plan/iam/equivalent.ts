import { type Condition, type Matcher, type PolicyDocument, readPolicy, type Statement } from "./document";
import { covers } from "./pattern";

/**
 * The smallest thing a policy can say: one effect for one principal, action and resource under conditions. A list that
 * excludes (`NotAction`) means all of its entries together, so it stays whole.
 */
interface Rule {
  readonly effect: Statement["effect"];
  readonly principal: Part;
  readonly action: Part;
  readonly resource: Part;
  readonly conditions: readonly Condition[];
}

type Part = "absent" | { readonly pattern: string } | { readonly except: readonly string[] };

const parts = (matcher: Matcher | undefined): Part[] => {
  if (!matcher) return ["absent"];
  if (!matcher.negated) return matcher.patterns.map((pattern) => ({ pattern }));
  const { patterns } = matcher;
  const needed = patterns.filter(
    (narrow, index) =>
      !patterns.some(
        (wide, other) => other !== index && covers(wide, narrow) && (other < index || !covers(narrow, wide)),
      ),
  );
  return [{ except: needed }];
};

const rulesOf = ({ statements }: PolicyDocument): Rule[] =>
  statements.flatMap(({ effect, principals, actions, resources, conditions }) =>
    parts(principals).flatMap((principal) =>
      parts(actions).flatMap((action) =>
        parts(resources).map((resource) => ({
          effect,
          principal,
          action,
          resource,
          conditions: sortConditions(conditions),
        })),
      ),
    ),
  );

const conditionText = ({ operator, key, values }: Condition): string => JSON.stringify([operator, key, values]);

const sortConditions = (conditions: readonly Condition[]): Condition[] =>
  [...new Map(conditions.map((condition) => [conditionText(condition), condition])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, condition]) => condition);

const partCovers = (wide: Part, narrow: Part): boolean => {
  if (wide === "absent" || narrow === "absent") return wide === narrow;
  if ("pattern" in wide && "pattern" in narrow) return covers(wide.pattern, narrow.pattern);
  if ("except" in wide && "except" in narrow) {
    return wide.except.every((hole) => narrow.except.some((larger) => covers(larger, hole)));
  }
  return "pattern" in wide && wide.pattern === "*";
};

/** Whether `wide` applies to every request that `narrow` applies to. */
const ruleCovers = (wide: Rule, narrow: Rule): boolean => {
  const held = new Set(narrow.conditions.map(conditionText));
  return (
    wide.effect === narrow.effect &&
    partCovers(wide.principal, narrow.principal) &&
    partCovers(wide.action, narrow.action) &&
    partCovers(wide.resource, narrow.resource) &&
    wide.conditions.every((condition) => held.has(conditionText(condition)))
  );
};

/** Without the rules that others make superfluous. Of two that cover each other the first stays. */
const needed = (rules: readonly Rule[]): Rule[] =>
  rules.filter(
    (rule, index) =>
      !rules.some(
        (other, position) =>
          position !== index && ruleCovers(other, rule) && (position < index || !ruleCovers(rule, other)),
      ),
  );

/** Variables are replaced only from version 2012-10-17 on; without any the version says nothing. */
const meaningfulVersion = ({ version, statements }: PolicyDocument): string =>
  JSON.stringify(statements).includes("${") ? version : "";

/** One text per meaning: documents with the same text decide every request alike. */
export const canonicalPolicy = (policy: unknown): string => {
  const document = readPolicy(policy);
  const rules = needed(rulesOf(document)).map((rule) => JSON.stringify(rule));
  return JSON.stringify([meaningfulVersion(document), rules.sort()]);
};

/**
 * Whether two policy documents mean the same. Statement order, Sid, scalars and lists, repeated or split statements
 * and entries that a wildcard already covers make no difference.
 * @throws UserError when one of them is no policy document
 */
export const equivalent = (a: unknown, b: unknown): boolean => canonicalPolicy(a) === canonicalPolicy(b);
