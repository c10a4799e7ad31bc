import { align, type Leaf } from "./align";
import { judge } from "./judge";
import { topOf } from "./names";
import { neverReturned } from "./never-returned";
import type { FieldMapping, ProviderMapping } from "./provider-mapping";
import { isConfigured, type TerraformPlan, UNKNOWN } from "./terraform-plan";
import type { ComparisonRow, InventoryResource, RegisteredResource, Value, ValueObject } from "./types";
import { canonical, isEmpty, isObject, shown } from "./values";

/** Which resource of the HCL and which of the program are the same. */
export interface ProgramPair {
  readonly terraform: InventoryResource;
  readonly program: RegisteredResource;
}

type Judged = Pick<ComparisonRow, "verdict" | "reason">;

const different = (reason: string): Judged => ({ verdict: "different", reason });
const byMeaning = (reason: string): Judged => ({ verdict: "equal-by-meaning", reason });

const isUnknown = (value: Value | undefined): boolean => canonical(value ?? null, true).includes(UNKNOWN);

/** Tags that the provider adds by itself stand in `tags_all`; a program that names them too says the same. */
const isDefaultTag = ({ pulumiName, pulumi }: Leaf, { attributes }: InventoryResource): boolean => {
  const key = /^tags\.(.+)$/.exec(pulumiName)?.[1];
  return key !== undefined && isObject(attributes.tags_all) && attributes.tags_all[key] === pulumi;
};

const judgeProgramOnly = (leaf: Leaf, pair: ProgramPair): Judged =>
  isDefaultTag(leaf, pair.terraform)
    ? byMeaning("a default tag of the provider")
    : different("set in the program only, and Terraform's value is not the same");

/**
 * Both sides are texts that people wrote, so a value on one side must be on the other, or be what Terraform plans by
 * itself. An archive and its path are not comparable; the hash beside them is.
 */
const judgeLeaf = (leaf: Leaf, pair: ProgramPair, plan: TerraformPlan): Judged | undefined => {
  const { terraform, pulumi, terraformName } = leaf;
  const said = isConfigured(plan, pair.terraform.address, terraformName);
  if (isEmpty(pulumi) && !leaf.entry)
    return said && !isEmpty(terraform) ? different("set in Terraform's HCL only") : undefined;
  if (pulumi === undefined) return said ? different("set in Terraform's HCL only") : undefined;
  if (isUnknown(terraform) || isUnknown(pulumi)) {
    if (isUnknown(terraform) && isUnknown(pulumi)) return byMeaning("known only after apply, on both sides");
    return different("known only after apply on one side");
  }
  if (terraform === undefined || terraform === null) return judgeProgramOnly(leaf, pair);
  const judgement = judge(leaf);
  if (judgement.verdict !== "different") {
    return said || judgement.verdict !== "equal"
      ? judgement
      : byMeaning("the HCL leaves it out, and this is the provider's default");
  }
  if (isArchive(pulumi) && neverReturned(pair.terraform.type, topOf(terraformName))) {
    return {
      verdict: "never-returned",
      reason: "a path in Terraform, an archive in Pulumi; the hash of the code is compared",
    };
  }
  return judgement;
};

const isArchive = (value: Value): boolean => isObject(value);

const rowOf = ({ terraform, program }: ProgramPair, leaf: Leaf, judged: Judged): ComparisonRow => {
  const masked = leaf.field?.sensitive === true;
  const [terraformValue, pulumiValue] = [shown(leaf.terraform, masked), shown(leaf.pulumi, masked)];
  return {
    address: terraform.address,
    urn: program.urn,
    terraformName: leaf.terraformName,
    pulumiName: leaf.pulumiName,
    ...(terraformValue === undefined ? {} : { terraformValue }),
    ...(pulumiValue === undefined ? {} : { pulumiValue }),
    ...judged,
  };
};

/** A read-only attribute is nobody's claim, so it is compared in the states alone. */
const isArgument = (field: FieldMapping | undefined): boolean =>
  field === undefined || !(field.computed && !field.optional);

const withoutReadOnly = (attributes: ValueObject, fields: Readonly<Record<string, FieldMapping>>): ValueObject =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== "id" && isArgument(fields[name])));

/**
 * What the program says against what the HCL says, before anything is deployed: each argument that one side sets has
 * the same value on the other, or is the other's default.
 */
export const compareProgram = (
  pairs: readonly ProgramPair[],
  plan: TerraformPlan,
  mapping: ProviderMapping,
): ComparisonRow[] =>
  pairs.flatMap((pair) => {
    const fields = mapping.resources[pair.terraform.type]?.fields ?? {};
    return align(fields, withoutReadOnly(pair.terraform.attributes, fields), pair.program.inputs).flatMap((leaf) => {
      const judged = judgeLeaf(leaf, pair, plan);
      return judged ? [rowOf(pair, leaf, judged)] : [];
    });
  });
