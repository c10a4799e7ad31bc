import { lineCounter, type SourceFile, type SourceRange, withLeadingComment } from "./types";

/** A top-level block such as `resource "aws_s3_bucket" "audio" { … }`. */
export interface HclBlock extends SourceRange {
  /** `resource`, `module`, `output`, `locals` … */
  readonly kind: string;
  readonly labels: readonly string[];
  /** Between the braces, comments blanked out, same length as in the file. */
  readonly body: string;
}

/** An attribute directly in a block's body; `text` is its expression. */
export interface HclAttribute {
  readonly name: string;
  readonly text: string;
}

const blank = (text: string): string => text.replace(/[^\n]/g, " ");

const endOfString = (text: string, start: number): number => {
  let index = start + 1;
  while (index < text.length && text[index] !== '"') {
    if (text[index] === "\\") index += 2;
    else if ((text[index] === "$" || text[index] === "%") && text[index + 1] === "{")
      index = endOfBraces(text, index + 1);
    else index += 1;
  }
  return index + 1;
};

const endOfHeredoc = (text: string, start: number): number => {
  const opening = /^<<[-~]?([A-Za-z_]\w*)[^\n]*\n/.exec(text.slice(start, start + 200));
  if (!opening) return start + 2;
  const closing = new RegExp(`^[ \\t]*${opening[1]}[ \\t]*$`, "m").exec(text.slice(start + opening[0].length));
  return closing ? start + opening[0].length + closing.index + closing[0].length : text.length;
};

const endOfComment = (text: string, start: number): number => {
  const end = text.startsWith("/*", start) ? text.indexOf("*/", start) + 2 : text.indexOf("\n", start);
  return end <= start ? text.length : end;
};

/** The end of a string, heredoc or comment that begins here; 0 where none does. */
const endOfOpaque = (text: string, index: number): { end: number; comment: boolean } => {
  if (text[index] === '"') return { end: endOfString(text, index), comment: false };
  if (text.startsWith("<<", index)) return { end: endOfHeredoc(text, index), comment: false };
  if (text[index] === "#" || text.startsWith("//", index) || text.startsWith("/*", index)) {
    return { end: endOfComment(text, index), comment: true };
  }
  return { end: 0, comment: false };
};

/** Offset after the brace that closes the one at `start`. */
export const endOfBraces = (text: string, start: number): number => {
  let depth = 0;
  let index = start;
  while (index < text.length) {
    const opaque = endOfOpaque(text, index);
    if (opaque.end) {
      index = opaque.end;
      continue;
    }
    if (text[index] === "{") depth += 1;
    if (text[index] === "}") depth -= 1;
    index += 1;
    if (depth === 0) return index;
  }
  return text.length;
};

const withoutComments = (text: string): string => {
  let [result, index] = ["", 0];
  while (index < text.length) {
    const opaque = endOfOpaque(text, index);
    const end = opaque.end || index + 1;
    result += opaque.comment ? blank(text.slice(index, end)) : text.slice(index, end);
    index = end;
  }
  return result;
};

const HEADER = /^([a-z_][\w-]*)((?:[ \t]+(?:"[^"\n]*"|[\w-]+))*)[ \t]*\{/gm;

/** All top-level blocks of a file, in order. Understands strings, templates, heredocs and comments. */
export const hclBlocks = (file: SourceFile): readonly HclBlock[] => {
  const text = withoutComments(file.text);
  const lines = file.text.split("\n");
  const lineOf = lineCounter(text);
  const blocks: HclBlock[] = [];
  let end = 0;
  for (const match of text.matchAll(HEADER)) {
    if (match.index < end) continue;
    const open = match.index + match[0].length - 1;
    end = endOfBraces(text, open);
    const labels = [...(match[2] ?? "").matchAll(/[^\s"]+/g)].map(([label]) => label);
    const from = withLeadingComment(lines, lineOf(match.index));
    const body = text.slice(open + 1, end - 1);
    blocks.push({ path: file.path, kind: match[1] ?? "", labels, from, to: lineOf(end - 1), body });
  }
  return blocks;
};

/** Where an expression that begins at `start` ends: at the first newline outside of all brackets. */
const endOfExpression = (text: string, start: number): number => {
  let depth = 0;
  let index = start;
  while (index < text.length) {
    const { end } = endOfOpaque(text, index);
    if (end) {
      index = end;
      continue;
    }
    const character = text[index] ?? "";
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (character === "\n" && depth <= 0) break;
    index += 1;
  }
  return index;
};

/** The attributes directly in a body; nested blocks are left out. */
export const hclAttributes = (body: string): readonly HclAttribute[] => {
  const attributes: HclAttribute[] = [];
  const next = /(?:^|\n)[ \t]*([A-Za-z_][\w-]*)[ \t]*(=(?![=>])|(?:"[^"]*"[ \t]*)?\{)/g;
  for (let match = next.exec(body); match; match = next.exec(body)) {
    const start = match.index + match[0].length;
    const isBlock = match[2] !== "=";
    next.lastIndex = isBlock ? endOfBraces(body, start - 1) : endOfExpression(body, start);
    if (!isBlock) attributes.push({ name: match[1] ?? "", text: body.slice(start, next.lastIndex).trim() });
  }
  return attributes;
};
