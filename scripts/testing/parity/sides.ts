import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Settings } from "../../../pulumi/config";
import { readMap } from "../../plan/map";
import { providerMapping } from "../../plan/mapping-files";
import type { ComparisonRow } from "../../plan/types";
import { compareSides } from "./compare";
import { SAMPLE_ZIP } from "./normalise";
import { appliedValues, type ProgramSide, runProgram } from "./program";
import type { TerraformSide } from "./shown";

export const ROOT = resolve(__dirname, "../../..");

const mapFile = join("scripts", "migration-map.yaml");
export const migrationMap = () => readMap(readFileSync(join(ROOT, mapFile), "utf8"), mapFile);

const sampleFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "parity-"));
  mkdirSync(join(folder, "pulumi"));
  mkdirSync(join(folder, "handler", "dist"), { recursive: true });
  writeFileSync(join(folder, "handler", "dist", "handler.zip"), SAMPLE_ZIP);
  return folder;
};

/** Does something while this process stands where the sample archive lies as the real one does from pulumi/. */
export const besideSample = async <T>(work: () => Promise<T>): Promise<T> => {
  const before = process.cwd();
  const folder = sampleFolder();
  process.chdir(join(folder, "pulumi"));
  try {
    return await work();
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
};

/** The program with these settings, in a world that Terraform has applied. */
export const programIn = (terraform: TerraformSide, settings: Settings): Promise<ProgramSide> =>
  besideSample(() => runProgram(settings, appliedValues(terraform.inventory, migrationMap(), providerMapping())));

export const parityRows = async (terraform: TerraformSide, settings: Settings): Promise<ComparisonRow[]> =>
  compareSides(terraform, await programIn(terraform, settings), migrationMap(), providerMapping());
