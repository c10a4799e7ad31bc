/**
 * Characters that a reader cannot see, or that change how the text around them is shown: controls, bidi and other
 * format characters, line and paragraph separators, lone surrogates. Tab and newline are left to the caller.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const SPACES = /[\t\n]/;

/** `\n`, `\u202E`, `\u{E0001}`: what a programmer would type to get the character. */
export const escapeOf = (character: string): string => {
  const short = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0" }[character];
  if (short) return short;
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
};

/** Splits text into what may be shown as it is and what must be shown as an escape. */
export const splitHidden = (text: string): readonly { readonly text: string; readonly hidden: boolean }[] => {
  const parts: { text: string; hidden: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (SPACES.test(match[0])) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), hidden: false });
    parts.push({ text: escapeOf(match[0]), hidden: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), hidden: false });
  return parts;
};

/** The text with every hidden character as its escape; on one line when asked, then tab and newline too. */
export const visible = (text: string, options: { oneLine?: boolean } = {}): string => {
  const shown = splitHidden(text)
    .map((part) => part.text)
    .join("");
  return options.oneLine ? shown.replace(/[\t\n]/g, escapeOf) : shown;
};
