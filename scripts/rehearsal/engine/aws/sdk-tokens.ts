import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where the installed `@pulumi/aws` lies. */
export const sdkFolder = (): string => dirname(require.resolve("@pulumi/aws/package.json"));

const TOKEN = /"(aws:[\w/]+:[A-Z]\w*)"/g;
const FUNCTION = /invoke\("(aws:[\w/]+:get\w+)"/;

const modules = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map((entry) => join(folder, entry.name));

/** Every resource token that `@pulumi/aws` registers, read from the index file of each of its modules. */
export const sdkResourceTokens = (folder = sdkFolder()): string[] => {
  const found = modules(folder).flatMap((module) => {
    const files = readdirSync(module).filter((name) => name === "index.js");
    return files.flatMap((name) => [...readFileSync(join(module, name), "utf8").matchAll(TOKEN)].map((hit) => hit[1]));
  });
  return [...new Set(found.filter((token) => token !== undefined))];
};

/** Every function token that `@pulumi/aws` invokes; its files are named after their function. */
export const sdkFunctionTokens = (folder = sdkFolder()): string[] => {
  const found = [folder, ...modules(folder)].flatMap((module) =>
    readdirSync(module)
      .filter((name) => /^get[A-Z]\w*\.js$/.test(name))
      .map((name) => FUNCTION.exec(readFileSync(join(module, name), "utf8"))?.[1]),
  );
  return found.filter((token) => token !== undefined);
};
