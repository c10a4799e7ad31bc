import { join } from "node:path";
import type { Checked, Context } from "../lib/context";
import { UserError } from "../lib/errors";
import { readText, sha256 } from "../lib/files";
import { readJournal } from "../lib/journal";
import { rememberSecret } from "../lib/masking";
import { paths } from "../lib/paths";
import { readCheckpoint } from "../plan/checkpoint";
import { identifyState, readInventory } from "../plan/inventory";
import { readMap } from "../plan/map";
import { Sensitive } from "../plan/sensitive";
import type { Checkpoint, Inventory, MigrationMap, StateIdentity } from "../plan/types";
import { canonical } from "../plan/values";
import { exportStack } from "../pulumi/pulumi";
import { type RawState, readRawState } from "../terraform/state-entries";
import { initTerraform, pullState, showState } from "../terraform/terraform";

/** Both states at one moment. */
export interface States {
  readonly terraform: {
    /** The bytes, as the backend holds them. */
    readonly text: string;
    readonly raw: RawState;
    readonly identity: StateIdentity;
  };
  readonly pulumi: {
    /** `pulumi stack export`; empty when the stack does not exist yet. */
    readonly text: string;
    readonly checkpoint: Checkpoint;
  };
}

const EMPTY_STACK = JSON.stringify({ version: 3, deployment: {} });

/** The map lies beside the code that reads it, and is the same for every workspace. */
export const mapPath = join(__dirname, "..", "migration-map.yaml");
export const loadMap = async (): Promise<MigrationMap> =>
  readMap(await readText(mapPath, "restore it from version control"), "scripts/migration-map.yaml");

const terraformState = async (context: Context): Promise<States["terraform"]> => {
  await initTerraform(context);
  const text = await pullState(context);
  const source = `Terraform's state of ${context.environment}`;
  if (text.trim() === "") {
    // An empty answer is never "everything was deleted": it is the wrong place, or a state that was never applied.
    throw new UserError(`${source} is empty or missing`, {
      fix: "check bucket and key of the backend, and the account",
    });
  }
  const raw = readRawState(text, source);
  rememberSensitive(raw);
  return { text, raw, identity: { ...identifyState(text, source), sha256: contentHash(raw) } };
};

/** Not of the bytes: Terraform prints `check_results`, which say nothing about resources, in another order each time. */
const contentHash = ({ check_results: _, ...content }: RawState): string => sha256(canonical(content));

/** What Terraform marks sensitive becomes unprintable before anything else can happen to it. */
const rememberSensitive = (raw: RawState): void => {
  for (const output of Object.values(raw.outputs) as { value?: unknown; sensitive?: boolean }[]) {
    if (output?.sensitive === true) rememberSecret(output.value);
  }
};

/** Sensitive attributes, from the inventory, which knows the provider's schema. */
export const rememberInventory = (inventory: Inventory): void => {
  const walk = (value: unknown): void => {
    if (value instanceof Sensitive) rememberSecret(value.reveal()?.value);
    else if (value !== null && typeof value === "object") for (const part of Object.values(value)) walk(part);
  };
  for (const { attributes } of inventory.resources) walk(attributes);
  for (const { value } of Object.values(inventory.outputs)) walk(value);
};

const pulumiState = async (context: Context): Promise<States["pulumi"]> => {
  const text = await exportStack(context);
  const source = `\`pulumi stack export\` of ${context.environment}`;
  return { text: text ?? "", checkpoint: readCheckpoint(text ?? EMPTY_STACK, context.environment, source) };
};

/** Reads both states; changes nothing. */
export const readStates = async (context: Context): Promise<States> => {
  const [terraform, pulumi] = await Promise.all([terraformState(context), pulumiState(context)]);
  return { terraform, pulumi };
};

/** What Terraform says exists, with every attribute and with secrets wrapped. */
export const readInventoryOf = async (context: Context): Promise<Inventory> => {
  await initTerraform(context);
  const inventory = readInventory(await showState(context), `\`terraform show -json\` of ${context.environment}`);
  rememberInventory(inventory);
  return inventory;
};

/** @throws UserError when the stack does not exist: creating it decides where secrets are kept, which is not ours to do */
export const requireStack = (context: Checked, states: States): void => {
  if (states.pulumi.text !== "") return;
  const { environment } = context;
  const fix = `pulumi stack init ${environment} --cwd ${paths(context).program}, then repeat`;
  throw new UserError(`the Pulumi stack ${environment} does not exist yet`, { fix });
};

export const readJournalOf = (context: Context) => readJournal(paths(context).journal);
