import type { MappedResource } from "./types";

/** The map's name in messages. */
export const MAP = "scripts/migration-map.yaml";

export const where = (row: MappedResource): string => `${MAP}:${row.line} (${row.address})`;

/** What identifies a resource in a program, apart from stack and project. */
export const identity = (parentTypes: readonly string[], type: string, name: string): string =>
  `${[...parentTypes, type].join("$")}::${name}`;

export const identityOf = (row: MappedResource): string => identity([row.parent.type], row.type, row.name);

export const grouped = <T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
};

export const repeated = <T>(items: readonly T[], key: (item: T) => string): T[][] =>
  [...grouped(items, key).values()].filter(({ length }) => length > 1);
