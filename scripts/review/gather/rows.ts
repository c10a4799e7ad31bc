import { join } from "node:path";
import { registeredWith } from "../../commands/plan";
import { compareSides, handlerHash, planFindings } from "../../commands/proofs";
import { BACKUP } from "../../commands/shared-steps";
import { listUpTo } from "../../commands/waves";
import { type Backup, findBackups, readBackupFile } from "../../lib/backup";
import type { Checked } from "../../lib/context";
import { paths } from "../../lib/paths";
import { readCheckpoint } from "../../plan/checkpoint";
import { compareStates } from "../../plan/compare";
import { compareProgram } from "../../plan/compare-program";
import { readInventory, readRefreshed } from "../../plan/inventory";
import { providerMapping } from "../../plan/mapping-files";
import { readTerraformPlan, UNKNOWN } from "../../plan/terraform-plan";
import type { ComparisonRow, Finding, MigrationMap, OwnedResource, OwnershipSnapshot } from "../../plan/types";
import { exportStack } from "../../pulumi/pulumi";
import { addressesOf, readRawState } from "../../terraform/state-entries";
import { planChanges, type SavedPlan, showFile } from "../../terraform/terraform";

type Pairs = readonly OwnedResource[];

export interface Compared {
  readonly rows: readonly ComparisonRow[];
  /** Arguments whose value Pulumi learns with the import, by address. */
  readonly waiting: Readonly<Record<string, number>>;
  /** What Terraform itself would change: then its state is not what is live. */
  readonly findings: readonly Finding[];
}

const NOTHING = { rows: [], waiting: {} };
const SOURCE = "the plan that Terraform printed";

const isWaiting = ({ pulumiValue }: ComparisonRow): boolean => JSON.stringify(pulumiValue ?? "").includes(UNKNOWN);

/** Both know them: property by property, what is live against Pulumi's state, with the outputs. */
const bothHold = async (context: Checked, planned: SavedPlan, pairs: Pairs): Promise<readonly ComparisonRow[]> =>
  pairs.length > 0 ? compareSides(context, pairs, readRefreshed(planned.json, SOURCE)) : [];

/** Only Terraform knows them: what the HCL says against what the program would register if it owned them. */
const terraformHolds = async (
  context: Checked,
  map: MigrationMap,
  planned: SavedPlan,
  pairs: Pairs,
): Promise<Omit<Compared, "findings">> => {
  if (pairs.length === 0) return NOTHING;
  const registered = await registeredWith(context, listUpTo(map.waves, [...new Set(pairs.map(({ wave }) => wave))]));
  const hcl = new Map(readInventory(planned.json, SOURCE).resources.map((each) => [each.address, each]));
  const program = new Map(registered.map((each) => [each.urn, each]));
  const both = pairs.flatMap(({ address, urn }) => {
    const [one, other] = [hcl.get(address), program.get(urn)];
    return one && other ? [{ terraform: one, program: other }] : [];
  });
  const rows = compareProgram(both, readTerraformPlan(planned.json, SOURCE), providerMapping());
  const waiting: Record<string, number> = {};
  for (const row of rows.filter(isWaiting)) waiting[row.address] = (waiting[row.address] ?? 0) + 1;
  return { rows: rows.filter((row) => !isWaiting(row)), waiting };
};

/** The newest backup of a cutover that holds all of them: a cutover that was resumed made one without them. */
const backupWith = async (context: Checked, wave: string, pairs: Pairs): Promise<Backup | undefined> => {
  for (const backup of await findBackups(paths(context).backups, "cutover", [wave])) {
    const state = readRawState(await readBackupFile(backup, BACKUP.terraform), backup.folder);
    const held = new Set(state.resources.flatMap(addressesOf));
    if (pairs.every(({ address }) => held.has(address))) return backup;
  }
  return undefined;
};

/** Only Pulumi knows them now: against what Terraform knew when it gave them away, from the backup of that moment. */
const pulumiHolds = async (context: Checked, wave: string, pairs: Pairs): Promise<readonly ComparisonRow[]> => {
  if (pairs.length === 0) return [];
  const backup = await backupWith(context, wave, pairs);
  if (!backup) return [];
  const shown = await showFile(context, join(backup.folder, BACKUP.terraform));
  const inventory = readInventory(shown, `the backup ${backup.folder}`);
  const text = await exportStack(context, true);
  const checkpoint = readCheckpoint(text ?? "", context.environment, "`pulumi stack export`");
  const options = { codeSha256: await handlerHash(context) };
  const rows = compareStates(pairs, inventory, checkpoint, providerMapping(), options);
  // Outputs then and now are another question: they are compared where both sides have them.
  return rows.filter(({ address }) => address !== "");
};

/** Every row that can be had for these waves, whoever owns them. Reads; changes nothing. */
export const compareWaves = async (
  context: Checked,
  map: MigrationMap,
  { resources }: OwnershipSnapshot,
  waves: readonly string[],
): Promise<Compared> => {
  const ownedBy = (owner: OwnedResource["owner"]): Pairs =>
    resources.filter((each) => each.owner === owner && waves.includes(each.wave));
  const planned = await planChanges(context, { name: "review" });
  const [both, terraform, ...pulumi] = await Promise.all([
    bothHold(context, planned, ownedBy("both")),
    terraformHolds(context, map, planned, ownedBy("terraform")),
    ...waves.map((wave) =>
      pulumiHolds(
        context,
        wave,
        ownedBy("pulumi").filter((each) => each.wave === wave),
      ),
    ),
  ]);
  return {
    rows: [...both, ...terraform.rows, ...pulumi.flat()],
    waiting: terraform.waiting,
    findings: planFindings(planned),
  };
};
