import type { SourceRange } from "../sources/types";
import { type Html, html, raw } from "./escape";
import type { HighlightedSources } from "./highlight";

const INDENT = /^(?:<i class="\w+">)?( *)/;

const commonIndent = (lines: readonly string[]): number => {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => INDENT.exec(line)?.[1]?.length ?? 0);
  return indents.length > 0 ? Math.min(...indents) : 0;
};

const dedent = (line: string, count: number): string =>
  count === 0
    ? line
    : line.replace(
        INDENT,
        (opening, spaces: string) => opening.slice(0, opening.length - spaces.length) + spaces.slice(count),
      );

/** One part of a file with its own line numbers: a list, so that copying it copies no numbers. */
const renderRange = (range: SourceRange, sources: HighlightedSources): Html => {
  const lines = sources.linesOf(range.path).slice(range.from - 1, range.to);
  const indent = commonIndent(lines);
  const items = lines.map((line) => `<li>${dedent(line, indent)}`).join("");
  const place = `${range.path}:${range.from}`;
  return html`<figure class="code"><figcaption>${place}</figcaption><ol start="${range.from}" aria-label="${place}">${raw(items)}</ol></figure>`;
};

/** The parts on one side, or a sentence where there are none. */
export const renderSide = (
  side: "Terraform" | "Pulumi",
  parts: readonly SourceRange[],
  sources: HighlightedSources,
): Html => {
  const content =
    parts.length > 0
      ? parts.map((range) => renderRange(range, sources))
      : html`<p class="none">${side === "Terraform" ? "No block in the configuration." : "No constructor in the program."}</p>`;
  return html`<div class="side ${side.toLowerCase()}"><h4>${side}</h4>${content}</div>`;
};
