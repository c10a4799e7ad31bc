import type { Leaf } from "./align";
import { judge } from "./judge";
import type { ComparisonRow, Output } from "./types";
import { shown } from "./values";

const outputRow = (name: string, terraform: Output | undefined, pulumi: Output | undefined): ComparisonRow => {
  const masked = terraform?.sensitive === true || pulumi?.sensitive === true;
  const leaf: Leaf = {
    terraformName: name,
    pulumiName: name,
    terraform: terraform?.value,
    pulumi: pulumi?.value,
    field: { type: "dynamic" },
    entry: true,
  };
  const terraformValue = shown(leaf.terraform, masked);
  const pulumiValue = shown(leaf.pulumi, masked);
  return {
    address: "",
    urn: "",
    terraformName: name,
    pulumiName: name,
    ...(terraformValue === undefined ? {} : { terraformValue }),
    ...(pulumiValue === undefined ? {} : { pulumiValue }),
    ...judge(leaf),
  };
};

/** The outputs of both stacks, by name; one that only one side has is different. */
export const compareOutputs = (
  terraform: Readonly<Record<string, Output>>,
  pulumi: Readonly<Record<string, Output>>,
): ComparisonRow[] =>
  [...new Set([...Object.keys(terraform), ...Object.keys(pulumi)])]
    .sort()
    .map((name) => outputRow(name, terraform[name], pulumi[name]));

/**
 * Leaves out the outputs that Terraform has given away: null there once every module behind them is released, and
 * Pulumi's alone. Any other output that only one side has stays, and is different.
 */
export const withoutReleasedOutputs = (
  rows: readonly ComparisonRow[],
  modulesOf: Readonly<Record<string, readonly string[]>>,
  released: readonly string[],
): readonly ComparisonRow[] =>
  rows.filter(({ address, terraformName, terraformValue }) => {
    if (address !== "" || terraformValue !== undefined) return true;
    const modules = modulesOf[terraformName] ?? [];
    return modules.length === 0 || !modules.every((module) => released.includes(module));
  });
