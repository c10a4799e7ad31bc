import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type PlanInput, resourceUrn } from "../build-plan";
import { readCheckpoint } from "../checkpoint";
import { identifyState, readInventory } from "../inventory";
import { readMap } from "../map";
import { providerMapping } from "../mapping-files";
import type { Checkpoint, Inventory, MigrationMap, RegisteredResource } from "../types";
import { formatUrn, stackUrn } from "../urn";
import { ids, modules, outputs } from "./pipeline";
import { held } from "./pulumi-side";

export const WAVES = ["delivery", "speech", "storage"] as const;
export type WaveName = (typeof WAVES)[number];

export const MAP_FILE = "scripts/migration-map.yaml";
export const mapText = (): string => readFileSync(join(__dirname, "../../migration-map.yaml"), "utf8");
export const theMap = (): MigrationMap => readMap(mapText(), MAP_FILE);

type Loose = Record<string, unknown>;

export interface ShowResource extends Loose {
  address: string;
  mode: string;
  type: string;
  name: string;
  values: Loose;
  sensitive_values: unknown;
}

const showResource = (module: string, address: string, values: Loose): ShowResource => {
  const [type = "", name = ""] = address.split(".");
  return {
    address: `${module}.${address}`,
    mode: "managed",
    type,
    name,
    values: structuredClone(values),
    sensitive_values: {},
  };
};

/** `terraform show -json`, as an object to change before it is read. */
export const show = (waves: readonly WaveName[] = WAVES) => ({
  format_version: "1.0",
  terraform_version: "1.11.4",
  values: {
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, value]) => [
        name,
        { value: value as unknown, sensitive: false, type: "string" },
      ]),
    ) as Record<string, { value: unknown; sensitive: boolean }>,
    root_module: {
      child_modules: waves.map((wave) => ({
        address: `module.${wave}[0]`,
        resources: Object.entries(modules[wave]).map(([address, values]) =>
          showResource(`module.${wave}[0]`, address, values),
        ),
      })),
    },
  },
});

export type Show = ReturnType<typeof show>;

/** A resource of a show document by its type, or by the end of its address. */
export const resourceIn = ({ values }: Show, which: string): ShowResource => {
  const all = values.root_module.child_modules.flatMap(({ resources }) => resources);
  const found = all.find(({ type, address }) => type === which || address.endsWith(which));
  if (!found) throw new Error(`no ${which} in the fixture`);
  return found;
};

export const inventoryOf = (document: unknown): Inventory => readInventory(JSON.stringify(document), "the state");

export interface ExportedResource extends Loose {
  urn: string;
  type: string;
  id?: string;
  custom: boolean;
  protect?: boolean;
  parent?: string;
  inputs: Loose;
  outputs: Loose;
}

const stack = stackUrn("dev", "text-to-speech");
const componentType = (wave: WaveName): string => `text-to-speech:index:${wave[0]?.toUpperCase()}${wave.slice(1)}`;
const componentOf = (wave: WaveName): string =>
  formatUrn({ stack: "dev", project: "text-to-speech", parentTypes: [], type: componentType(wave), name: wave });

const exportedOf = (wave: WaveName): ExportedResource[] => [
  { urn: componentOf(wave), type: componentType(wave), custom: false, parent: stack, inputs: {}, outputs: {} },
  ...Object.entries(held[wave] ?? {}).map(([address, { type, id, outputs: properties }]): ExportedResource => {
    const name = address.split(".")[1] ?? "";
    const urn = formatUrn({ stack: "dev", project: "text-to-speech", parentTypes: [componentType(wave)], type, name });
    return {
      urn,
      type,
      id,
      custom: true,
      protect: true,
      parent: componentOf(wave),
      inputs: {},
      outputs: structuredClone(properties),
    };
  }),
];

/** `pulumi stack export`, as an object to change before it is read. */
export const exported = (waves: readonly WaveName[] = WAVES) => ({
  version: 3,
  deployment: {
    resources: [
      {
        urn: stack,
        type: "pulumi:pulumi:Stack",
        custom: false,
        inputs: {},
        outputs: { ...outputs } as Loose,
      } as ExportedResource,
      ...waves.flatMap(exportedOf),
    ],
    pending_operations: [] as { type: string; resource: { urn: string } }[],
  },
});

export type Exported = ReturnType<typeof exported>;

export const heldIn = ({ deployment }: Exported, which: string): ExportedResource => {
  const found = deployment.resources.find(({ type, urn }) => type === which || urn.endsWith(which));
  if (!found) throw new Error(`no ${which} in the fixture`);
  return found;
};

export const checkpointOf = (document: unknown): Checkpoint =>
  readCheckpoint(JSON.stringify(document), "dev", "`pulumi stack export`");

export const pulled = (serial = 7) => ({
  version: 4,
  terraform_version: "1.11.4",
  serial,
  lineage: "3f2a",
  outputs: {},
  resources: [],
});

/** What the program registers for these waves. */
export const registered = (waves: readonly WaveName[] = WAVES): RegisteredResource[] =>
  waves.flatMap(exportedOf).map(({ urn, type, custom, parent }) => ({
    urn,
    type,
    custom,
    name: urn.split("::").at(-1) ?? "",
    ...(parent ? { parent } : {}),
    inputs: {},
  }));

const hash = (letter: string): { sha256: string } => ({ sha256: letter.repeat(64) });

export const planInput = (change: Partial<PlanInput> = {}): PlanInput => ({
  map: theMap(),
  mapping: providerMapping(),
  inventory: inventoryOf(show()),
  registered: registered(["delivery"]),
  environment: "dev",
  waves: ["delivery"],
  released: [],
  owned: ["delivery"],
  home: { account: ids.account, region: "us-east-1" },
  sources: {
    terraform: identifyState(JSON.stringify(pulled()), "the state"),
    pulumi: hash("a"),
    map: hash("b"),
    program: hash("c"),
    handler: hash("d"),
    gitCommit: "79fa91f",
  },
  created: "2026-01-01T00:00:00.000Z",
  ...change,
});

/** Address and URN of every row of the map. */
export const pairs = (map = theMap()): { address: string; urn: string }[] =>
  map.resources.map((row) => ({ address: row.address, urn: resourceUrn({ environment: "dev", map }, row) }));
