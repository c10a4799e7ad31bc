import ts from "typescript";

const NUMBER = ts.SyntaxKind.NumericLiteral;
const STRINGS = new Set([ts.SyntaxKind.StringLiteral, ts.SyntaxKind.NoSubstitutionTemplateLiteral]);

/** Tokens of an expression without spaces, comments, trailing commas, digit separators and kinds of quotes. */
export const normal = (expression: string): string => {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard, expression);
  const tokens: string[] = [];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const text = scanner.getTokenText();
    if (["}", "]", ")"].includes(text) && tokens.at(-1) === ",") tokens.pop();
    if (kind === NUMBER) tokens.push(String(Number(text.replaceAll("_", ""))));
    else tokens.push(STRINGS.has(kind) ? JSON.stringify(scanner.getTokenValue()) : text);
  }
  return tokens.join(" ");
};
