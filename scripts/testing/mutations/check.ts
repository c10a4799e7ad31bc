import { join } from "node:path";
import { messageOf } from "../../lib/errors";
import { run } from "../../lib/processes";
import { readTally } from "../uvu-output";

/**
 * What a check says: `passed`, `noticed` with its words, or `broken` when it could not be run to its end, which is never a
 * kill: a mutant that does not even load proves nothing about the tests.
 */
export interface Answer {
  readonly kind: "passed" | "noticed" | "broken";
  readonly words: string;
}

const TIMEOUT = 60_000;

/** Runs one test file of a copy in a process of its own, as the test runner does. */
export const runTestFile = async (copy: string, file: string): Promise<Answer> => {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" };
  const accept = [0, 1];
  try {
    const args = ["--import", "tsx", join(copy, file)];
    const { exitCode, stdout, stderr } = await run(process.execPath, args, {
      cwd: copy,
      env,
      accept,
      timeout: TIMEOUT,
    });
    const tally = readTally(stdout);
    const words = `${stdout}\n${stderr}`;
    if (!tally || tally.total === 0) return { kind: "broken", words };
    return { kind: tally.passed === tally.total && exitCode === 0 ? "passed" : "noticed", words };
  } catch (error) {
    return { kind: "broken", words: messageOf(error) };
  }
};
