import { parseAddress, withoutKeys } from "./address";
import type { ProviderMapping } from "./provider-mapping";
import type { Finding, Inventory, InventoryResource, MappedResource, MigrationMap, RegisteredResource } from "./types";
import { isBookkeeping, parseUrn } from "./urn";

const MAP = "scripts/migration-map.yaml";

const where = (row: MappedResource): string => `${MAP}:${row.line} (${row.address})`;

/** What identifies a resource in a program, apart from stack and project. */
const identity = (parentTypes: readonly string[], type: string, name: string): string =>
  `${[...parentTypes, type].join("$")}::${name}`;

const identityOf = (row: MappedResource): string => identity([row.parent.type], row.type, row.name);

const grouped = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
};

const repeated = <T>(items: readonly T[], key: (item: T) => string): T[][] =>
  [...grouped(items, key).values()].filter(({ length }) => length > 1);

/** The map by itself: nothing twice, and each Pulumi type the one that its Terraform type becomes. */
export const checkMap = (map: MigrationMap, mapping: ProviderMapping): Finding[] => {
  const lines = (rows: readonly MappedResource[]): string => rows.map(({ line }) => line).join(" and ");
  const duplicates = [
    ...repeated(map.resources, ({ address }) => address).map((rows) => ({ rows, what: rows[0]?.address })),
    ...repeated(map.resources, identityOf).map((rows) => ({ rows, what: `${rows[0]?.type} "${rows[0]?.name}"` })),
    ...repeated(map.components, ({ wave }) => wave).map(([first]) => ({ rows: [], what: `wave ${first?.wave}` })),
  ].map(
    ({ rows, what }): Finding => ({
      category: "duplicate",
      message: `${what} appears more than once in ${MAP}${rows.length ? `, on lines ${lines(rows)}` : ""}`,
      fix: "Keep one row: each Terraform resource becomes exactly one Pulumi resource.",
    }),
  );
  return [...duplicates, ...map.resources.flatMap((row) => checkType(row, mapping))];
};

const checkType = (row: MappedResource, mapping: ProviderMapping): Finding[] => {
  const known = mapping.resources[row.terraformType];
  if (!known) {
    return [
      {
        category: "unmapped",
        message: `${where(row)}: type ${row.terraformType} is not in provider-mapping.json (${mapping.plugin}), so its properties could not be compared`,
        fix: "Add the type to the mapping (made from the plugin), or skip the resource with a reason.",
      },
    ];
  }
  if (known.token === row.type) return [];
  return [
    {
      category: "different-type",
      message: `${where(row)}: ${row.terraformType} is ${known.token} in Pulumi, the map says ${row.type}`,
      fix: `Write ${known.token} in the map and use that class in the program.`,
    },
  ];
};

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

/**
 * The map against what the program registers, both ways.
 * @param owned waves that the stack owned when the program was asked
 */
export const checkAgainstProgram = (
  map: MigrationMap,
  registered: readonly RegisteredResource[],
  owned: readonly string[],
): Finding[] => {
  const expected = new Map(
    map.resources.filter(({ wave }) => owned.includes(wave)).map((row) => [identityOf(row), row]),
  );
  const program = registered.filter(({ type }) => !isBookkeeping(type));
  const actual = new Map(
    program.filter(({ custom }) => custom).map((resource) => [identityInProgram(resource.urn), resource]),
  );
  const missing = [...expected].filter(([key]) => !actual.has(key)).map(([, row]) => row);
  const extra = [...actual].filter(([key]) => !expected.has(key)).map(([, resource]) => resource);
  const pairs = missing.flatMap((row) => {
    const other = extra.find((resource) => resource.name === row.name && sameParent(resource, row));
    return other && missing.filter(({ name, parent }) => name === row.name && parent === row.parent).length === 1
      ? [{ row, other }]
      : [];
  });
  return [
    ...pairs.map(({ row, other }) => otherType(row, other)),
    ...missing.filter((row) => !pairs.some((pair) => pair.row === row)).map(notRegistered),
    ...extra
      .filter((resource) => !pairs.some((pair) => pair.other === resource))
      .map((resource) => notMapped(resource, map)),
    ...repeated(program, ({ urn }) => urn).map(registeredTwice),
    ...missingComponents(map, program, owned),
  ];
};

const identityInProgram = (urn: string): string => {
  const { parentTypes, type, name } = parseUrn(urn);
  return identity(parentTypes, type, name);
};

const sameParent = ({ urn }: RegisteredResource, row: MappedResource): boolean =>
  parseUrn(urn).parentTypes.join("$") === row.parent.type;

const otherType = (row: MappedResource, other: RegisteredResource): Finding => ({
  category: "different-type",
  message: `${where(row)} is mapped to ${row.type} "${row.name}", the program registers ${other.type} "${other.name}"`,
  fix: `Use the class of ${row.type} in the program, or correct the map.`,
});

const notRegistered = (row: MappedResource): Finding => ({
  category: "missing",
  message: `${where(row)} is mapped to ${row.type} "${row.name}" in ${row.parent.name}, which the program does not register`,
  fix: "Add it to the component with this name and `parent: this`, or correct the map.",
});

const notMapped = ({ urn }: RegisteredResource, map: MigrationMap): Finding => {
  const elsewhere = map.resources.find((row) => identityOf(row) === identityInProgram(urn));
  if (elsewhere) {
    return {
      category: "order",
      message: `the program registers ${urn}, which belongs to wave ${elsewhere.wave}; the stack does not own that wave yet (${elsewhere.address} does)`,
      fix: "Correct `owns` in the stack configuration.",
    };
  }
  return {
    category: "extra",
    message: `the program registers ${urn}, which no row of ${MAP} pairs with a Terraform resource; an update would create it`,
    fix: "Add the row, or remove the resource from the program until the move is over.",
  };
};

const registeredTwice = (resources: readonly RegisteredResource[]): Finding => ({
  category: "duplicate",
  message: `the program registers ${resources[0]?.urn} ${resources.length} times`,
  fix: "Give each resource a logical name of its own.",
});

const missingComponents = (
  map: MigrationMap,
  program: readonly RegisteredResource[],
  owned: readonly string[],
): Finding[] => {
  const present = new Set(program.map(({ urn }) => identityInProgram(urn)));
  return map.components
    .filter(({ wave, type, name }) => owned.includes(wave) && !present.has(identity([], type, name)))
    .map(({ wave, type, name }) => ({
      category: "missing",
      message: `component ${type} "${name}" of wave ${wave} is mapped to ${MAP}, but the program does not register it`,
      fix: "Create it directly below the stack with this name, or correct the map.",
    }));
};
