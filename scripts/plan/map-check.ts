import { identityOf, MAP, repeated, where } from "./map-rows";
import type { ProviderMapping } from "./provider-mapping";
import type { Finding, MappedResource, MigrationMap } from "./types";

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
