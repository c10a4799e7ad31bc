import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
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

/** Makes this process stand in a folder from where the sample archive lies where the real one does from pulumi/. */
export const standBesideSample = (): void => {
  const folder = mkdtempSync(join(tmpdir(), "parity-"));
  mkdirSync(join(folder, "pulumi"));
  mkdirSync(join(folder, "handler", "dist"), { recursive: true });
  writeFileSync(join(folder, "handler", "dist", "handler.zip"), SAMPLE_ZIP);
  process.chdir(join(folder, "pulumi"));
};

/** The program with these settings, in a world that Terraform has applied. */
export const programIn = (terraform: TerraformSide, settings: Settings): Promise<ProgramSide> =>
  runProgram(settings, appliedValues(terraform.inventory, migrationMap(), providerMapping()));

export const parityRows = async (terraform: TerraformSide, settings: Settings): Promise<ComparisonRow[]> =>
  compareSides(terraform, await programIn(terraform, settings), migrationMap(), providerMapping());
