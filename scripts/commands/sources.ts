import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Checked } from "../lib/context";
import { UserError } from "../lib/errors";
import { sha256 } from "../lib/files";
import { paths } from "../lib/paths";
import { run } from "../lib/processes";
import type { Now } from "../plan/document";
import type { MigrationMap } from "../plan/types";
import { withOwns } from "../pulumi/stack-config";
import type { States } from "./reading";

/** Below pulumi/ these are no part of the program. */
const NOT_PROGRAM = /(^|\/)(node_modules|testing|policy|bin|dist)(\/|$)|\.test\.ts$|(^|\/)Pulumi\.[^/]+\.yaml$/;

const programFiles = async (folder: string, below = ""): Promise<string[]> => {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = below ? `${below}/${entry.name}` : entry.name;
      if (NOT_PROGRAM.test(path)) return [];
      return entry.isDirectory() ? programFiles(folder, path) : [path];
    }),
  );
  return found.flat().sort();
};

/** Program and configuration, except the list of owned modules: a migration changes that one itself. */
const programHash = async (context: Checked): Promise<string> => {
  const { program, stackConfig } = paths(context);
  const files = await programFiles(program);
  const contents = await Promise.all(files.map((file) => readFile(join(program, file), "utf8")));
  const config = withOwns(stackConfig, await readFile(stackConfig, "utf8"), context.settings.project, []);
  return sha256(JSON.stringify([files, contents, config]));
};

/** What a migration is made from. A commit that touches something else does not make a reviewed plan stale. */
const INPUTS = ["legacy-terraform", "pulumi", "handler", "scripts/migration-map.yaml"];

/** The last commit that touched the inputs; empty where the workspace is not under version control. */
const gitCommit = async (context: Checked): Promise<string> => {
  const args = ["-C", context.workspace, "log", "-1", "--format=%H", "--", ...INPUTS];
  try {
    return (await run("git", args, { env: context.env, timeout: 20_000 })).stdout.trim();
  } catch (error) {
    // An unpacked archive has no history; the hashes of everything that matters are compared all the same.
    if (error instanceof UserError) return "";
    throw error;
  }
};

/** Everything a plan document is made from, as it is now. */
export const sourcesNow = async (context: Checked, map: MigrationMap, states: States): Promise<Now> => {
  const [program, handler, commit] = await Promise.all([
    programHash(context),
    readFile(paths(context).handlerZip),
    gitCommit(context),
  ]);
  return {
    environment: context.environment,
    account: context.settings.account,
    region: context.settings.region,
    sources: {
      terraform: states.terraform.identity,
      pulumi: { sha256: states.pulumi.checkpoint.sha256 },
      map: { sha256: map.sha256 },
      program: { sha256: program },
      handler: { sha256: sha256(handler) },
      gitCommit: commit,
    },
  };
};
