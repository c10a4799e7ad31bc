import { sealPlan } from "./document";
import { checkHome, type Home, importIdOf } from "./import-ids";
import { checkAgainstInventory } from "./inventory-check";
import { checkMap } from "./map-check";
import { checkAgainstProgram } from "./program-check";
import type { ProviderMapping } from "./provider-mapping";
import type {
  Finding,
  Inventory,
  InventoryResource,
  MappedResource,
  MigrationMap,
  PlanDocument,
  PlannedComponent,
  PlannedResource,
  PlanSources,
  RegisteredResource,
} from "./types";
import { formatUrn } from "./urn";

export interface PlanInput {
  readonly map: MigrationMap;
  readonly mapping: ProviderMapping;
  readonly inventory: Inventory;
  /** What the program registers when the stack owns `owned`. */
  readonly registered: readonly RegisteredResource[];
  readonly environment: string;
  /** The waves to move, in order. */
  readonly waves: readonly string[];
  /** Waves that Terraform has given away already. */
  readonly released: readonly string[];
  /** Waves that the stack owns, the ones to move among them. */
  readonly owned: readonly string[];
  readonly home: Home;
  readonly sources: PlanSources;
  /** ISO 8601. */
  readonly created: string;
}

export type PlanResult =
  | { readonly document: PlanDocument; readonly findings: readonly [] }
  | { readonly document?: undefined; readonly findings: readonly Finding[] };

type Place = Pick<PlanInput, "environment" | "map">;

/** URN of a component of the map. */
export const componentUrn = ({ environment, map }: Place, { type, name }: { type: string; name: string }): string =>
  formatUrn({ stack: environment, project: map.project, parentTypes: [], type, name });

/** URN of a resource of the map, in the stack of an environment. */
export const resourceUrn = ({ environment, map }: Place, { parent, type, name }: MappedResource): string =>
  formatUrn({ stack: environment, project: map.project, parentTypes: [parent.type], type, name });

/** Waves move in the order of the map, and each only once. */
export const checkOrder = (map: MigrationMap, released: readonly string[], waves: readonly string[]): Finding[] => {
  const unknown = waves.filter((wave) => !map.waves.includes(wave));
  const expected = map.waves.slice(released.length, released.length + waves.length);
  if (unknown.length === 0 && waves.length > 0 && expected.join() === waves.join()) return [];
  const next = map.waves[released.length];
  return [
    {
      category: "order",
      message: `wave ${waves.join(", ") || "(none)"} cannot move now: the order is ${map.waves.join(", ")}, and ${
        released.length > 0 ? `${released.join(", ")} has moved` : "nothing has moved yet"
      }`,
      fix: next ? `Move wave ${next} first.` : "Everything has moved; there is nothing left to do.",
    },
  ];
};

interface Planned {
  readonly resources: readonly PlannedResource[];
  readonly findings: readonly Finding[];
}

const planResources = (input: PlanInput, rows: readonly MappedResource[]): Planned => {
  const inventory = new Map(input.inventory.resources.map((resource) => [resource.address, resource]));
  const resources: PlannedResource[] = [];
  const findings: Finding[] = [];
  for (const row of rows) {
    const terraform = inventory.get(row.address);
    if (!terraform) continue; // Reported by the check of the map.
    findings.push(...checkHome(terraform, input.home));
    const planned = planResource(input, row, terraform);
    if ("importId" in planned) resources.push(planned);
    else findings.push(planned);
  }
  return { resources, findings: [...findings, ...sameImport(resources)] };
};

const planResource = (
  input: PlanInput,
  row: MappedResource,
  terraform: InventoryResource,
): PlannedResource | Finding => {
  const result = importIdOf(terraform);
  if ("finding" in result) return result.finding;
  const { address, terraformType, type, name, wave } = row;
  const parent = componentUrn(input, row.parent);
  return { address, terraformType, urn: resourceUrn(input, row), type, name, parent, wave, importId: result.id };
};

/** Several types may share an id (a bucket and its policy); two resources of one type may not. */
const sameImport = (resources: readonly PlannedResource[]): Finding[] => {
  const seen = new Map<string, PlannedResource>();
  return resources.flatMap((resource): Finding[] => {
    const key = `${resource.type} ${resource.importId}`;
    const other = seen.get(key);
    seen.set(key, resource);
    if (!other) return [];
    return [
      {
        category: "duplicate",
        message: `${other.address} and ${resource.address} both have the import id ${resource.importId} as ${resource.type}`,
        fix: "One of them is mapped wrongly, or Terraform holds one physical resource twice.",
      },
    ];
  });
};

const componentsOf = (input: PlanInput): PlannedComponent[] =>
  input.map.components
    .filter(({ wave }) => input.waves.includes(wave))
    .map(({ type, name, wave }) => ({ urn: componentUrn(input, { type, name }), type, name, wave }));

/** Pairs both sides and makes the plan document, or says everything that stands against it. Reads and writes nothing. */
export const buildPlan = (input: PlanInput): PlanResult => {
  const { map, inventory, released, waves } = input;
  const rows = map.resources.filter(({ wave }) => waves.includes(wave));
  const { resources, findings } = planResources(input, rows);
  const all = [
    ...checkOrder(map, released, waves),
    ...checkMap(map, input.mapping),
    ...checkAgainstInventory(map, inventory, released),
    ...checkAgainstProgram(map, input.registered, input.owned),
    ...findings,
  ];
  if (all.length > 0) return { findings: all };
  const document = sealPlan({
    version: 1,
    created: input.created,
    project: map.project,
    environment: input.environment,
    waves,
    account: input.home.account,
    region: input.home.region,
    sources: input.sources,
    components: componentsOf(input),
    resources,
  });
  return { document, findings: [] };
};
