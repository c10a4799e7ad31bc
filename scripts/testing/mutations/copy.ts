import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { transform } from "esbuild";
import type { Mutation } from "./list";

/** What the checks need; node_modules are shared. */
const PARTS = ["handler", "legacy-terraform", "pulumi", "scripts", "package.json", "tsconfig.json", ".gitignore"];
const LEFT_OUT = /(^|\/)(node_modules|\.terraform|\.migration|\.rehearsal)$|tfstate/;

/** Copies the repository without what is installed, so that a mutant never touches the checkout. */
export const copyRepository = async (root: string, to: string): Promise<void> => {
  await mkdir(to, { recursive: true });
  for (const part of PARTS) {
    const filter = (path: string): boolean => !LEFT_OUT.test(relative(root, path));
    await cp(join(root, part), join(to, part), { recursive: true, filter });
  }
  await symlink(join(root, "node_modules"), join(to, "node_modules"), "dir");
};

const onlyPlace = (text: string, { id, file, find }: Mutation): number => {
  const at = text.indexOf(find);
  const problem = at < 0 ? "not found" : text.indexOf(find, at + 1) < 0 ? undefined : "found more than once";
  if (problem) throw new Error(`mutation ${id}: its text is ${problem} in ${file}; the list must follow the code`);
  return at;
};

/**
 * Makes exactly one replacement in a copy.
 * @throws when the text is not there exactly once, when nothing changes, or when the mutant is no valid TypeScript: such a
 *   mutant would be noticed by anything
 */
export const applyMutation = async (copy: string, mutation: Mutation): Promise<void> => {
  const path = join(copy, mutation.file);
  const text = await readFile(path, "utf8");
  const at = onlyPlace(text, mutation);
  const mutant = text.slice(0, at) + mutation.replace + text.slice(at + mutation.find.length);
  if (mutant === text) throw new Error(`mutation ${mutation.id} changes nothing`);
  if (path.endsWith(".ts")) await transform(mutant, { loader: "ts", logLevel: "silent" });
  await writeFile(path, mutant);
};
