import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../lib/errors";
import { writeJson } from "../lib/files";

/** What one fault or mutation came to; the review page lists them. */
export interface TrialRecord {
  readonly name: string;
  readonly ok: boolean;
  readonly outcome: string;
}

const FILES = { fault: "faults.json", mutation: "mutations.json" } as const;
const FOLDER = join(__dirname, "..", "..", ".rehearsal");

const readResults = async (path: string): Promise<TrialRecord[]> => {
  try {
    return (JSON.parse(await readFile(path, "utf8")) as { results: TrialRecord[] }).results;
  } catch {
    // The first record of its kind, or a file that a kill left torn: it is only a list of what was tried.
    return [];
  }
};

/** Keeps what was tried for the review, the newest result of each name. One process writes at a time. */
export const recordTrials = async (
  kind: keyof typeof FILES,
  trials: readonly TrialRecord[],
  folder = FOLDER,
): Promise<void> => {
  const path = join(folder, FILES[kind]);
  const names = new Set(trials.map(({ name }) => name));
  const others = (await readResults(path)).filter(({ name }) => !names.has(name));
  await writeJson(path, { results: [...others, ...trials] });
};

/** Tries a fault, and records whether what must hold after it held. */
export const tried = async (
  name: string,
  outcome: string,
  work: () => Promise<void>,
  folder = FOLDER,
): Promise<void> => {
  try {
    await work();
    await recordTrials("fault", [{ name, ok: true, outcome }], folder);
  } catch (error) {
    await recordTrials("fault", [{ name, ok: false, outcome: messageOf(error).split("\n")[0] ?? "" }], folder);
    throw error;
  }
};
