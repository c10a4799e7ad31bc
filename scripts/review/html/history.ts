import type { ComparisonRow } from "../../plan/types";
import { countRows } from "../model";
import type { JournalRun, ReviewModel, TimelineStage, Trial } from "../types";
import { type Html, html } from "./escape";
import { renderOwner } from "./resource";
import { renderCounts, renderRows } from "./rows";

const ENDINGS: Readonly<Record<JournalRun["ending"], string>> = {
  done: "done",
  failed: "failed",
  open: "not finished",
};

/** `2026-11-23 13:41:07` in UTC: the same text wherever the page is opened. */
export const moment = (iso: string): string => (iso ? `${iso.slice(0, 10)} ${iso.slice(11, 19)}` : "");

const renderStageHead = ({ name, current, reached }: TimelineStage): Html =>
  html`<th scope="col"${current && html` aria-current="step"`}>${name}${current && html` <b class="now">now</b>`}${reached && html`<small>${moment(reached)}</small>`}`;

/** Who owns what at each stage, with where the environment stands. */
export const renderTimeline = (stages: readonly TimelineStage[]): Html => {
  const waves = stages[0]?.owners.map(({ wave }) => wave) ?? [];
  const rows = waves.map((wave, index) => {
    const cells = stages.map(
      ({ owners, current }) => html`<td${current && html` class="now"`}>${renderOwner(owners[index]?.owner ?? "none")}`,
    );
    return html`<tr><th scope="row">${wave}${cells}`;
  });
  return html`<section id="timeline"><h2>Owners, stage by stage</h2><div class="scroll" tabindex="0" role="region" aria-label="Owners, stage by stage"><table class="timeline"><thead><tr><td>${stages.map(renderStageHead)}<tbody>${rows}</table></div></section>`;
};

const renderTrial = ({ name, ok, outcome }: Trial): Html =>
  html`<tr><td>${name}<td>${ok ? html`<span class="mark equal"><b aria-hidden="true">✓</b>held</span>` : html`<span class="mark different"><b aria-hidden="true">✕</b>did not hold</span>`}<td>${outcome}`;

const renderTrialsOf = (trials: readonly Trial[], title: string, none: string): Html => {
  if (trials.length === 0) return html`<h3>${title}</h3><p class="none">${none}</p>`;
  const held = trials.filter(({ ok }) => ok).length;
  return html`<h3>${title}</h3><details${held < trials.length && html` open`}><summary>${held} of ${trials.length} held</summary><table class="figures wide"><thead><tr><th scope="col">Tried<th scope="col">Result<th scope="col">What happened<tbody>${trials.map(renderTrial)}</table></details>`;
};

export const renderTrials = (trials: readonly Trial[]): Html =>
  html`<section id="trials"><h2>What was tried to break it</h2>
${renderTrialsOf(
  trials.filter(({ kind }) => kind === "fault"),
  "Faults",
  "No record of faults here. `npm test` makes one.",
)}
${renderTrialsOf(
  trials.filter(({ kind }) => kind === "mutation"),
  "Mutations",
  "No record of mutations here. `npm test` makes one.",
)}</section>`;

const renderRun = ({ title, began, ending, lines }: JournalRun): Html =>
  html`<li><h3>${title} <span class="ending ${ending}">${ENDINGS[ending]}</span> <time datetime="${began}">${moment(began)}</time></h3><ol>${lines.map(({ time, text }) => html`<li><time datetime="${time}">${time.slice(11, 19)}</time> ${text}`)}</ol>`;

/** What was done to this environment, newest first. */
export const renderJournal = ({ damage, runs }: ReviewModel["journal"]): Html =>
  html`<section id="journal"><h2>Journal</h2>${damage && html`<p class="alarm"><b>The journal cannot be trusted:</b> ${damage}.</p>`}
${runs.length > 0 ? html`<ol class="journal">${[...runs].reverse().map(renderRun)}</ol>` : html`<p class="none">Nothing has been done to this environment yet.</p>`}</section>`;

export const renderOutputs = (rows: readonly ComparisonRow[]): Html | false =>
  rows.length > 0 &&
  html`<section id="outputs"><h2>Outputs</h2><p>What both sides tell the world. ${renderCounts(countRows(rows))}</p>${renderRows(rows, "Outputs")}</section>`;
