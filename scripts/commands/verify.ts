import { type Checked, type Context, preflight } from "../lib/context";
import { migrate } from "../lib/paths";
import { resourceUrn } from "../plan/build-plan";
import { describeRow, differencesIn } from "../plan/compare";
import type { ComparisonRow, Finding, MigrationMap, OwnershipSnapshot } from "../plan/types";
import { fingerprint } from "./fingerprint";
import { noteInJournal } from "./journal-note";
import { compareSides, type Pair, provePulumi, proveTerraform } from "./proofs";
import { loadMap, readStates, requireStack } from "./reading";
import { different, done, type Result } from "./result";
import { snapshotOf } from "./snapshot";
import { requireWave } from "./waves";

export interface VerifyOptions {
  readonly wave: string;
}

export interface Verified {
  readonly environment: string;
  readonly equal: boolean;
  /** Waves whose resources are in both states and were compared property by property. */
  readonly compared: readonly string[];
  readonly rows: number;
  /** What each tool would change. */
  readonly terraform: readonly Finding[];
  readonly pulumi: readonly Finding[];
  /** Properties and outputs that differ. */
  readonly differences: readonly ComparisonRow[];
  /** Resources with no owner or two writers, lists that contradict the states. */
  readonly ownership: readonly Finding[];
}

/** Only what both sides hold can be compared; afterwards each side answers for its own. */
const pairsToCompare = (map: MigrationMap, snapshot: OwnershipSnapshot, wave: string): Pair[] => {
  const both = snapshot.waves.filter(({ state }) => state === "adopting").map((each) => each.wave);
  const waves = wave === "all" ? both : both.filter((each) => each === wave);
  return map.resources
    .filter((row) => waves.includes(row.wave))
    .map((row) => ({
      address: row.address,
      wave: row.wave,
      urn: resourceUrn({ environment: snapshot.environment, map }, row),
    }));
};

const prove = async (context: Checked, wave: string): Promise<Verified> => {
  const map = await loadMap();
  const states = await readStates(context);
  requireStack(context, states);
  const snapshot = await snapshotOf(context, map, states);
  const pairs = pairsToCompare(map, snapshot, wave);
  const [{ findings: terraform, live }, pulumi] = await Promise.all([
    context.progress.step("terraform plan", () => proveTerraform(context)),
    context.progress.step("pulumi preview --refresh", () => provePulumi(context)),
  ]);
  const rows = await compareSides(context, pairs, live);
  // A stack that owns nothing yet need not have been deployed, so it may have no outputs to compare.
  const relevant = pairs.length > 0 || snapshot.stage > 0 ? rows : rows.filter(({ address }) => address !== "");
  const differences = differencesIn(relevant);
  const ownership = snapshot.problems;
  const equal = [terraform, pulumi, differences, ownership].every(({ length }) => length === 0);
  const compared = [...new Set(pairs.map((pair) => pair.wave))];
  const { environment } = context;
  return { environment, equal, compared, rows: relevant.length, terraform, pulumi, differences, ownership };
};

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [`${title}: clean`] : [`${title}:`, ...lines.map((line) => `  ${line}`)];

const messages = (findings: readonly Finding[]): string[] => findings.map(({ message }) => message);

const describe = (found: Verified): string =>
  [
    ...section("terraform plan", messages(found.terraform)),
    ...section("pulumi preview --refresh", messages(found.pulumi)),
    ...section(
      `both states, ${found.rows} properties and outputs${found.compared.length ? ` of ${found.compared.join(", ")}` : ""}`,
      found.differences.map(describeRow),
    ),
    ...section("ownership", messages(found.ownership)),
    "",
    found.equal ? `verified ${found.environment}` : `the two sides of ${found.environment} differ`,
    `next:  ${migrate("status", found.environment)}`,
  ].join("\n");

/** All proofs for an environment as it stands, without changing either state. */
export const verify = async (context: Context, { wave }: VerifyOptions): Promise<Result<Verified>> => {
  requireWave(wave, (await loadMap()).waves);
  const checked = await preflight(context);
  const found = await prove(checked, wave);
  if (!found.equal) return different(describe(found), found);
  if (found.compared.length > 0) {
    const detail = fingerprint(await readStates(checked));
    await noteInJournal(checked, { command: "verify", waves: found.compared }, { event: "verified", detail });
  }
  return done(describe(found), found);
};
