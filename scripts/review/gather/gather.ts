import { dirname } from "node:path";
import { loadMap, readJournalOf, readStates } from "../../commands/reading";
import { snapshotOf } from "../../commands/snapshot";
import { sourcesNow } from "../../commands/sources";
import { requireWave } from "../../commands/waves";
import { type Context, preflight } from "../../lib/context";
import { initTerraform } from "../../terraform/terraform";
import type { ReviewInput } from "../types";
import { newestPlan, readRecords, readSources } from "./files";
import { compareWaves } from "./rows";

/** Where `.rehearsal/` lies: beside the code, whatever the workspace. */
const ROOT = dirname(dirname(dirname(__dirname)));

/**
 * Reads everything that a review is made from: both states, the plan document, the sources, the journal and what the
 * last rehearsal left. Changes nothing.
 * @param wave name of a wave, or `all`
 */
export const gatherReview = async (context: Context, wave: string): Promise<ReviewInput> => {
  const map = await loadMap();
  requireWave(wave, map.waves);
  const waves = wave === "all" ? map.waves : [wave];
  const checked = await preflight(context);
  const { progress, environment } = checked;
  // Before anything that reads the state: two initialisations at once get in each other's way.
  await initTerraform(checked);
  const states = await progress.step("read both states", () => readStates(checked));
  const ownership = await snapshotOf(checked, map, states);
  const [{ rows, waiting, findings }, now, plan, sources, journal, records] = await progress.step(
    "compare both sides",
    () =>
      Promise.all([
        compareWaves(checked, map, ownership, waves),
        sourcesNow(checked, map, states),
        newestPlan(checked, waves),
        readSources(checked.workspace),
        readJournalOf(checked),
        readRecords(ROOT),
      ]),
  );
  const { account, region, project } = checked.settings;
  return {
    project,
    environment,
    account,
    region,
    commit: now.sources.gitCommit,
    made: new Date().toISOString(),
    waves,
    map,
    ownership: { ...ownership, problems: [...ownership.problems, ...findings] },
    rows,
    waiting,
    ...sources,
    ...(plan ? { plan } : {}),
    journal,
    ...records,
  };
};
