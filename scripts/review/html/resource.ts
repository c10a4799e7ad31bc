import type { Owner } from "../../plan/types";
import { OWNER_WORDS } from "../owners";
import type { ReviewModule, ReviewResource } from "../types";
import { plural } from "../words";
import { renderSide } from "./code";
import { type Html, html } from "./escape";
import type { HighlightedSources } from "./highlight";
import { renderCounts, renderRows } from "./rows";

export const renderOwner = (owner: Owner): Html => html`<span class="owner ${owner}">${OWNER_WORDS[owner]}</span>`;

const renderIdentity = ({ id, importId, urn }: ReviewResource): Html =>
  html`<dl class="ids">${id && html`<div><dt>id</dt><dd>${id}</dd></div>`}${importId && importId !== id && html`<div><dt>import id</dt><dd>${importId}</dd></div>`}<div><dt>URN</dt><dd>${urn}</dd></div></dl>`;

const verdictsIn = ({ counts }: ReviewResource): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([verdict]) => verdict)
    .join(" ");

const renderWaiting = ({ waiting }: ReviewResource): Html | false =>
  waiting > 0 &&
  html`<p class="none">${plural(waiting, "more argument")} of the program ${waiting === 1 ? "names" : "name"} resources that are not imported yet; the import makes them known, and they are compared then.</p>`;

const renderResource = (resource: ReviewResource, sources: HighlightedSources): Html =>
  html`<article id="${resource.anchor}" data-v="${verdictsIn(resource)}">
<header><h3><a href="#${resource.anchor}">${resource.address}</a></h3><p class="becomes">becomes <b>${resource.type}</b> “${resource.name}”</p>
<p class="state">${renderOwner(resource.owner)}${renderCounts(resource.counts)}</p>${renderIdentity(resource)}</header>
<div class="pair">${renderSide("Terraform", resource.terraform, sources)}${renderSide("Pulumi", resource.pulumi, sources)}</div>
${renderRows(resource.rows, resource.address)}${renderWaiting(resource)}
</article>
`;

const renderRest = ({ wave, rest }: ReviewModule, sources: HighlightedSources): Html | false =>
  rest.terraform.length + rest.pulumi.length > 0 &&
  html`<details class="rest"><summary>The rest of ${wave}: variables, outputs, the component itself</summary>
<div class="pair">${renderSide("Terraform", rest.terraform, sources)}${renderSide("Pulumi", rest.pulumi, sources)}</div></details>`;

/** One module: where it stands, each resource on both sides, and the code that belongs to no single resource. */
export const renderModule = (module: ReviewModule, sources: HighlightedSources): Html =>
  html`<section class="module" id="m-${module.wave}"><header><h2>${module.wave}</h2>
<p>${plural(module.resources.length, "resource")}. ${module.sentence} ${renderCounts(module.counts)}</p></header>
${module.resources.map((resource) => renderResource(resource, sources))}${renderRest(module, sources)}</section>`;
