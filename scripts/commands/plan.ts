import { mkdir, readFile, rm } from "node:fs/promises";
import { type Checked, type Context, preflight } from "../lib/context";
import { UserError } from "../lib/errors";
import { PRIVATE, writeFileAtomic, writeJson } from "../lib/files";
import { migrate, paths } from "../lib/paths";
import { buildPlan } from "../plan/build-plan";
import { importFile } from "../plan/import-file";
import { leaksIn, secretsOf } from "../plan/leaks";
import { providerMapping } from "../plan/mapping-files";
import { readPreview } from "../plan/preview";
import type { Finding, Inventory, MigrationMap, PlanDocument, RegisteredResource } from "../plan/types";
import { withProviderVersion } from "../pulumi/import-file";
import { preview } from "../pulumi/pulumi";
import { withOwns } from "../pulumi/stack-config";
import { checkProviderVersion } from "../terraform/terraform";
import { noteInJournal } from "./journal-note";
import { proveTerraform } from "./proofs";
import { loadMap, readStates, requireStack, type States } from "./reading";
import { done, type Result } from "./result";
import { snapshotOf } from "./snapshot";
import { sourcesNow } from "./sources";
import { chooseWaves, listUpTo, requireOrder, requireWave } from "./waves";

export interface PlanOptions {
  readonly wave: string;
}

/** The AWS provider that Pulumi's plugin in the mapping is bridged from. */
export const TERRAFORM_PROVIDER = "5.100.0";

/** What the program would register if the stack owned these modules: asked with a copy of its configuration. */
export const registeredWith = async (
  context: Checked,
  owns: readonly string[],
): Promise<readonly RegisteredResource[]> => {
  const files = paths(context);
  const copy = files.scratch(`Pulumi.${context.environment}.yaml`);
  // A copy and not a new file: it must hold the same encryption salt, or the stack's secrets could not be read.
  const text = withOwns(copy, await readFile(files.stackConfig, "utf8"), context.settings.project, owns);
  await mkdir(files.scratch(""), { recursive: true, mode: 0o700 });
  await writeFileAtomic(copy, text, PRIVATE);
  try {
    return readPreview((await preview(context, { configFile: copy })).json).registered;
  } finally {
    await rm(copy, { force: true });
  }
};

const refuse = (findings: readonly Finding[], what: string): void => {
  if (findings.length === 0) return;
  const lines = findings.map(({ category, message, fix }) => `${category}: ${message}\n  ${fix}`);
  throw new UserError(`${what}:\n${lines.join("\n")}`, { fix: "correct all of these, then plan again" });
};

const refuseLeaks = (document: PlanDocument, inventory: Inventory): void => {
  const leaks = leaksIn(JSON.stringify(document), secretsOf(inventory));
  if (leaks.length === 0) return;
  throw new UserError(`the plan document would hold secret values of ${leaks.join(", ")}; it was not written`, {
    fix: "a secret must not be part of a name or an id: change the resource first",
  });
};

interface Facts {
  readonly map: MigrationMap;
  readonly states: States;
  readonly waves: readonly string[];
}

const build = async (context: Checked, { map, states, waves }: Facts): Promise<[PlanDocument, Inventory]> => {
  const owned = listUpTo(map.waves, waves);
  const [{ findings: unclean, live: inventory }, registered, now] = await Promise.all([
    proveTerraform(context),
    registeredWith(context, owned),
    sourcesNow(context, map, states),
  ]);
  refuse(unclean, "Terraform's own plan is not clean, so its state is not what is live");
  const { account, region, released } = context.settings;
  const result = buildPlan({
    map,
    mapping: providerMapping(),
    inventory,
    registered,
    environment: context.environment,
    waves,
    released,
    owned,
    home: { account, region },
    sources: now.sources,
    created: new Date().toISOString(),
  });
  if (!result.document) refuse(result.findings, "the two sides cannot be paired");
  return [result.document as PlanDocument, inventory];
};

const describe = (document: PlanDocument, wave: string, file: string): string => {
  const { environment, account, region, sources, resources } = document;
  const rows = resources.map(
    ({ address, type, name, importId }) => `  ${address}\n    → ${type} "${name}"  ${importId}`,
  );
  const adopt = migrate("adopt", environment, `--wave ${wave} --execute`);
  return [
    `plan ${file}`,
    `  sha256 ${document.sha256}`,
    `  account ${account}, region ${region}, state serial ${sources.terraform.serial}, lineage ${sources.terraform.lineage}`,
    `  ${resources.length} resources of ${document.waves.join(", ")}:`,
    ...rows,
    "",
    `next:  read it, then ${adopt}`,
  ].join("\n");
};

/** Pairs both sides and writes the document that a person reviews. Changes neither state. */
export const plan = async (context: Context, { wave }: PlanOptions): Promise<Result<PlanDocument>> => {
  const map = await loadMap();
  requireWave(wave, map.waves);
  const checked = await preflight(context);
  await checkProviderVersion(checked, TERRAFORM_PROVIDER);
  const { progress } = checked;
  const states = await progress.step("read both states", () => readStates(checked));
  requireStack(checked, states);
  const snapshot = await snapshotOf(checked, map, states);
  const waves = chooseWaves(wave, "plan", snapshot);
  requireOrder("plan", waves, snapshot);
  const [document, inventory] = await progress.step("pair both sides", () => build(checked, { map, states, waves }));
  refuseLeaks(document, inventory);
  const files = paths(checked);
  await writeJson(files.plan(wave), document, PRIVATE);
  const imports = withProviderVersion(importFile(document), providerMapping().plugin);
  await writeJson(files.importFile(wave), imports, PRIVATE);
  await noteInJournal(checked, { command: "plan", waves }, { event: "planned", detail: { sha256: document.sha256 } });
  return done(describe(document, wave, files.plan(wave)), document);
};
