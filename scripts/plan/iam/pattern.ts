/**
 * Text with IAM's wildcards: `*` any characters, `?` exactly one. A policy variable such as `${aws:username}` is one
 * literal piece, and so are `${*}`, `${?}` and `${$}`, IAM's way to write those characters themselves.
 */
type Token = { readonly wild: "*" | "?" } | { readonly literal: string };

const TOKEN = /\$\{[^}]*\}|\*|\?|[^*?$]+|\$/g;
const ESCAPED = new Set(["*", "?", "$"]);

const tokens = (pattern: string): Token[] =>
  (pattern.match(TOKEN) ?? []).flatMap((text): Token[] => {
    if (text === "*" || text === "?") return [{ wild: text }];
    const variable = text.startsWith("${") ? text.slice(2, -1) : undefined;
    return [...(variable && ESCAPED.has(variable) ? variable : text)].map((literal) => ({ literal }));
  });

/** Within a run of wildcards their order means nothing, and one `*` is as good as many. */
export const normalisePattern = (pattern: string): string =>
  pattern.replace(/\$\{[^}]*\}|[*?]{2,}/g, (run) =>
    run.startsWith("$") ? run : "?".repeat(run.split("?").length - 1) + (run.includes("*") ? "*" : ""),
  );

/** Greedy wildcard matching with one point of return: linear in most cases, never exponential. */
const match = (pattern: readonly Token[], text: readonly Token[]): boolean => {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const wanted = pattern[p];
    const given = text[t];
    if (wanted && given && accepts(wanted, given)) {
      p += 1;
      t += 1;
    } else if (wanted && "wild" in wanted && wanted.wild === "*") {
      star = p;
      resume = t;
      p += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      t = resume;
    } else return false;
  }
  return pattern.slice(p).every((rest) => "wild" in rest && rest.wild === "*");
};

/** Whether one step of the pattern takes one step of the text; the text may itself hold wildcards. */
const accepts = (wanted: Token, given: Token): boolean => {
  if ("literal" in wanted) return "literal" in given && wanted.literal === given.literal;
  return wanted.wild === "?" && ("literal" in given || given.wild === "?");
};

const literalTokens = (text: string): Token[] => [...text].map((literal) => ({ literal }));

/** Whether a plain text is one of those that the pattern describes. */
export const matches = (pattern: string, text: string): boolean => match(tokens(pattern), literalTokens(text));

/** Whether every text that `narrow` describes is also described by `wide`. Never wrongly yes. */
export const covers = (wide: string, narrow: string): boolean =>
  match(tokens(normalisePattern(wide)), tokens(normalisePattern(narrow)));
