import { posix } from "node:path";
import { parseAddress, withoutKeys } from "../../plan/address";
import { type HclBlock, hclAttributes, hclBlocks } from "./hcl";
import type { SourceFile, SourceRange } from "./types";

/** The configuration below legacy-terraform/, found again by address. */
export interface Configuration {
  blockOf(address: string): HclBlock | undefined;
  /** The block of a resource, then the blocks of locals that it names. */
  partsOf(address: string): readonly SourceRange[];
  /** Addresses, without instance keys, of what a resource names: directly or through locals, variables and outputs. */
  referencesOf(address: string): readonly string[];
  /** Folder of the module in which a resource stands. */
  folderOf(address: string): string;
}

interface Module {
  readonly blocks: readonly HclBlock[];
  readonly locals: ReadonlyMap<string, string>;
  /** Expression by output name. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Arguments of each module call. */
  readonly calls: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Names of the modules on the way down: `["storage"]`; empty for the root. */
type Path = readonly string[];

const attributeMap = ({ body }: HclBlock): Map<string, string> =>
  new Map(hclAttributes(body).map(({ name, text }) => [name, text]));

const readModule = (files: readonly SourceFile[]): Module => {
  const blocks = files.flatMap(hclBlocks);
  const named = <T>(kind: string, read: (block: HclBlock) => T): Map<string, T> =>
    new Map(blocks.filter((block) => block.kind === kind).map((block) => [block.labels[0] ?? "", read(block)]));
  return {
    blocks,
    locals: new Map(blocks.filter(({ kind }) => kind === "locals").flatMap((block) => [...attributeMap(block)])),
    outputs: named("output", (block) => attributeMap(block).get("value") ?? ""),
    calls: named("module", attributeMap),
  };
};

const readModules = (files: readonly SourceFile[]): Map<string, Module> => {
  const folders = new Set(files.map(({ path }) => posix.dirname(path)));
  return new Map(
    [...folders].map((folder) => [folder, readModule(files.filter(({ path }) => posix.dirname(path) === folder))]),
  );
};

const pathOf = (modulePath: string): Path => [...modulePath.matchAll(/module\.([^.]+)/g)].map(([, name]) => name ?? "");

const isResource = (block: HclBlock, type: string, name: string): boolean =>
  block.kind === "resource" && block.labels[0] === type && block.labels[1] === name;

const MODULE_OUTPUT = /^module\.([\w-]+)(?:\[[^\]]*\])?\.([\w-]+)$/;
const REFERENCE = /(?<![\w.-])(?:module\.[\w-]+(?:\[[^\]]*\])?|(?:data\.)?[a-z]\w*)\.[A-Za-z_][\w-]*/g;

const referencesIn = (text: string): string[] => [...text.matchAll(REFERENCE)].map(([reference]) => reference);

/** Follows one reference, seen from the module at `path`, to resources. */
const follow = (reference: string, path: Path, moduleAt: (path: Path) => Module | undefined): string[] => {
  const each = (text: string | undefined, from: Path): string[] =>
    referencesIn(text ?? "").flatMap((next) => (next === reference ? [] : follow(next, from, moduleAt)));
  const module = moduleAt(path);
  const [, child, output] = MODULE_OUTPUT.exec(reference) ?? [];
  if (child && output) return each(moduleAt([...path, child])?.outputs.get(output), [...path, child]);
  const [kind = "", name = ""] = reference.split(".");
  if (kind === "local") return each(module?.locals.get(name), path);
  if (kind === "var") {
    const parent = path.slice(0, -1);
    return each(
      moduleAt(parent)
        ?.calls.get(path.at(-1) ?? "")
        ?.get(name),
      parent,
    );
  }
  if (!module?.blocks.some((block) => isResource(block, kind, name))) return [];
  return [[...path.map((step) => `module.${step}`), kind, name].join(".")];
};

/**
 * Reads a configuration's syntax; nothing is evaluated.
 * @param root folder of the root module as in the files' paths, e.g. `legacy-terraform`
 */
export const readConfiguration = (files: readonly SourceFile[], root: string): Configuration => {
  const modules = readModules(files);
  const folderAt = (path: Path): string => {
    const [last, ...before] = [...path].reverse();
    if (last === undefined) return root;
    const folder = folderAt(before.reverse());
    return posix.join(folder, modules.get(folder)?.calls.get(last)?.get("source")?.replaceAll('"', "") ?? last);
  };
  const moduleAt = (path: Path): Module | undefined => modules.get(folderAt(path));
  const pathTo = (address: string): Path => pathOf(parseAddress(address)?.modulePath ?? "");
  const blockOf = (address: string): HclBlock | undefined => {
    const { type = "", name = "" } = parseAddress(address) ?? {};
    return moduleAt(pathTo(address))?.blocks.find((block) => isResource(block, type, name));
  };
  return {
    blockOf,
    folderOf: (address) => folderAt(pathTo(address)),
    partsOf: (address) => {
      const block = blockOf(address);
      if (!block) return [];
      const names = new Set(
        referencesIn(block.body).flatMap((each) => (each.startsWith("local.") ? each.slice(6) : [])),
      );
      const locals = moduleAt(pathTo(address))?.blocks.filter(
        (each) => each.kind === "locals" && hclAttributes(each.body).some(({ name }) => names.has(name)),
      );
      return [block, ...(locals ?? [])].map(({ path, from, to }) => ({ path, from, to }));
    },
    referencesOf: (address) => {
      const path = pathTo(address);
      const found = referencesIn(blockOf(address)?.body ?? "").flatMap((each) => follow(each, path, moduleAt));
      return [...new Set(found)].filter((each) => each !== withoutKeys(address)).sort();
    },
  };
};
