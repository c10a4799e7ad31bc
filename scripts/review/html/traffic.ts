import type { StageTraffic } from "../rehearsal-report";
import { type Html, html } from "./escape";

const PHASES = ["before", "during", "after"] as const;
const SIZE = { left: 56, top: 14, height: 190, step: 30, gap: 26, bottom: 46 } as const;

const ms = (value: number | null | undefined): string =>
  value === undefined || value === null ? "–" : `${Math.round(value).toLocaleString("en")} ms`;

/** 1, 2 or 5 times a power of ten, so that about four lines cover the range. */
const stepFor = (most: number): number => {
  const raw = Math.max(most, 1) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
};

interface Point {
  readonly x: number;
  readonly phase: string;
  readonly stage: string;
  readonly p50: number;
  readonly p99: number;
}

type Latency = { readonly p50Ms?: number | null | undefined; readonly p99Ms?: number | null | undefined };

/** Before, during and after where the report tells them apart, else the whole stage. */
const phasesOf = (stage: StageTraffic): (readonly [string, Latency | undefined])[] =>
  PHASES.some((phase) => stage[phase])
    ? PHASES.map((phase) => [phase, stage[phase]])
    : [
        ["", undefined],
        ["", stage],
        ["", undefined],
      ];

const middleOf = (index: number): number =>
  SIZE.left + SIZE.gap + index * (PHASES.length * SIZE.step + SIZE.gap) + SIZE.step;

const pointsOf = (stages: readonly StageTraffic[]): Point[] =>
  stages.flatMap((stage, index) =>
    phasesOf(stage).flatMap(([phase, latency], place) => {
      const { p50Ms, p99Ms } = latency ?? {};
      if (typeof p50Ms !== "number" || typeof p99Ms !== "number") return [];
      return [{ x: middleOf(index) + (place - 1) * SIZE.step, phase, stage: stage.name, p50: p50Ms, p99: p99Ms }];
    }),
  );

const renderPoint = ({ x, phase, stage, p50, p99 }: Point, y: (value: number) => number): Html =>
  html`<g class="latency ${phase}"><title>${stage} ${phase}: p50 ${ms(p50)}, p99 ${ms(p99)}</title><path d="M${x} ${y(p50)}V${y(p99)}M${x - 6} ${y(p99)}h12"/><circle cx="${x}" cy="${y(p50)}" r="4.5"/><text x="${x}" y="${SIZE.top + SIZE.height + 15}">${phase}</text></g>`;

const renderPlot = (stages: readonly StageTraffic[]): Html | false => {
  const points = pointsOf(stages);
  if (points.length === 0) return false;
  const most = Math.max(...points.map(({ p99 }) => p99));
  const step = stepFor(most);
  const top = Math.ceil(most / step) * step;
  const y = (value: number): number => Math.round(SIZE.top + SIZE.height * (1 - value / top));
  const width = SIZE.left + stages.length * (PHASES.length * SIZE.step + SIZE.gap) + SIZE.gap;
  const lines = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  const grid = lines.map(
    (value) =>
      html`<g class="grid"><path d="M${SIZE.left} ${y(value)}H${width}"/><text x="${SIZE.left - 8}" y="${y(value) + 4}">${value.toLocaleString("en")}</text></g>`,
  );
  const names = stages.map(
    ({ name }, index) =>
      html`<text class="stage" x="${middleOf(index)}" y="${SIZE.top + SIZE.height + 35}">${name}</text>`,
  );
  return html`<div class="picture" tabindex="0" role="region" aria-label="Plot of latencies"><svg class="plot" viewBox="0 0 ${width} ${SIZE.top + SIZE.height + SIZE.bottom}" width="${width}" role="img" aria-label="Milliseconds from a request to its audio, per stage; the table holds the same numbers">${grid}${points.map((point) => renderPoint(point, y))}${names}</svg></div>
<p class="legend">Milliseconds from the put of a request to its audio, stage by stage: the dot is the median, the bar ends at the 99th percentile.</p>`;
};

const renderStage = (stage: StageTraffic): Html =>
  html`<tr><th scope="row">${stage.name}<td>${stage.sent}<td>${stage.spoken}<td>${stage.lost === 0 ? "0" : html`<b class="stop">${stage.lost} lost</b>`}<td>${ms(stage.p50Ms)}<td>${ms(stage.p99Ms)}`;

/** What became of the requests that were sent while the modules moved. */
export const renderTraffic = (stages: readonly StageTraffic[]): Html | false =>
  stages.length > 0 &&
  html`<section id="traffic"><h2>Requests during the rehearsal</h2>${renderPlot(stages)}
<table class="figures"><thead><tr><th scope="col">Stage<th scope="col">sent<th scope="col">spoken<th scope="col">lost<th scope="col">p50<th scope="col">p99<tbody>${stages.map(renderStage)}</table></section>`;
