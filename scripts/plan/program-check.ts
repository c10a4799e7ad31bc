import { grouped, identity, identityOf, MAP, repeated, where } from "./map-rows";
import type { Finding, MappedResource, MigrationMap, RegisteredResource } from "./types";
import { isBookkeeping, parseUrn } from "./urn";

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
  const pairs = pairByName(missing, extra);
  const [rows, others] = [new Set(pairs.map(({ row }) => row)), new Set(pairs.map(({ other }) => other))];
  return [
    ...pairs.map(({ row, other }) => otherType(row, other)),
    ...missing.filter((row) => !rows.has(row)).map(notRegistered),
    ...extra.filter((resource) => !others.has(resource)).map((resource) => notMapped(resource, map)),
    ...repeated(program, ({ urn }) => urn).map(registeredTwice),
    ...missingComponents(map, program, owned),
  ];
};

const identityInProgram = (urn: string): string => {
  const { parentTypes, type, name } = parseUrn(urn);
  return identity(parentTypes, type, name);
};

/** What is missing and what is extra under one name in one component is the same resource with another type. */
const pairByName = (missing: readonly MappedResource[], extra: readonly RegisteredResource[]) => {
  const candidates = grouped(extra, ({ urn, name }) => `${parseUrn(urn).parentTypes.join("$")} ${name}`);
  return [...grouped(missing, ({ parent, name }) => `${parent.type} ${name}`)].flatMap(([key, [row, ...more]]) => {
    const [other, ...others] = candidates.get(key) ?? [];
    return row && other && more.length + others.length === 0 ? [{ row, other }] : [];
  });
};

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
