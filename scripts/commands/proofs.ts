import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Checked, Context } from "../lib/context";
import { paths } from "../lib/paths";
import { readCheckpoint } from "../plan/checkpoint";
import { compareStates, describeRow, differencesIn } from "../plan/compare";
import { withoutReleasedOutputs } from "../plan/compare-outputs";
import { readRefreshed } from "../plan/inventory";
import { providerMapping } from "../plan/mapping-files";
import { type Preview, readPreview } from "../plan/preview";
import { type AfterImport, checkAfterImport, checkClean } from "../plan/preview-check";
import { readTerraformPlan } from "../plan/terraform-plan";
import type { ComparisonRow, Finding, Inventory, InventoryResource } from "../plan/types";
import { STACK_TYPE } from "../plan/urn";
import { exportStack, preview } from "../pulumi/pulumi";
import { summarisePlan } from "../terraform/plan-summary";
import { initTerraform, planChanges, type SavedPlan } from "../terraform/terraform";
import { rememberInventory } from "./reading";

/** Which resources are one: rows of the map with their URNs, or of a plan document. */
export interface Pair {
  readonly address: string;
  readonly urn: string;
  readonly wave: string;
}

/** Base64 of the sha256 of the handler's archive, as Lambda reports it. */
export const handlerHash = async (context: Context): Promise<string> =>
  createHash("sha256")
    .update(await readFile(paths(context).handlerZip))
    .digest("base64");

const unclean = (tool: string): Finding => ({
  category: "unexpected-change",
  message: `${tool} says that it would change something, and does not say what`,
  fix: "run it by hand to see what it is",
});

/** Findings of a Terraform plan; its exit code and its JSON must agree that it is clean. */
export const planFindings = (plan: SavedPlan): readonly Finding[] => {
  if (plan.clean && plan.json === "") return [];
  const { resources, outputs } = summarisePlan(plan.json);
  const { changes } = readTerraformPlan(plan.json, "the plan that Terraform printed");
  if (changes.length > 0) return changes;
  return plan.clean && resources.length + outputs.length === 0 ? [] : [unclean("terraform plan")];
};

/** What Terraform found when it looked at AWS. */
export interface TerraformProof {
  readonly findings: readonly Finding[];
  /** Every resource as it is live: the state, refreshed. */
  readonly live: Inventory;
}

/** The state that a plan starts from has been refreshed; the one in the backend is as old as the last apply. */
const liveInventory = ({ json }: SavedPlan): Inventory => {
  const inventory = readRefreshed(json, "the state in Terraform's plan");
  rememberInventory(inventory);
  return inventory;
};

/** Asks Terraform, and through it AWS, whether anything differs from the HCL. */
export const proveTerraform = async (context: Context): Promise<TerraformProof> => {
  await initTerraform(context);
  const plan = await planChanges(context);
  return { findings: planFindings(plan), live: liveInventory(plan) };
};

/** The same when nobody needs to know what is live, in half the time. */
export const proveTerraformClean = async (context: Context): Promise<readonly Finding[]> => {
  await initTerraform(context);
  return planFindings(await planChanges(context, { jsonIfClean: false }));
};

/** Asks Pulumi, and with `refresh` AWS, whether anything differs from the program. */
export const provePulumi = async (context: Context, refresh = true): Promise<readonly Finding[]> => {
  const { json, clean } = await preview(context, { refresh, expectNoChanges: true });
  const found = readPreview(json);
  const findings = checkClean(found);
  return findings.length > 0 || clean || isFirst(found) ? findings : [unclean("pulumi preview")];
};

/** A stack that was never deployed would create itself, the one thing in it; nothing in AWS stands behind that. */
const isFirst = ({ steps, counts }: Preview): boolean =>
  counts.create === 1 && steps.some(({ op, type }) => op === "create" && type === STACK_TYPE);

/** What Pulumi would change right after an import: never-returned attributes, and whatever is wrong. */
export const proveImport = async (
  context: Context,
  pairs: readonly Pair[],
  inventory: Inventory,
): Promise<AfterImport> => {
  const byAddress = new Map(inventory.resources.map((resource) => [resource.address, resource]));
  const byUrn = new Map<string, InventoryResource | undefined>(pairs.map((p) => [p.urn, byAddress.get(p.address)]));
  const { json } = await preview(context);
  const side = { mapping: providerMapping(), terraform: (urn: string) => byUrn.get(urn) };
  return checkAfterImport(readPreview(json), { ...side, codeSha256: await handlerHash(context) });
};

/**
 * Every property of each pair, and every output: Terraform's live view against Pulumi's state. Not Terraform's stored
 * state, which still tells the time of change from before the write-back.
 */
export const compareSides = async (
  context: Checked,
  pairs: readonly Pair[],
  live?: Inventory,
): Promise<readonly ComparisonRow[]> => {
  const [seen, text] = await Promise.all([live ?? (await proveTerraform(context)).live, exportStack(context, true)]);
  const checkpoint = readCheckpoint(text ?? "", context.environment, "`pulumi stack export`");
  const rows = compareStates(pairs, seen, checkpoint, providerMapping(), {
    codeSha256: await handlerHash(context),
  });
  return withoutReleasedOutputs(rows, seen.outputModules ?? {}, context.settings.released);
};

export const describeDifferences = (rows: readonly ComparisonRow[]): string[] => differencesIn(rows).map(describeRow);

export const describeFindings = (findings: readonly Finding[]): string[] => findings.map(({ message }) => message);
