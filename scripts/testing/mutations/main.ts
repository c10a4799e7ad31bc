import { messageOf } from "../../lib/errors";
import { handleSignals } from "../../lib/processes";
import { readMutations } from "./list";
import { isBad, report } from "./report";
import { runMutations } from "./run";

/** Runs the mutations whose id holds a text, or all: `npx tsx scripts/testing/mutations/main.ts role`. */
const main = async (): Promise<void> => {
  handleSignals();
  const [part = ""] = process.argv.slice(2);
  const verdicts = await runMutations(readMutations().filter(({ id }) => id.includes(part)));
  process.stdout.write(`${report(verdicts)}\n`);
  process.exitCode = verdicts.some(isBad) || verdicts.length === 0 ? 1 : 0;
};

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
