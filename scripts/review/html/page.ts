import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ReviewModel } from "../types";
import { escapeAttribute, type Html, html, raw } from "./escape";
import { renderHeader, renderSignature } from "./header";
import { highlightSources } from "./highlight";
import { renderJournal, renderOutputs, renderTimeline, renderTrials } from "./history";
import { renderPipeline } from "./picture";
import { renderModule } from "./resource";
import { renderTraffic } from "./traffic";

const asset = (name: string): string => readFileSync(join(__dirname, name), "utf8");

const hashOf = (content: string): string => `'sha256-${createHash("sha256").update(content).digest("base64")}'`;

/** Nothing loads and nothing runs but the one style sheet and the one script with these hashes. */
const policyFor = (style: string, script: string): string =>
  `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; base-uri 'none'; form-action 'none'`;

const renderNavigation = ({ modules, outputs, traffic }: ReviewModel): Html => {
  const links: readonly (readonly [string, string])[] = [
    ["picture", "Picture"],
    ...modules.map(({ wave }) => [`m-${wave}`, wave] as const),
    ...(outputs.length > 0 ? [["outputs", "Outputs"] as const] : []),
    ["timeline", "Stages"],
    ...(traffic.length > 0 ? [["traffic", "Requests"] as const] : []),
    ["trials", "Trials"],
    ["journal", "Journal"],
  ];
  return html`<nav class="bar" aria-label="Page"><ul>${links.map(([id, name]) => html`<li><a href="#${id}">${name}</a>`)}</ul>
<div class="tools" hidden><input type="search" id="search" placeholder="Search (press /)" aria-label="Search names and values" autocomplete="off" spellcheck="false">
<fieldset><legend class="hidden">Show</legend><label><input type="radio" name="show" value="all" checked>all</label><label><input type="radio" name="show" value="look">to look at</label><label><input type="radio" name="show" value="different">different</label></fieldset>
<button type="button" id="fold">Unfold all</button><button type="button" id="theme">Theme: auto</button></div><p class="found" id="found" role="status"></p></nav>`;
};

/** The whole review as one self-contained page. */
export const renderPage = async (model: ReviewModel): Promise<string> => {
  const sources = await highlightSources(model.files);
  const modules = model.modules.map((module) => renderModule(module, sources));
  // After the modules: the colours in use are known only then.
  const [style, script] = [asset("style.css") + sources.css(), asset("script.js")];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${raw(policyFor(style, script))}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${raw(escapeAttribute(`${model.environment}: ${model.waves.join(", ")} from Terraform to Pulumi`))}</title>
<style>${raw(style)}</style></head><body data-show="all"><a class="skip" href="#main">Skip to the review</a>
${renderHeader(model)}${renderNavigation(model)}<main id="main">${renderPipeline(model)}${modules}${renderOutputs(model.outputs)}${renderTimeline(model.timeline)}${renderTraffic(model.traffic)}${renderTrials(model.trials)}${renderJournal(model.journal)}</main>${renderSignature(model)}
<script>${raw(script)}</script></body></html>
`.text;
};
