import { parseAddress, withoutKeys } from "./address";
import { grouped, MAP, repeated, where } from "./map-rows";
import type { Finding, Inventory, InventoryResource, MappedResource, MigrationMap } from "./types";

/**
 * The map against what Terraform has, both ways.
 * @param released waves that Terraform has given away: their resources must not be there
 */
export const checkAgainstInventory = (
  map: MigrationMap,
  inventory: Inventory,
  released: readonly string[],
): Finding[] => {
  const rows = new Map(map.resources.map((row) => [row.address, row]));
  const skipped = new Set(map.skipped.map(({ address }) => address));
  const present = new Set(inventory.resources.map(({ address }) => address));
  const bases = grouped(inventory.resources, ({ address }) => withoutKeys(address));
  const strangers = inventory.resources.filter(({ address }) => !rows.has(address) && !skipped.has(address));
  return [
    ...map.resources
      .filter(({ address, wave }) => !present.has(address) && !released.includes(wave))
      .map((row) => missingInTerraform(row, bases.get(withoutKeys(row.address)) ?? [])),
    ...map.resources
      .filter(({ address, wave }) => present.has(address) && released.includes(wave))
      .map(releasedButPresent),
    ...strangerFindings(strangers),
    ...inventory.resources.flatMap(conditionFinding),
    ...repeated(inventory.resources, ({ type, attributes, address }) => `${type} ${attributes.id ?? address}`).map(
      sameId,
    ),
    ...repeated(inventory.resources, ({ address }) => address).map(sameAddress),
  ];
};

const missingInTerraform = (row: MappedResource, near: readonly InventoryResource[]): Finding => ({
  category: "missing",
  message: `${where(row)} is not in Terraform's state; the map pairs it with ${row.type} "${row.name}"${
    near.length > 0 ? `. The state has ${near.map(({ address }) => address).join(", ")}` : ""
  }`,
  fix:
    near.length > 0
      ? "Write the address with its instance key, exactly as the state has it."
      : "Apply Terraform first, or remove the row if the resource is gone on purpose.",
});

const releasedButPresent = (row: MappedResource): Finding => ({
  category: "moved",
  message: `${row.address} is still in Terraform's state although wave ${row.wave} is released`,
  fix: `A cutover or rollback stopped half-way: run it again for wave ${row.wave}.`,
});

/** Instances of one block with count or for_each are reported together. */
const strangerFindings = (strangers: readonly InventoryResource[]): Finding[] =>
  [...grouped(strangers, ({ address }) => withoutKeys(address)).entries()].map(([base, resources]) => {
    const keyed = resources.filter(({ address }) => parseAddress(address)?.key);
    const [first] = resources;
    if (!first || keyed.length === 0) return extraInTerraform(base, resources);
    return {
      category: "instances",
      message: `${base} in ${first.module || "the root module"} has ${resources.length} instance(s) by count or for_each that the map does not name: ${resources
        .map(({ address }) => address)
        .slice(0, 5)
        .join(", ")}${resources.length > 5 ? ", …" : ""}`,
      fix: `Give ${MAP} one row per instance, each with its own logical name; an instance is never derived.`,
    };
  });

const extraInTerraform = (base: string, resources: readonly InventoryResource[]): Finding => {
  const address = resources.map((resource) => resource.address).join(", ") || base;
  return {
    category: "unmapped",
    message: `${address} is in Terraform's state, but neither mapped nor skipped in ${MAP}; nothing would own it after the move`,
    fix: "Add a row that pairs it with a Pulumi resource, or list it under `skipped` with the reason.",
  };
};

const conditionFinding = ({ address, condition }: InventoryResource): Finding[] =>
  condition
    ? [
        {
          category: "pending",
          message: `${address} is ${condition} in Terraform's state`,
          fix: "Finish it with Terraform first (`terraform apply`, or `terraform untaint`), until the plan is clean.",
        },
      ]
    : [];

const sameId = (resources: readonly InventoryResource[]): Finding => ({
  category: "duplicate",
  message: `${resources.map(({ address }) => address).join(" and ")} are one physical resource: same type, same id ${String(resources[0]?.attributes.id)}`,
  fix: "Remove one of them from the state with `terraform state rm`; one physical resource has one owner.",
});

const sameAddress = (resources: readonly InventoryResource[]): Finding => ({
  category: "duplicate",
  message: `${resources[0]?.address} is ${resources.length} times in Terraform's state`,
  fix: "Restore the state from a backup; Terraform does not write such a state.",
});
