import type { JournalContent, JournalRecord } from "../lib/journal";
import type { OwnershipSnapshot, WaveState } from "../plan/types";
import type { Counts, JournalRun, ReviewInput, Tone } from "./types";

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** `a`, `a and b`, `a, b and c`. */
export const listed = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

const STATES: Readonly<Record<WaveState, string>> = {
  terraform: "Terraform owns this module; nothing of it has moved.",
  adopting: "Both tools know these resources. Terraform is still the writer; in Pulumi they are protected.",
  pulumi: "Pulumi owns this module; Terraform has released it.",
  between: "A command stopped half-way here. Run the next command below before anything else.",
};

export const stateSentence = (state: WaveState): string => STATES[state];

/** Where the whole environment stands. */
export const stageSentence = ({ stage, waves }: OwnershipSnapshot): string => {
  const adopting = waves.filter(({ state }) => state === "adopting").map(({ wave }) => wave);
  const between = waves.filter(({ state }) => state === "between").map(({ wave }) => wave);
  const moved = waves.filter(({ state }) => state === "pulumi").map(({ wave }) => wave);
  const parts = [`${stage} of ${waves.length} modules moved${moved.length > 0 ? ` (${listed(moved)})` : ""}`];
  if (adopting.length > 0) parts.push(`${listed(adopting)} adopted, not cut over`);
  if (between.length > 0) parts.push(`${listed(between)} half-way`);
  return parts.join("; ");
};

/** The one sentence that a reader takes away. */
export const verdictOf = (
  { ownership, waiting: perResource }: Pick<ReviewInput, "ownership" | "waiting">,
  counts: Counts,
  resources: number,
  differing: readonly string[],
): { tone: Tone; sentence: string } => {
  const waiting = Object.values(perResource).reduce((sum, count) => sum + count, 0);
  if (ownership.problems.length > 0) {
    return {
      tone: "stop",
      sentence: `Do not go on: ${plural(ownership.problems.length, "problem")} must be solved first.`,
    };
  }
  if (counts.different > 0) {
    const where = differing.length <= 3 ? listed(differing) : plural(differing.length, "resource");
    return {
      tone: "stop",
      sentence: `Do not go on: ${plural(counts.different, "attribute")} of ${where} ${counts.different === 1 ? "differs" : "differ"}.`,
    };
  }
  if (counts.equal === 0) {
    return { tone: "look", sentence: `${plural(resources, "resource")} to review; no attribute is compared yet.` };
  }
  const all = resources === 1 ? "the one resource" : `all ${plural(resources, "resource")}`;
  const later = waiting > 0 ? `; ${plural(waiting, "more argument")} can be compared once imported` : "";
  return { tone: "good", sentence: `Both sides say the same of ${all}${later}.` };
};

const WHAT_IS_NEXT: readonly (readonly [RegExp, string])[] = [
  [/\bplan\b/, "Make the plan document. It reads both sides and changes nothing."],
  [
    /\badopt\b/,
    "Import the wave into Pulumi's state, and write back what AWS never returns. Terraform stays the owner.",
  ],
  [/\bverify\b/, "Compare both states property by property. Nothing is changed."],
  [
    /\bcutover\b/,
    "Hand the wave over: it leaves Terraform's state, and Pulumi becomes its only owner. Nothing in AWS changes.",
  ],
  [/\brollback\b/, "Give the wave back to Terraform. Nothing in AWS changes."],
  [/\brecover\b/, "Rebuild the journal from the two states."],
];

export const nextSentence = ({ next }: OwnershipSnapshot, tone: Tone): string => {
  if (tone === "stop") return "First settle what is listed as a problem or as different. Only then:";
  if (!next) return "Everything has moved; nothing is left to do.";
  return WHAT_IS_NEXT.find(([command]) => command.test(next))?.[1] ?? "Run this command.";
};

const DETAILS = new Set(["seconds", "pid"]);

const detailOf = (record: JournalRecord): string => {
  const entries = Object.entries(record.detail ?? {}).filter(([key]) => !DETAILS.has(key));
  return entries.length > 0 ? `: ${entries.map(([key, value]) => `${key} ${value}`).join(", ")}` : "";
};

const quoted = (step: string): string => (step ? ` “${step}”` : "");

const WORDS: Readonly<Record<JournalRecord["event"], (step: string, detail: string) => string>> = {
  start: (_, detail) => `the command started${detail}`,
  finish: (_, detail) => `the command finished${detail}`,
  begin: (step, detail) => `began${quoted(step)}${detail}`,
  end: (step, detail) => `did${quoted(step)}${detail}`,
  failed: (step, detail) => `failed${quoted(step)}${detail}`,
  note: (step, detail) => `noted${quoted(step)}${detail}`,
  child: (step, detail) => `started a program${quoted(step)}${detail}`,
  verified: (_, detail) => `found both sides equal${detail}`,
  planned: (_, detail) => `wrote the plan document${detail}`,
};

/** The begin of a step that was done says nothing of its own. */
const isToldLater = (record: JournalRecord, records: readonly JournalRecord[]): boolean =>
  record.event === "begin" &&
  records.some(({ event, step, seq }) => event === "end" && step === record.step && seq > record.seq);

const endingOf = (records: readonly JournalRecord[]): JournalRun["ending"] => {
  const last = records.at(-1)?.event;
  if (last === "failed") return "failed";
  return records.some(({ event }) => event === "start") && last !== "finish" ? "open" : "done";
};

const runOf = (records: readonly JournalRecord[]): JournalRun => ({
  title: `${records[0]?.command} ${listed(records[0]?.waves ?? [])}`.trim(),
  began: records[0]?.time ?? "",
  ending: endingOf(records),
  lines: records
    .filter((record) => !isToldLater(record, records))
    .map((record) => ({ time: record.time, text: WORDS[record.event](record.step ?? "", detailOf(record)) })),
});

/** The journal as one story per command that was run, newest last. */
export const journalRuns = ({ records }: JournalContent): readonly JournalRun[] => {
  const runs = new Map<string, JournalRecord[]>();
  for (const record of records) runs.set(record.run, [...(runs.get(record.run) ?? []), record]);
  return [...runs.values()].map(runOf);
};
