import type { ReviewModel, Tone } from "../types";
import { type Html, html } from "./escape";
import { moment } from "./history";
import { renderCounts } from "./rows";

const TONES: Readonly<Record<Tone, { readonly sign: string; readonly words: string }>> = {
  good: { sign: "✓", words: "Equal" },
  look: { sign: "?", words: "To review" },
  stop: { sign: "✕", words: "Stop" },
};

const renderFacts = (model: ReviewModel): Html => {
  const facts: readonly (readonly [string, string])[] = [
    ["Environment", model.environment],
    ["Account", model.account],
    ["Region", model.region],
    ["Stage", model.stage.sentence],
    ["Commit", model.commit.slice(0, 12)],
    ["Made", `${moment(model.made)} UTC`],
  ];
  return html`<dl class="facts">${facts.filter(([, value]) => value).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
};

const renderProblems = ({ problems }: ReviewModel): Html | false =>
  problems.length > 0 &&
  html`<section class="alarm" aria-label="Problems"><h2>Problems</h2><ul>${problems.map(({ message, fix }) => html`<li><b>${message}</b><br>${fix}`)}</ul></section>`;

const renderHashes = ({ hashes }: ReviewModel): Html =>
  html`<details class="hashes"><summary>What this page was made from</summary><dl>${hashes.map(({ name, value }) => html`<div><dt>${name}</dt><dd>sha256 ${value}</dd></div>`)}</dl></details>`;

/** Everything that a reader needs before scrolling: the verdict, what happens next, what cannot go wrong. */
export const renderHeader = (model: ReviewModel): Html => {
  const { sign, words } = TONES[model.verdict.tone];
  return html`<header class="top"><p class="kicker">${model.project} · Terraform → Pulumi · ${model.waves.join(", ")}</p>
<div class="verdict ${model.verdict.tone}"><p class="stamp"><b aria-hidden="true">${sign}</b>${words}</p><h1>${model.verdict.sentence}</h1></div>
<p>${renderCounts(model.counts)}</p>${renderFacts(model)}${renderProblems(model)}
<div class="ahead"><section aria-label="What happens next"><h2>What happens next</h2><p>${model.next.sentence}</p>${model.next.command && html`<p><code class="command">${model.next.command}</code></p>`}</section>
<section aria-label="What cannot go wrong"><h2>What cannot go wrong</h2><ul>${model.safeguards.map((sentence) => html`<li>${sentence}`)}</ul></section></div>
${renderHashes(model)}</header>`;
};

/** Lines for a pen: the hash ties the signature to this very plan. */
export const renderSignature = ({ hashes, environment, waves }: ReviewModel): Html =>
  html`<footer class="sign"><h2>Reviewed</h2><p>I have looked at both sides of ${waves.join(", ")} in ${environment}, ${hashes[0]?.name ?? "plan"} sha256 <span class="hash">${hashes[0]?.value ?? ""}</span>.</p>
<dl><div><dt>Name</dt><dd></dd></div><div><dt>Date</dt><dd></dd></div><div><dt>Signature</dt><dd></dd></div></dl></footer>`;
