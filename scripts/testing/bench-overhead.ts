import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { RehearsalReport } from "../rehearsal/report";

const REPORT = resolve(__dirname, "..", "..", ".rehearsal", "report.json");

/** Our own share of the time, from the last rehearsal: processor time of our process against the wall time. */
export const benchOverhead = async (): Promise<string> => {
  const text = await readFile(REPORT, "utf8").catch(() => undefined);
  if (text === undefined) return "our own share of a rehearsal: run `npm start` first";
  const { seconds, steps, mode } = JSON.parse(text) as RehearsalReport;
  const share = (seconds.own / (seconds.setUp + seconds.rehearsal)) * 100;
  const slowest = [...steps].sort((a, b) => b.seconds - a.seconds).slice(0, 8);
  return [
    `last rehearsal (${mode}): ${seconds.rehearsal.toFixed(0)} s, our own code ${seconds.own.toFixed(1)} s of processor time = ${share.toFixed(1)} %`,
    ...slowest.map((step) => `${step.seconds.toFixed(1).padStart(8)} s  ${step.name}`),
  ].join("\n");
};
