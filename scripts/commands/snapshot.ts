import type { Context } from "../lib/context";
import type { JournalRecord } from "../lib/journal";
import { readSettings } from "../lib/settings";
import { ownershipOf } from "../plan/ownership";
import type { JournalSummary, MigrationMap, OwnershipSnapshot } from "../plan/types";
import { storedInventory } from "../terraform/state-entries";
import { loadMap, readJournalOf, readStates, type States } from "./reading";

const WRITING = ["adopt", "cutover", "rollback"] as const;
type Writing = (typeof WRITING)[number];
const isWriting = (command: string): command is Writing => (WRITING as readonly string[]).includes(command);

/** The command whose step was the last to begin, unless it finished. One that was refused has begun nothing. */
const unfinishedIn = (records: readonly JournalRecord[]): JournalSummary["unfinished"] => {
  const last = records.findLast(({ event, command }) => event === "begin" && isWriting(command));
  if (!last || !isWriting(last.command)) return undefined;
  if (records.some(({ event, run }) => event === "finish" && run === last.run)) return undefined;
  const wave = last.waves.length === 1 ? (last.waves[0] ?? "") : "all";
  return { command: last.command, wave, step: last.step ?? "" };
};

/** What of a journal matters for what comes next. */
export const summariseJournal = (records: readonly JournalRecord[], waves: readonly string[]): JournalSummary => {
  const unfinished = unfinishedIn(records);
  const last = (wave: string, wanted: JournalRecord["event"]): number =>
    records.findLastIndex(({ event, waves: own }) => event === wanted && own.includes(wave));
  const holds = (wanted: JournalRecord["event"]): string[] =>
    waves.filter((wave) => last(wave, wanted) > last(wave, "begin"));
  return { ...(unfinished ? { unfinished } : {}), planned: holds("planned"), verified: holds("verified") };
};

/** The exact next command: one that writes does nothing without `--execute`. */
const executable = (text: string): string =>
  text.replace(/(npm run migrate -- (?:adopt|cutover|rollback) [^\n]*)$/, (command) =>
    command.includes("--execute") ? command : `${command} --execute`,
  );

const withExecute = (snapshot: OwnershipSnapshot): OwnershipSnapshot => ({
  ...snapshot,
  next: executable(snapshot.next),
  problems: snapshot.problems.map((problem) => ({ ...problem, fix: executable(problem.fix) })),
});

/** Who owns what, from states that were read already. */
export const snapshotOf = async (context: Context, map: MigrationMap, states: States): Promise<OwnershipSnapshot> => {
  const [settings, journal] = await Promise.all([readSettings(context), readJournalOf(context)]);
  return withExecute(
    ownershipOf({
      environment: context.environment,
      map,
      inventory: storedInventory(states.terraform.raw),
      checkpoint: states.pulumi.checkpoint,
      released: settings.released,
      owned: settings.owns,
      journal: summariseJournal(journal.records, map.waves),
    }),
  );
};

export const readSnapshot = async (context: Context): Promise<OwnershipSnapshot> =>
  snapshotOf(context, await loadMap(), await readStates(context));
