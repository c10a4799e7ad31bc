import { join } from "node:path";
import type { Runner } from "../processes";
import { readTally } from "../uvu-output";

/**
 * What a check says: `passed`, `noticed` with its words, or `broken` when it could not be run to its end, which is never a
 * kill: a mutant that does not even load proves nothing about the tests.
 */
export interface Answer {
  readonly kind: "passed" | "noticed" | "broken";
  readonly words: string;
}

/** Runs one test file of a copy, as the test runner does. */
export const runTestFile = async (runner: Runner, copy: string, file: string): Promise<Answer> => {
  const { exitCode, stdout, stderr } = await runner.run(join(copy, file));
  const tally = readTally(stdout);
  const words = `${stdout}\n${stderr}`;
  if (!tally || tally.total === 0) return { kind: "broken", words };
  return { kind: tally.passed === tally.total && exitCode === 0 ? "passed" : "noticed", words };
};
