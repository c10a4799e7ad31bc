import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** `unit` needs no engine and no network; `engine` drives the real Terraform, Pulumi and emulator. */
export type Kind = "unit" | "engine";

const FOLDERS = ["handler", "pulumi", "scripts"];
const SKIPPED = new Set(["node_modules", "dist", ".terraform"]);

const kindOf = (name: string): Kind | undefined => {
  if (name.endsWith(".engine.test.ts")) return "engine";
  return name.endsWith(".test.ts") ? "unit" : undefined;
};

const walk = async (folder: string, kind: Kind): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : walk(path, kind);
      return kindOf(entry.name) === kind ? [path] : [];
    }),
  );
  return nested.flat();
};

/** All test files of one kind, sorted by path so that every run has the same order. */
export const findTests = async (root: string, kind: Kind): Promise<string[]> =>
  (await Promise.all(FOLDERS.map((folder) => walk(join(root, folder), kind)))).flat().sort();
