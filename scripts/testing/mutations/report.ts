import type { TrialRecord } from "../trials";
import type { Verdict } from "./run";

const AREAS = [
  ["HCL", "legacy-terraform/"],
  ["policy pack", "pulumi/policy/"],
  ["program", "pulumi/"],
  ["handler", "handler/"],
] as const;

const areaOf = (file: string): string => AREAS.find(([, folder]) => file.startsWith(folder))?.[0] ?? "other";

/** A survivor is bad unless the list says why; a kill is bad where the list says that nothing can notice. */
export const isBad = ({ fate, mutation: { survives } }: Verdict): boolean =>
  fate === "wrong" || (fate === "survived") !== (survives !== undefined);

const row = (verdict: Verdict): string => {
  const { mutation, fate, by, words, seconds } = verdict;
  const why = fate === "survived" ? (mutation.survives ?? "nobody noticed") : by;
  const more = isBad(verdict) && words ? `\n    ${words.trim().split("\n").join("\n    ")}` : "";
  return `${isBad(verdict) ? "BAD  " : "ok   "} ${fate.padEnd(8)} ${mutation.id.padEnd(42)} ${seconds.toFixed(1).padStart(5)} s  ${why}${more}`;
};

const count = (verdicts: readonly Verdict[]): string => {
  const killed = verdicts.filter(({ fate }) => fate === "killed").length;
  return `${verdicts.length} mutations: ${killed} killed, ${verdicts.length - killed} not`;
};

/** For the review page. */
export const asTrial = (verdict: Verdict): TrialRecord => ({
  name: `${verdict.mutation.id} in ${verdict.mutation.file}`,
  ok: !isBad(verdict),
  outcome: verdict.fate === "survived" ? (verdict.mutation.survives ?? "nobody noticed") : `noticed by ${verdict.by}`,
});

/** One line for each mutation and one for each part of the project. */
export const report = (verdicts: readonly Verdict[]): string => {
  const areas = [...new Set(verdicts.map(({ mutation }) => areaOf(mutation.file)))].sort();
  const perArea = areas.map((area) => {
    const own = verdicts.filter(({ mutation }) => areaOf(mutation.file) === area);
    return `${area.padEnd(12)} ${count(own)}`;
  });
  return [...verdicts.map(row), ...perArea, `${"all".padEnd(12)} ${count(verdicts)}`].join("\n");
};
