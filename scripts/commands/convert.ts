import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type ComparedResource, comparePrograms } from "../review/convert/differences";
import { pclResources } from "../review/convert/pcl";
import {
  type Conversion,
  type Converter,
  convertConfiguration,
  requireConverter,
  type Target,
} from "../review/convert/run";
import { readSources } from "../review/gather/files";
import { programResources } from "../review/sources/typescript";
import { visible } from "../review/visible";
import { plural } from "../review/words";
import { loadMap } from "./reading";
import { done, type Result } from "./result";

export interface ConvertOptions {
  readonly workspace: string;
  readonly language: Target;
  /** Folder to keep the converted program in. */
  readonly out?: string;
}

export interface ConvertData {
  /** Files of the converted program. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  readonly resources: readonly ComparedResource[];
}

const keep = async (conversion: Conversion, out: string): Promise<void> => {
  for (const { path, text } of conversion.files) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), text);
  }
};

const shorten = (text: string | undefined): string => {
  const line = visible((text ?? "(nothing)").replace(/\s+/g, " "), { oneLine: true });
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
};

const describeResource = ({ address, converted, finished, same, differences }: ComparedResource): string[] => {
  if (!converted) return [address, "  the converter made nothing of it"];
  if (!finished) return [address, "  is not in the finished program"];
  const lines = differences.map(({ kind, key, cause, converted: one, finished: other }) =>
    [
      `  ${kind}${key && ` ${key}`}: ${shorten(one)}`,
      `    → ${shorten(other)}`,
      `    ${cause.name}: ${cause.reason}`,
    ].join("\n"),
  );
  return [
    `${address}  (${converted} → ${finished}): ${plural(same, "argument")} alike, ${plural(differences.length, "difference")}`,
    ...lines,
  ];
};

const describeCauses = (resources: readonly ComparedResource[]): string[] => {
  const counts = new Map<string, number>();
  for (const { cause } of resources.flatMap(({ differences }) => differences)) {
    counts.set(cause.name, (counts.get(cause.name) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([name, count]) => `  ${String(count).padStart(4)}  ${name}`);
};

const describe = ({ files, warnings, resources }: ConvertData): string =>
  [
    `converted into ${files.join(", ")}`,
    ...warnings.map((line) => `  ${visible(line)}`),
    ...resources.flatMap(describeResource),
    "",
    "differences by cause:",
    ...describeCauses(resources),
  ].join("\n");

/**
 * Runs Pulumi's own converter on the HCL, and says resource by resource what the finished program says otherwise and
 * why. Changes nothing.
 * @throws UserError with how to get the converter where it is not installed
 */
export const convert = async (converter: Converter, options: ConvertOptions): Promise<Result<ConvertData>> => {
  await requireConverter(converter);
  const workspace = resolve(options.workspace);
  const conversion = await convertConfiguration(converter, join(workspace, "legacy-terraform"), options.language);
  if (options.out) await keep(conversion, resolve(options.out));
  const finished = programResources((await readSources(workspace)).pulumi);
  const converted =
    options.language === "typescript" ? programResources(conversion.files) : pclResources(conversion.files);
  const resources = comparePrograms(await loadMap(), converted, finished);
  const data = { files: conversion.files.map(({ path }) => path), warnings: conversion.warnings, resources };
  return done(describe(data), data);
};
