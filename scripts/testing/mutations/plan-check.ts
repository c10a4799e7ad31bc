import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../../lib/errors";
import { readSettings } from "../../lib/settings";
import { providerMapping } from "../../plan/mapping-files";
import { compareSides, differences, tagDifferences } from "../parity/compare";
import { SAMPLE_ZIP } from "../parity/normalise";
import { defaultTags, type ProgramSide, stackSettings } from "../parity/program";
import { fixturePath, readFixture, readShown } from "../parity/shown";
import { migrationMap, programIn, ROOT } from "../parity/sides";
import { stateEntries, stateFile } from "../parity/state";
import { copyTerraform, inAccount, initialise, planAndShow, terraformIn } from "../terraform";
import type { Answer } from "./check";

/** Plans the HCL of a copy with the real Terraform and holds it against the program of the checkout. */
export type PlanCheck = (copy: string, environment: string) => Promise<Answer>;

const ENVIRONMENTS = ["dev", "prod"];

const programs = async (): Promise<ReadonlyMap<string, ProgramSide>> => {
  const sides = new Map<string, ProgramSide>();
  for (const environment of ENVIRONMENTS) {
    sides.set(environment, await programIn(readFixture(environment), await stackSettings(ROOT, environment)));
  }
  return sides;
};

/**
 * Prepares the check. The state is that of the recorded apply, so that every value is known and nothing is read but the
 * account's number, which needs the emulator.
 */
export const createPlanCheck = async (endpoint: string, folder: string): Promise<PlanCheck> => {
  const program = await programs();
  const region = "us-east-1";
  const dataFolder = join(folder, "terraform-data");
  const prepare = (from: string, to: string) =>
    copyTerraform({ from, to, handlerZip: SAMPLE_ZIP, endpoint, region, dataFolder });
  // The modules and the provider are the same in every copy.
  await initialise(terraformIn(await prepare(ROOT, join(folder, "initialised"))));
  return async (copy, environment) => {
    try {
      const { account } = await readSettings({ workspace: ROOT, environment });
      const terraform = inAccount(await prepare(copy, join(copy, `.terraform-${environment}`)), account);
      const state = stateFile(stateEntries(await readFile(fixturePath(environment), "utf8")));
      await writeFile(join(terraform.folder, "legacy-terraform", "terraform.tfstate"), state);
      const shown = readShown(
        await planAndShow(terraformIn(terraform), "-refresh=false", `-var-file=${environment}.tfvars`),
        copy,
      );
      const other = program.get(environment);
      if (!other) throw new Error(`no program for ${environment}`);
      const found = [
        ...differences(compareSides(shown, other, migrationMap(), providerMapping())),
        ...tagDifferences(shown.inventory, defaultTags(ROOT, environment)),
      ];
      return { kind: found.length === 0 ? "passed" : "noticed", words: found.join("\n") };
    } catch (error) {
      return { kind: "broken", words: messageOf(error) };
    }
  };
};
