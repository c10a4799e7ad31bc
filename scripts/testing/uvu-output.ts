/** What one uvu process reported at its end. */
export interface UvuTally {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
}

const count = (output: string, label: string): number | undefined => {
  const found = [...output.matchAll(new RegExp(`^\\s*${label}:\\s+(\\d+)\\s*$`, "gm"))].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
};

/** Reads uvu's closing summary; undefined when there is none, as when `run()` was forgotten or a hook threw. */
export const readTally = (output: string): UvuTally | undefined => {
  const [total, passed, skipped] = ["Total", "Passed", "Skipped"].map((label) => count(output, label));
  if (total === undefined || passed === undefined || skipped === undefined) return undefined;
  return { total, passed, skipped };
};

/**
 * Why a test file cannot be called green; an empty list when it can.
 * uvu exits 0 when a hook throws, when `run()` is forgotten and when `only()` is left in, so its exit code is not enough.
 */
export const findings = (source: string, exitCode: number, tally: UvuTally | undefined): string[] => {
  const problems: string[] = [];
  if (/^\s*\w+\.only\s*\(/m.test(source)) problems.push("`.only(` is left in: the other tests did not run");
  if (!tally) problems.push("no summary was printed: `run()` is missing, or a hook or an import threw");
  else {
    if (tally.total === 0) problems.push("no test ran");
    if (tally.passed !== tally.total) problems.push(`${tally.total - tally.passed} of ${tally.total} did not pass`);
    if (tally.skipped > 0) problems.push(`${tally.skipped} skipped`);
  }
  if (exitCode !== 0 && problems.length === 0) problems.push(`exit code ${exitCode} although every test passed`);
  return problems;
};
