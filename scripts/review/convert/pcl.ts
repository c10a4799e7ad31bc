import { endOfBraces, hclAttributes, hclBlocks } from "../sources/hcl";
import type { SourceFile } from "../sources/types";
import { constructorOfToken, type ProgramResource } from "../sources/typescript";

/** Elements of a list's text, split at the commas that stand between them. */
const elementsOf = (list: string): string[] => {
  const elements: string[] = [];
  let [depth, from] = [0, 1];
  for (let index = 1; index < list.length - 1; index += 1) {
    const character = list[index] ?? "";
    if (character === '"') index = list.indexOf('"', index + 1);
    if ("([{".includes(character)) depth += 1;
    if (")]}".includes(character)) depth -= 1;
    if (character === "," && depth === 0) {
      elements.push(list.slice(from, index).trim());
      from = index + 1;
    }
  }
  return [...elements, list.slice(from, -1).trim()].filter((element) => element !== "");
};

/** As TypeScript writes it: a text with a template in it stands in backticks there. */
const spelled = (text: string): string => (/^".*\$\{.*"$/s.test(text) ? `\`${text.slice(1, -1)}\`` : text);

const leavesOf = (text: string, path: string): (readonly [string, string])[] => {
  if (text.startsWith("{")) {
    return hclAttributes(text.slice(1, -1)).flatMap(({ name, text: inner }) =>
      leavesOf(inner, path ? `${path}.${name}` : name),
    );
  }
  if (/^\[\s*\{/.test(text))
    return elementsOf(text).flatMap((element, index) => leavesOf(element, `${path}[${index}]`));
  return [[path, spelled(text)]];
};

const optionsIn = (body: string): string => {
  const opening = /(?:^|\n)[ \t]*options[ \t]*\{/.exec(body);
  if (!opening) return "";
  const start = opening.index + opening[0].length;
  return body.slice(start, endOfBraces(body, start - 1) - 1);
};

const readBlock = (body: string): Pick<ProgramResource, "args" | "options"> & { readonly logicalName?: string } => {
  const attributes = hclAttributes(body);
  const logicalName = attributes.find(({ name }) => name === "__logicalName")?.text.replaceAll('"', "");
  const args = attributes
    .filter(({ name }) => name !== "__logicalName")
    .flatMap(({ name, text }) => leavesOf(text, name));
  const options = hclAttributes(optionsIn(body)).map(({ name, text }) => [name, text] as const);
  return {
    args: Object.fromEntries(args),
    // A component is the parent of what stands in it, without a word.
    options: { parent: "parent", ...Object.fromEntries(options) },
    ...(logicalName === undefined ? {} : { logicalName }),
  };
};

/** Every resource of a program in PCL, the language between the converter and the others. */
export const pclResources = (files: readonly SourceFile[]): readonly ProgramResource[] =>
  files.flatMap(hclBlocks).flatMap(({ kind, labels, path, from, to, body }) => {
    const [label = "", token = ""] = labels;
    if (kind !== "resource") return [];
    const { logicalName = label, args, options } = readBlock(body);
    return [
      {
        constructorName: constructorOfToken(token),
        name: logicalName,
        nameText: JSON.stringify(logicalName),
        component: "",
        range: { path, from, to },
        related: [],
        args,
        options,
      },
    ];
  });
