import { withoutKeys } from "../../plan/address";
import { align, type Leaf } from "../../plan/align";
import { describeRow, differencesIn } from "../../plan/compare";
import { compareOutputs } from "../../plan/compare-outputs";
import { judge } from "../../plan/judge";
import type { Fields, ProviderMapping } from "../../plan/provider-mapping";
import type { ComparisonRow, Inventory, InventoryResource, MigrationMap } from "../../plan/types";
import { canonical, isEmpty, printable } from "../../plan/values";
import type { ProgramSide, Registered } from "./program";
import { type Expressions, said, type TerraformSide } from "./shown";

interface Pair {
  readonly terraform: InventoryResource;
  readonly pulumi: Registered;
}

const rowOf = ({ terraform, pulumi }: Pair, leaf: Leaf, different: string): ComparisonRow => ({
  address: terraform.address,
  urn: `${pulumi.type} ${pulumi.name}`,
  terraformName: leaf.terraformName,
  pulumiName: leaf.pulumiName,
  ...(leaf.terraform === undefined ? {} : { terraformValue: printable(leaf.terraform) ?? null }),
  ...(leaf.pulumi === undefined ? {} : { pulumiValue: printable(leaf.pulumi) ?? null }),
  verdict: different ? "different" : "equal",
  reason: different,
});

const judged = (leaf: Leaf): string => {
  const { verdict, reason } = judge(leaf);
  return verdict === "different" ? reason || "the values differ" : "";
};

/** What the HCL says the program must say too: leaving out `false` is another program, even where the default is the same. */
const saidInHcl = (leaf: Leaf): string =>
  leaf.pulumi === undefined && !isEmpty(leaf.terraform) ? "the program does not say it" : judged(leaf);

/** Every argument of the HCL against the program, and every input of the program against what Terraform leads to. */
export const compareInputs = (pair: Pair, expressions: Expressions, fields: Fields): ComparisonRow[] => {
  const { attributes } = pair.terraform;
  const fromHcl = align(fields, said(expressions, attributes), pair.pulumi.inputs).filter(
    ({ terraform }) => terraform !== undefined,
  );
  const seen = new Set(fromHcl.map(({ pulumiName }) => pulumiName));
  const fromProgram = align(fields, attributes, pair.pulumi.inputs).filter(
    ({ pulumi, pulumiName }) => pulumi !== undefined && !seen.has(pulumiName),
  );
  return [
    ...fromHcl.map((leaf) => rowOf(pair, leaf, saidInHcl(leaf))),
    ...fromProgram.map((leaf) => rowOf(pair, leaf, judged(leaf))),
  ];
};

/** An order that the HCL asks for explicitly must hold in the program too, explicitly or because an input asks for it. */
const orderRows = (pair: Pair, dependsOn: readonly string[], keys: ReadonlyMap<string, string>): ComparisonRow[] =>
  dependsOn.map((address) => {
    const key = keys.get(address) ?? address;
    const kept = pair.pulumi.dependencies.includes(key);
    const leaf = {
      terraformName: "depends_on",
      pulumiName: "dependsOn",
      terraform: address,
      pulumi: kept ? key : null,
    };
    return rowOf(pair, { ...leaf, field: undefined }, kept ? "" : "the program may make it before that");
  });

const lonely = (address: string, urn: string, reason: string): ComparisonRow => ({
  address,
  urn,
  terraformName: "(resource)",
  pulumiName: "(resource)",
  verdict: "different",
  reason,
});

const keyOf = ({ type, name }: { readonly type: string; readonly name: string }): string => `${type} ${name}`;

interface Known {
  readonly terraform: TerraformSide;
  readonly mapping: ProviderMapping;
  readonly registered: ReadonlyMap<string, Registered>;
  /** Type and logical name in Pulumi, by address. */
  readonly keys: ReadonlyMap<string, string>;
}

const resourceRows = (
  resource: InventoryResource,
  { terraform, mapping, registered, keys }: Known,
): ComparisonRow[] => {
  const { address, type } = resource;
  const key = keys.get(address);
  if (key === undefined) return [lonely(address, "", "the map does not know this address")];
  const pulumi = registered.get(key);
  if (!pulumi) return [lonely(address, key, "the program does not have this resource")];
  const known = mapping.resources[type];
  if (known?.token !== pulumi.type) return [lonely(address, key, `${type} is ${known?.token ?? "unknown"} in Pulumi`)];
  const pair = { terraform: resource, pulumi };
  const block = withoutKeys(address);
  const withoutIndex = new Map([...keys].map(([each, other]) => [withoutKeys(each), other]));
  return [
    ...compareInputs(pair, terraform.expressions.get(block) ?? {}, known.fields),
    ...orderRows(pair, terraform.dependsOn.get(block) ?? [], withoutIndex),
  ];
};

/** Resource by resource and property by property; a resource that has no partner is a row of its own. */
export const compareSides = (
  terraform: TerraformSide,
  program: ProgramSide,
  map: MigrationMap,
  mapping: ProviderMapping,
): ComparisonRow[] => {
  const { resources, outputs } = terraform.inventory;
  const registered = new Map(program.resources.map((resource) => [keyOf(resource), resource]));
  const keys = new Map(map.resources.map((resource) => [resource.address, keyOf(resource)]));
  const partners = new Set(resources.map(({ address }) => keys.get(address)));
  const extra = [...registered.keys()].filter((key) => !partners.has(key));
  const exported = Object.entries(program.outputs).map(([name, value]) => [name, { value, sensitive: false }] as const);
  return [
    ...resources.flatMap((resource) => resourceRows(resource, { terraform, mapping, registered, keys })),
    ...extra.map((key) => lonely("", key, "Terraform does not have this resource")),
    ...compareOutputs(outputs, Object.fromEntries(exported)),
  ];
};

/** One line for each difference; empty when both sides are the same. */
export const differences = (rows: readonly ComparisonRow[]): string[] => differencesIn(rows).map(describeRow);

/** Where the tags that a resource bears in Terraform are not the default tags of Pulumi's provider; the program adds none. */
export const tagDifferences = ({ resources }: Inventory, tags: unknown): string[] =>
  resources
    .filter(({ attributes }) => "tags_all" in attributes && canonical(attributes.tags_all) !== canonical(tags))
    .map(
      ({ address, attributes }) =>
        `${address}: tags_all: Terraform ${canonical(attributes.tags_all)}, Pulumi ${canonical(tags)}`,
    );
