/** A statement of an IAM policy, with lists where the language allows a single value too. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** `Service:lambda.amazonaws.com`, `AWS:…`, or `*`. */
  readonly principals: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** NotAction, NotResource and NotPrincipal, which allow whatever they do not name. */
  readonly inverted: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly string[] =>
  value === undefined ? [] : Array.isArray(value) ? value.map(String) : [String(value)];

const principalsOf = (value: unknown): readonly string[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([kind, names]) => list(names).map((name) => `${kind}:${name}`))
    : list(value);

const readStatement = (fields: Fields): Statement => ({
  effect: String(fields.Effect),
  actions: list(fields.Action),
  resources: list(fields.Resource),
  principals: principalsOf(fields.Principal),
  conditions: (fields.Condition ?? {}) as Statement["conditions"],
  inverted: ["NotAction", "NotResource", "NotPrincipal"].filter((key) => fields[key] !== undefined),
});

/** The statements of a policy document given as JSON. */
export const statementsOf = (document: string): readonly Statement[] => {
  const { Statement: statements } = JSON.parse(document) as { Statement?: Fields | readonly Fields[] };
  return (Array.isArray(statements) ? statements : statements ? [statements] : []).map(readStatement);
};

export const allowing = (statements: readonly Statement[]): readonly Statement[] =>
  statements.filter(({ effect }) => effect === "Allow");

export const hasWildcard = (text: string): boolean => /[*?]/.test(text);

/** Turns a name into the source of a regular expression that matches it alone. */
export const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
