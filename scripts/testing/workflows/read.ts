import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** One shell line of a pipeline, with `dev` or `prod` put in where the pipeline runs once for each. */
export interface PipelineCommand {
  /** `.github/workflows/deploy.yml: jobs.up` or the like, for messages. */
  readonly where: string;
  readonly line: string;
}

const ENVIRONMENTS = ["dev", "prod"];
const PER_ENVIRONMENT = /\$\{\{\s*matrix\.environment\s*\}\}|\$ENVIRONMENT\b/g;

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

const expand = (line: string): readonly string[] =>
  line.search(PER_ENVIRONMENT) < 0 ? [line] : ENVIRONMENTS.map((name) => line.replaceAll(PER_ENVIRONMENT, name));

const linesOf = (script: unknown): readonly string[] =>
  [script].flat().flatMap((text) =>
    String(text)
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  );

/** Every `run:` (GitHub) and `script:` or `before_script:` (GitLab) below a node. */
function* scriptsIn(node: unknown, where: string): Generator<PipelineCommand> {
  if (Array.isArray(node)) for (const item of node) yield* scriptsIn(item, where);
  if (!isNode(node)) return;
  for (const [key, value] of Object.entries(node)) {
    const isScript = key === "run" || key === "script" || key === "before_script";
    if (!isScript || isNode(value)) yield* scriptsIn(value, key === "steps" ? where : `${where}.${key}`);
    else for (const line of linesOf(value).flatMap(expand)) yield { where, line };
  }
}

const inFolder = (root: string, folder: string, name: RegExp): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => name.test(file))
    .map((file) => join(folder, file))
    .sort();

export const workflowFiles = (root: string): string[] => inFolder(root, ".github/workflows", /\.ya?ml$/);
const actionFiles = (root: string): string[] => inFolder(root, ".github/actions", /action\.ya?ml$/);

export const readYaml = (root: string, file: string): unknown =>
  parse(readFileSync(join(root, file), "utf8"), { merge: true });

/** All commands of all pipelines, GitHub's and GitLab's. */
export const pipelineCommands = (root: string): PipelineCommand[] =>
  [...workflowFiles(root), ...actionFiles(root), ".gitlab-ci.yml"].flatMap((file) => [
    ...scriptsIn(readYaml(root, file), `${file}: `),
  ]);

/** Every action that a workflow or an action of ours uses. */
export const usedActions = (root: string): string[] =>
  [...workflowFiles(root), ...actionFiles(root)].flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/^\s*(?:- )?uses:\s*(.+)$/gm)].map(([, name]) => name ?? ""),
  );
