import type { MappedResource, MigrationMap } from "../../plan/types";
import { constructorOfToken, type ProgramResource } from "../sources/typescript";
import { normal } from "./normal";
import { type Cause, causeOf } from "./reasons";

/** One thing that the two programs say of a resource and do not say alike. */
export interface Difference {
  readonly kind: "constructor" | "name" | "argument" | "option";
  /** Path of the argument or option; empty for constructor and name. */
  readonly key: string;
  /** As written; absent where that program says nothing. */
  readonly converted?: string;
  readonly finished?: string;
}

export interface Explained extends Difference {
  readonly cause: Cause;
}

export interface ComparedResource {
  readonly address: string;
  /** `file:line` on both sides; empty where the resource is missing. */
  readonly converted: string;
  readonly finished: string;
  /** Arguments that both programs write with the same meaning. */
  readonly same: number;
  readonly differences: readonly Explained[];
}

const optional = (key: "converted" | "finished", value: string | undefined): Partial<Difference> =>
  value === undefined ? {} : { [key]: value };

const compareKeys = (
  kind: Difference["kind"],
  converted: Readonly<Record<string, string>>,
  finished: Readonly<Record<string, string>>,
): { readonly same: number; readonly differences: Difference[] } => {
  const keys = [...new Set([...Object.keys(finished), ...Object.keys(converted)])];
  const differing = keys.filter((key) => normal(converted[key] ?? "") !== normal(finished[key] ?? ""));
  const differences = differing.map((key) => ({
    kind,
    key,
    ...optional("converted", converted[key]),
    ...optional("finished", finished[key]),
  }));
  return { same: keys.length - differing.length, differences };
};

const placeOf = (resource: ProgramResource | undefined): string =>
  resource ? `${resource.range.path}:${resource.range.from}` : "";

const comparePair = (
  converted: ProgramResource,
  finished: ProgramResource,
): { same: number; differences: Difference[] } => {
  const args = compareKeys("argument", converted.args, finished.args);
  const options = compareKeys("option", converted.options, finished.options);
  const pairs = [
    ["constructor", converted.constructorName, finished.constructorName],
    ["name", converted.nameText, finished.nameText],
  ] as const;
  const identity = pairs
    .filter(([, one, other]) => normal(one) !== normal(other))
    .map(([kind, one, other]) => ({ kind, key: "", converted: one, finished: other }));
  return { same: args.same, differences: [...identity, ...args.differences, ...options.differences] };
};

/** What the converter made of a resource: in the module's file, of the same kind, with the label in its name. */
const findConverted = (row: MappedResource, converted: readonly ProgramResource[]): ProgramResource | undefined => {
  const constructorName = constructorOfToken(row.type);
  const inModule = converted.filter(
    ({ range, component }) => range.path.includes(row.wave) || component.toLowerCase().endsWith(`:${row.wave}`),
  );
  const candidates = inModule.filter((resource) => resource.constructorName === constructorName);
  return (
    candidates.find(({ name }) => name.endsWith(row.name)) ?? (candidates.length === 1 ? candidates[0] : undefined)
  );
};

const findFinished = (row: MappedResource, finished: readonly ProgramResource[]): ProgramResource | undefined =>
  finished.find(
    ({ constructorName, name, component }) =>
      constructorName === constructorOfToken(row.type) && name === row.name && component === row.parent.type,
  );

/** Resource by resource, what the finished program says otherwise than the converter's, and the rule that names why. */
export const comparePrograms = (
  map: MigrationMap,
  converted: readonly ProgramResource[],
  finished: readonly ProgramResource[],
): readonly ComparedResource[] =>
  map.resources.map((row) => {
    const [one, other] = [findConverted(row, converted), findFinished(row, finished)];
    const { same, differences } = one && other ? comparePair(one, other) : { same: 0, differences: [] };
    return {
      address: row.address,
      converted: placeOf(one),
      finished: placeOf(other),
      same,
      differences: differences.map((difference) => ({ ...difference, cause: causeOf(difference) })),
    };
  });
