import { diffWordsWithSpace } from "diff";
import { SIGNATURE } from "../../plan/checkpoint";
import { MASK } from "../../plan/sensitive";
import type { ComparisonRow, Json } from "../../plan/types";
import { type Html, html } from "./escape";

/** Characters of one value that are shown; the rest is counted. A page with a megabyte in a cell helps nobody. */
const LONGEST = 4_000;
/** Beyond this a word diff takes longer than reading both. */
const LONGEST_DIFF = 2_000;

const looksLikeJson = (text: string): boolean => /^\s*[[{]/.test(text) && text.length <= LONGEST;

/** How the engine writes an archive or a file: a mark of its own, then hash and place. */
const isAsset = (value: object): value is { readonly hash?: string; readonly path?: string } => SIGNATURE in value;

const readableObject = (value: object): string =>
  isAsset(value)
    ? ["archive", value.path, value.hash && `sha256 ${value.hash}`].filter(Boolean).join(" ")
    : JSON.stringify(value, null, 2);

/** A policy in one line is hard to compare; indented it is not. */
export const readable = (value: Json | undefined): string => {
  if (value === undefined) return "";
  if (typeof value !== "string")
    return typeof value === "object" && value !== null ? readableObject(value) : String(value);
  if (!looksLikeJson(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
};

const cut = (text: string): { shown: string; more: number } => {
  if (text.length <= LONGEST) return { shown: text, more: 0 };
  // Not between the halves of a surrogate pair.
  const end = /[\uD800-\uDBFF]/.test(text[LONGEST - 1] ?? "") ? LONGEST - 1 : LONGEST;
  return { shown: text.slice(0, end), more: text.length - end };
};

export const renderValue = (value: Json | undefined): Html => {
  if (value === undefined) return html`<span class="unsaid">not said</span>`;
  if (value === null) return html`<span class="unsaid">null</span>`;
  if (value === MASK) return html`<span class="masked">${MASK}</span>`;
  if (value === "") return html`<span class="unsaid">empty text</span>`;
  const { shown, more } = cut(readable(value));
  return html`${shown}${more > 0 && html` <span class="unsaid">… and ${more.toLocaleString("en")} more characters</span>`}`;
};

/** Both values with what differs marked, on the left as gone and on the right as new. */
export const renderDifference = (row: ComparisonRow): readonly [Html, Html] => {
  const [left, right] = [readable(row.terraformValue), readable(row.pulumiValue)];
  const tooLong = left.length + right.length > LONGEST_DIFF;
  if (row.terraformValue === undefined || row.pulumiValue === undefined || tooLong || !left || !right) {
    return [renderValue(row.terraformValue), renderValue(row.pulumiValue)];
  }
  const parts = diffWordsWithSpace(left, right);
  return [
    html`${parts.filter(({ added }) => !added).map(({ value, removed }) => (removed ? html`<del>${value}</del>` : value))}`,
    html`${parts.filter(({ removed }) => !removed).map(({ value, added }) => (added ? html`<ins>${value}</ins>` : value))}`,
  ];
};
