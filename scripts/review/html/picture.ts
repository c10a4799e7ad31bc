import type { Owner } from "../../plan/types";
import { type Box, layOut, type Picture, type Point } from "../layout";
import { OWNER_WORDS } from "../owners";
import type { ReviewModel, ReviewModule, ReviewResource } from "../types";
import { plural } from "../words";
import { type Html, html } from "./escape";
import { renderOwner } from "./resource";

/** Beyond this a picture of single resources is a grey mass: one box per module says more. */
const MOST_BOXES = 60;
const LETTERS = 24;

/** Beside the pattern, for whoever sees neither colour nor pattern. */
const LETTER: Readonly<Record<Owner, string>> = { terraform: "T", pulumi: "P", both: "T+P", none: "!" };

const shorten = (text: string): string => (text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text);

const round = (value: number): number => Math.round(value * 10) / 10;
const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;

/** A curve through points: straight at the ends, bent half-way between the others. */
const curve = (points: readonly Point[]): string => {
  const [first, ...rest] = points;
  if (!first || rest.length === 0) return "";
  let [path, from] = [`M${at(first)}`, first];
  for (const to of rest) {
    const middle = (from.x + to.x) / 2;
    path += `C${at({ x: middle, y: from.y })} ${at({ x: middle, y: to.y })} ${at(to)}`;
    from = to;
  }
  return path;
};

const renderArrow = (points: readonly Point[], from: Box, to: Box): Html => {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x - 5, y: to.y + to.height / 2 };
  // What lies between the ends leads the arrow around the boxes of other columns.
  const between = points.slice(1, -1).filter(({ x }) => x > start.x + 8 && x < end.x - 8);
  return html`<path class="arrow" d="${curve([start, ...between, end])}" marker-end="url(#tip)"/>`;
};

interface Label {
  readonly title: string;
  readonly detail: string;
  readonly owner: Owner;
  readonly href: string;
  readonly words: string;
}

const renderBox = ({ x, y, width, height }: Box, { title, detail, owner, href, words }: Label): Html =>
  html`<a class="box ${owner}" href="${href}" aria-label="${shorten(title)} ${shorten(detail)} ${LETTER[owner]}: ${words}"><g transform="translate(${round(x)} ${round(y)})">
<rect class="face" width="${width}" height="${height}" rx="6"/><rect class="weave" fill="url(#w-${owner})" width="10" height="${height}" rx="3"/>
<text class="title" x="20" y="23">${shorten(title)}</text> <text class="detail" x="20" y="41">${shorten(detail)}</text>
<text class="letter" x="${width - 9}" y="41" text-anchor="end">${LETTER[owner]}</text></g></a>`;

const labelOf = (resource: ReviewResource): Label => {
  const [type = "", name = ""] = resource.address.split(".").slice(-2);
  const words = OWNER_WORDS[resource.owner];
  return {
    title: type.replace(/^aws_/, ""),
    detail: name,
    owner: resource.owner,
    href: `#${resource.anchor}`,
    words: `${resource.address}, owned by ${words}`,
  };
};

/** The ways in which the four owners differ without colour: stripes, dots, both, and a cross-out. */
const PATTERNS = html`<defs><marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 0.5 8 4 0 7.5z"/></marker>
<pattern id="w-terraform" class="terraform" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ink" width="3" height="6"/></pattern>
<pattern id="w-pulumi" class="pulumi" width="5" height="5" patternUnits="userSpaceOnUse"><circle class="ink" cx="2.5" cy="2.5" r="1.6"/></pattern>
<pattern id="w-both" class="both" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="ink" d="M0 0h6v2H0zM0 0h2v6H0z"/></pattern>
<pattern id="w-none" class="none" width="10" height="6" patternUnits="userSpaceOnUse"><rect class="ink" width="10" height="4"/></pattern></defs>`;

const renderFrame = ({ anchor, x, y, width, height }: Box): Html =>
  html`<g class="frame"><rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="10"/><text x="${round(x + 12)}" y="${round(y + 17)}">${anchor}</text></g>`;

const LEGEND = html`<p class="legend"><span>Owner:</span>${(Object.keys(OWNER_WORDS) as Owner[]).map((owner) => html`${renderOwner(owner)} `)}<span>An arrow leads from a resource to one that names it.</span></p>`;

const renderPicture = (picture: Picture, labels: ReadonlyMap<string, Label>): Html => {
  const boxes = new Map(picture.boxes.map((box) => [box.anchor, box]));
  const arrows = picture.arrows.flatMap(({ from, to, points }) => {
    const [start, end] = [boxes.get(from), boxes.get(to)];
    return start && end ? [renderArrow(points, start, end)] : [];
  });
  const drawn = picture.boxes.flatMap((box) => {
    const label = labels.get(box.anchor);
    return label ? [renderBox(box, label)] : [];
  });
  return html`<svg viewBox="0 0 ${Math.ceil(picture.width)} ${Math.ceil(picture.height)}" width="${Math.ceil(picture.width)}" role="group" aria-label="The resources and what names what">${PATTERNS}${picture.frames.map(renderFrame)}${arrows}${drawn}</svg>`;
};

const ownerOf = ({ resources }: ReviewModule): Owner => {
  const owners = new Set(resources.map(({ owner }) => owner));
  if (owners.has("none")) return "none";
  return owners.size === 1 ? ([...owners][0] ?? "none") : "both";
};

/** The same with one box per module, for pipelines too large to draw whole. */
const byModule = ({ modules, graph }: ReviewModel): Html => {
  const home = new Map(
    modules.flatMap(({ wave, resources }) => resources.map(({ anchor }) => [anchor, wave] as const)),
  );
  const edges = new Map<string, { from: string; to: string }>();
  for (const edge of graph) {
    const [from, to] = [home.get(edge.from) ?? "", home.get(edge.to) ?? ""];
    if (from !== to) edges.set(`${from}\n${to}`, { from, to });
  }
  const stand = modules.map((module) => ({
    ...module,
    wave: `f-${module.wave}`,
    resources: [{ anchor: module.wave }],
  }));
  const picture = layOut(stand, [...edges.values()]);
  const labels = modules.map((module): [string, Label] => {
    const [owner, detail] = [ownerOf(module), plural(module.resources.length, "resource")];
    const words = `${module.wave}: ${detail}, owned by ${OWNER_WORDS[owner]}`;
    return [module.wave, { title: module.wave, detail, owner, href: `#m-${module.wave}`, words }];
  });
  return renderPicture({ ...picture, frames: [] }, new Map(labels));
};

/** The pipeline as a picture; each box leads to its rows. */
export const renderPipeline = (model: ReviewModel): Html => {
  const resources = model.modules.flatMap((module) => module.resources);
  const drawn =
    resources.length > MOST_BOXES
      ? byModule(model)
      : renderPicture(
          layOut(model.modules, model.graph),
          new Map(resources.map((resource) => [resource.anchor, labelOf(resource)])),
        );
  return html`<section id="picture"><h2>The pipeline</h2><div class="picture" tabindex="0" role="region" aria-label="Picture of the pipeline">${drawn}</div>${LEGEND}</section>`;
};
