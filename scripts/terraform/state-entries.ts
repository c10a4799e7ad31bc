import { z } from "zod";
import { UserError } from "../lib/errors";
import { parseJson } from "../lib/files";
import type { Inventory, ValueObject } from "../plan/types";

/** One `resources[]` entry of a Terraform state, as the backend holds it. */
const entryShape = z.looseObject({
  module: z.string().optional(),
  mode: z.enum(["managed", "data"]),
  type: z.string(),
  name: z.string(),
  instances: z.array(z.looseObject({ index_key: z.union([z.string(), z.number()]).optional() })),
});

const stateShape = z.looseObject({
  version: z.literal(4),
  serial: z.number().int(),
  lineage: z.string().min(1),
  outputs: z.record(z.string(), z.unknown()).default({}),
  resources: z.array(entryShape).default([]),
});

export type RawState = z.infer<typeof stateShape>;
export type RawEntry = z.infer<typeof entryShape>;

/** @param source names the text in messages. @throws UserError when it is no state of a known form */
export const readRawState = (text: string, source: string): RawState => {
  const fix = "restore it from a backup in .migration/<environment>/backups; it was not changed by this command";
  const result = stateShape.safeParse(parseJson(text, source, fix));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UserError(`${source}: ${issue?.path.join(".")}: ${issue?.message}`, { fix });
};

const keyOf = (key: string | number | undefined): string => (key === undefined ? "" : `[${JSON.stringify(key)}]`);

/** Addresses of all instances of an entry, as Terraform writes them. */
export const addressesOf = ({ module, mode, type, name, instances }: RawEntry): string[] => {
  const base = `${module ? `${module}.` : ""}${mode === "data" ? "data." : ""}${type}.${name}`;
  return instances.map(({ index_key }) => `${base}${keyOf(index_key)}`);
};

/** `module.delivery[0]` of `module.delivery[0].aws_s3_bucket.audio`; empty for the root module. */
export const moduleOf = (address: string): string => /^(module\..+)\.[^.]+\.[^.]+$/.exec(address)?.[1] ?? "";

/**
 * The entries that leave together with these resources: themselves, and the data sources of their modules, which would
 * otherwise stay behind for a module that has no instance any more.
 */
export const entriesOf = (state: RawState, managed: ReadonlySet<string>): RawEntry[] => {
  const modules = new Set([...managed].map(moduleOf));
  return state.resources.filter((entry) =>
    entry.mode === "data"
      ? entry.module !== undefined && modules.has(entry.module)
      : addressesOf(entry).some((address) => managed.has(address)),
  );
};

/**
 * The current state with entries put back, one serial later. What is there already stays as it is: it is newer.
 * @throws UserError when the entries are of another state
 */
export const withEntries = (current: RawState, saved: RawState, managed: ReadonlySet<string>): RawState => {
  if (current.lineage !== saved.lineage) {
    throw new UserError(`the saved entries belong to state ${saved.lineage}, and this is state ${current.lineage}`, {
      fix: "use a backup of this state",
    });
  }
  const present = new Set(current.resources.flatMap(addressesOf));
  const back = entriesOf(saved, managed).filter((entry) => !addressesOf(entry).some((each) => present.has(each)));
  return { ...current, serial: current.serial + 1, resources: [...current.resources, ...back] };
};

/**
 * What the stored state holds, without the provider's schemas: three seconds faster than `terraform show`. Values are as
 * they are stored and sensitive ones are not marked, so nothing of them may be printed.
 */
export const storedInventory = (raw: RawState): Inventory => ({
  terraformVersion: "",
  outputs: {},
  resources: raw.resources
    .filter(({ mode }) => mode === "managed")
    .flatMap((entry) =>
      addressesOf(entry).map((address, index) => {
        const attributes = (entry.instances[index]?.attributes ?? {}) as ValueObject;
        return { address, type: entry.type, name: entry.name, module: moduleOf(address), attributes };
      }),
    ),
});
