import { align, type Leaf } from "./align";
import { compareOutputs } from "./compare-outputs";
import { judge } from "./judge";
import { topOf } from "./names";
import { type Evidence, neverReturned } from "./never-returned";
import type { ProviderMapping } from "./provider-mapping";
import type {
  Checkpoint,
  ComparisonRow,
  Inventory,
  InventoryResource,
  Json,
  PulumiResource,
  Value,
  ValueObject,
} from "./types";
import { canonical, isEmpty, isObject, shown } from "./values";
import { volatile } from "./volatile";

/** One resource as both states have it. */
export interface Pair {
  readonly terraform: InventoryResource;
  readonly pulumi: PulumiResource;
}

export interface CompareOptions {
  /** Base64 of the sha256 of the handler's archive, for what AWS reports of the code. */
  readonly codeSha256?: string;
}

const rowOf = (pair: Pair, leaf: Leaf, judgement: Pick<ComparisonRow, "verdict" | "reason">): ComparisonRow => {
  const masked = leaf.field?.sensitive === true;
  const terraformValue = shown(leaf.terraform, masked);
  const pulumiValue = shown(leaf.pulumi, masked);
  return {
    address: pair.terraform.address,
    urn: pair.pulumi.urn,
    terraformName: leaf.terraformName,
    pulumiName: leaf.pulumiName,
    ...(terraformValue === undefined ? {} : { terraformValue }),
    ...(pulumiValue === undefined ? {} : { pulumiValue }),
    ...judgement,
  };
};

/**
 * Default tags are merged by one plugin into `tags` and by another only into `tags_all`. What the resource bears is
 * `tags_all`; a tag in it that is equal there is no difference in `tags`.
 */
const isDefaultTag = (
  { terraformName, terraform, pulumi }: Leaf,
  { attributes }: InventoryResource,
  outputs: ValueObject,
): boolean => {
  const key = /^tags(?:\.(?<plain>.+)|\[(?<quoted>".+")\])$/s.exec(terraformName)?.groups;
  if (!key || !isObject(attributes.tags_all) || !isObject(outputs.tagsAll)) return false;
  const name = key.plain ?? (JSON.parse(key.quoted ?? '""') as string);
  const borne = attributes.tags_all[name];
  return borne === outputs.tagsAll[name] && (terraform ?? borne) === borne && (pulumi ?? borne) === borne;
};

const verdictOf = (pair: Pair, leaf: Leaf, options: CompareOptions): Pick<ComparisonRow, "verdict" | "reason"> => {
  const judgement = judge(leaf);
  if (judgement.verdict !== "different") return judgement;
  if (isDefaultTag(leaf, pair.terraform, pair.pulumi.outputs)) {
    return {
      verdict: "equal-by-meaning",
      reason: "a default tag of the provider: the resource bears it on both sides",
    };
  }
  const moment = volatile(pair.terraform.type, topOf(leaf.terraformName));
  if (moment) return { verdict: "equal-by-meaning", reason: moment };
  return excuse(pair, leaf, options) ?? judgement;
};

/** Only what Pulumi could not read is excused; a value on both sides was said by somebody and must be the same. */
const excuse = (
  pair: Pair,
  leaf: Leaf,
  options: CompareOptions,
): Pick<ComparisonRow, "verdict" | "reason"> | undefined => {
  const known = neverReturned(pair.terraform.type, topOf(leaf.terraformName));
  if (!known || !(isEmpty(leaf.pulumi) || isArchive(leaf.pulumi))) return undefined;
  const evidence: Evidence = { terraform: pair.terraform.attributes, codeSha256: options.codeSha256 };
  const objection = known.objection?.(evidence);
  return objection ? { verdict: "different", reason: objection } : { verdict: "never-returned", reason: known.reason };
};

/** The engine's form of a file archive; Terraform has a path in its place. */
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const isArchive = (value: Value | undefined): boolean => isObject(value) && Object.values(value).includes(ARCHIVE);

/** Inputs that say something else than what was read: the next update would change the resource. */
const inputRows = (
  pair: Pair,
  read: readonly Leaf[],
  fields: Parameters<typeof align>[0],
  options: CompareOptions,
): ComparisonRow[] => {
  const same = new Map(read.map((leaf) => [leaf.pulumiName, canonical(leaf.pulumi ?? null, true)]));
  return align(fields, pair.terraform.attributes, pair.pulumi.inputs)
    .filter(({ pulumi, pulumiName }) => !isEmpty(pulumi) && same.get(pulumiName) !== canonical(pulumi ?? null, true))
    .map((leaf) => rowOf(pair, leaf, verdictOf(pair, leaf, options)))
    .filter(({ verdict }) => verdict === "different")
    .map((row) => ({ ...row, reason: `the program's input differs${row.reason ? `: ${row.reason}` : ""}` }));
};

/** Every property of one resource in both states; properties that are empty on both sides are left out. */
export const compareResource = (
  pair: Pair,
  mapping: ProviderMapping,
  options: CompareOptions = {},
): ComparisonRow[] => {
  const known = mapping.resources[pair.terraform.type];
  if (!known || known.token !== pair.pulumi.type) return [typeRow(pair, known?.token)];
  const outputs = { ...pair.pulumi.outputs, id: pair.pulumi.id };
  const leaves = align(known.fields, pair.terraform.attributes, outputs);
  const rows = leaves.map((leaf) => rowOf(pair, leaf, verdictOf(pair, leaf, options)));
  return [...rows, ...inputRows(pair, leaves, known.fields, options)];
};

const typeRow = ({ terraform, pulumi }: Pair, expected: string | undefined): ComparisonRow => ({
  address: terraform.address,
  urn: pulumi.urn,
  terraformName: "type",
  pulumiName: "type",
  terraformValue: terraform.type,
  pulumiValue: pulumi.type,
  verdict: "different",
  reason: expected ? `${terraform.type} is ${expected} in Pulumi` : "the provider's mapping does not know this type",
});

const missingRow = (address: string, urn: string, terraform: InventoryResource | undefined): ComparisonRow => ({
  address,
  urn,
  terraformName: "(resource)",
  pulumiName: "(resource)",
  ...(terraform ? { terraformValue: terraform.type } : {}),
  verdict: "different",
  reason: terraform ? "Pulumi's state does not have this resource" : "Terraform's state does not have this resource",
});

/** Which resources belong together: rows of the map, or of a plan document. */
export interface Pairing {
  readonly address: string;
  readonly urn: string;
}

/** Every property of every pair, and every output. A partner that is missing is a row of its own. */
export const compareStates = (
  pairs: readonly Pairing[],
  inventory: Inventory,
  checkpoint: Checkpoint,
  mapping: ProviderMapping,
  options: CompareOptions = {},
): ComparisonRow[] => {
  const terraform = new Map(inventory.resources.map((resource) => [resource.address, resource]));
  const pulumi = new Map(checkpoint.resources.map((resource) => [resource.urn, resource]));
  const resources = pairs.flatMap(({ address, urn }) => {
    const [one, other] = [terraform.get(address), pulumi.get(urn)];
    return one && other
      ? compareResource({ terraform: one, pulumi: other }, mapping, options)
      : [missingRow(address, urn, one)];
  });
  return [...resources, ...compareOutputs(inventory.outputs, checkpoint.outputs)];
};

/** The rows that make a verification fail. */
export const differencesIn = (rows: readonly ComparisonRow[]): ComparisonRow[] =>
  rows.filter(({ verdict }) => verdict === "different");

/** One line for a person: resource, property, both values. */
export const describeRow = ({
  address,
  urn,
  terraformName,
  pulumiName,
  terraformValue,
  pulumiValue,
  reason,
}: ComparisonRow): string => {
  const side = (value: Json | undefined): string => (value === undefined ? "(not set)" : JSON.stringify(value));
  const where = address ? `${address} (${urn})` : "output";
  const property =
    terraformName === pulumiName || !pulumiName ? terraformName : `${terraformName || "-"} / ${pulumiName}`;
  return `${where}: ${property}: Terraform ${side(terraformValue)}, Pulumi ${side(pulumiValue)}${reason ? ` — ${reason}` : ""}`;
};
