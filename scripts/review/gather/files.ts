import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../lib/context";
import { paths } from "../../lib/paths";
import { loadPlan } from "../../plan/document-file";
import type { PlanDocument } from "../../plan/types";
import { type RehearsalReport, readRehearsalReport } from "../rehearsal-report";
import type { SourceFile } from "../sources/types";
import type { Trial } from "../types";
import { readTrials } from "./trials";

const IGNORED = new Set(["node_modules", ".terraform", "bin", "dist", "testing", "policy"]);

const listFiles = async (root: string, below: string, fits: (name: string) => boolean): Promise<string[]> => {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = `${below}/${entry.name}`;
      if (entry.isDirectory()) return IGNORED.has(entry.name) ? [] : listFiles(root, path, fits);
      return fits(entry.name) ? [path] : [];
    }),
  );
  return found.flat().sort();
};

const readFiles = async (root: string, below: string, fits: (name: string) => boolean): Promise<SourceFile[]> =>
  Promise.all(
    (await listFiles(root, below, fits)).map(async (path) => ({
      path,
      text: await readFile(join(root, path), "utf8"),
    })),
  );

export interface Sources {
  readonly terraform: readonly SourceFile[];
  readonly pulumi: readonly SourceFile[];
}

/** The HCL and the program. Variable files and stack configuration are left out: they may hold secrets. */
export const readSources = async (workspace: string): Promise<Sources> => {
  const [terraform, pulumi] = await Promise.all([
    readFiles(workspace, "legacy-terraform", (name) => name.endsWith(".tf")),
    readFiles(workspace, "pulumi", (name) => /(?<!\.test)(?<!\.d)\.ts$/.test(name)),
  ]);
  return { terraform, pulumi };
};

/** The newest plan document that moves one of these waves; undefined before the first `plan`. */
export const newestPlan = async (context: Context, waves: readonly string[]): Promise<PlanDocument | undefined> => {
  const { migration } = paths(context);
  const names = (await readdir(migration).catch(() => [])).filter((name) => name.endsWith(".plan.json"));
  const plans = await Promise.all(names.map((name) => loadPlan(migration, name)));
  return plans
    .filter((plan) => plan.waves.some((wave) => waves.includes(wave)))
    .sort((a, b) => a.created.localeCompare(b.created))
    .at(-1);
};

const readJsonIfThere = async (path: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // No rehearsal was run here, or it is being written now: the page then says so.
    return undefined;
  }
};

/** What the last rehearsal and the last tests left behind, where they were run. */
export const readRecords = async (
  root: string,
): Promise<{ readonly rehearsal?: RehearsalReport; readonly trials: readonly Trial[] }> => {
  const folder = join(root, ".rehearsal");
  const [report, faults, mutations] = await Promise.all(
    ["report.json", "faults.json", "mutations.json"].map((name) => readJsonIfThere(join(folder, name))),
  );
  const rehearsal = readRehearsalReport(report);
  return {
    ...(rehearsal ? { rehearsal } : {}),
    trials: [...readTrials("fault", faults), ...readTrials("mutation", mutations)],
  };
};
