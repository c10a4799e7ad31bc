import type { ComparisonRow, Verdict } from "../../plan/types";
import type { Counts } from "../types";
import { type Html, html } from "./escape";
import { renderDifference, renderValue } from "./values";

/** A sign and words: colour is never the only mark. */
export const MARKS: Readonly<Record<Verdict, { readonly sign: string; readonly words: string }>> = {
  different: { sign: "≠", words: "different" },
  "never-returned": { sign: "∅", words: "never returned by AWS" },
  "equal-by-meaning": { sign: "≈", words: "equal by meaning" },
  equal: { sign: "=", words: "equal" },
};

const VERDICTS = Object.keys(MARKS) as Verdict[];

export const renderMark = (verdict: Verdict, count?: number): Html => {
  const { sign, words } = MARKS[verdict];
  return html`<span class="mark ${verdict}"><b aria-hidden="true">${sign}</b>${count !== undefined && html`${count.toLocaleString("en")} `}${words}</span>`;
};

export const renderCounts = (counts: Counts): Html =>
  html`<span class="counts">${VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => renderMark(verdict, counts[verdict]))}</span>`;

const HEAD = html`<thead><tr><th scope="col">Terraform name<th scope="col">Pulumi name<th scope="col">Terraform value<th scope="col">Pulumi value`;

// End tags that HTML lets us leave out are left out: a page may hold tens of thousands of rows.
const renderEqual = (row: ComparisonRow): Html =>
  html`<tr><td>${row.terraformName}<td>${row.pulumiName}<td colspan="2">${renderValue(row.pulumiValue ?? row.terraformValue)}`;

const renderOther = (row: ComparisonRow): Html => {
  const [left, right] =
    row.verdict === "different"
      ? renderDifference(row)
      : [renderValue(row.terraformValue), renderValue(row.pulumiValue)];
  return html`<tbody class="v ${row.verdict}"><tr><td>${row.terraformName}<td>${row.pulumiName}<td>${left}<td>${right}
<tr class="why"><td colspan="4">${renderMark(row.verdict)} ${row.reason}`;
};

/** The table of one resource: what needs a look first, equal rows folded. */
export const renderRows = (rows: readonly ComparisonRow[], label: string): Html => {
  const equal = rows.filter(({ verdict }) => verdict === "equal");
  const other = rows.filter(({ verdict }) => verdict !== "equal");
  if (rows.length === 0)
    return html`<p class="none">Not compared yet: only one side knows this resource's attributes.</p>`;
  return html`${other.length > 0 && html`<table class="rows" aria-label="${label}: to look at">${HEAD}${other.map(renderOther)}</table>`}
${equal.length > 0 && html`<details class="equal"><summary>${renderMark("equal", equal.length)}</summary><table class="rows" aria-label="${label}: equal">${HEAD}<tbody>${equal.map(renderEqual)}</table></details>`}`;
};
