import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "uvu";
import packageJson from "../../../package.json";
import { createProgram } from "../../cli";
import { findTests } from "../find";
import { type Known, problemsOf } from "./exists";
import { pipelineCommands, readYaml, usedActions, workflowFiles } from "./read";

const root = resolve(__dirname, "../../..");

const known = async (): Promise<Known> => ({
  root,
  npmScripts: Object.keys(packageJson.scripts),
  migrate: createProgram(),
  tests: [...(await findTests(root, "unit")), ...(await findTests(root, "engine"))],
});

test("every command in a pipeline is one that exists here", async () => {
  const commands = pipelineCommands(root);
  assert.ok(commands.length >= 30, `only ${commands.length} commands were found: the reader misses some`);
  const everything = await known();
  assert.deepEqual(
    commands.flatMap(({ where, line }) =>
      problemsOf(line, everything).map((problem) => `${where}: ${line}: ${problem}`),
    ),
    [],
  );
});

test("a command that does not exist is found", async () => {
  const everything = await known();
  const cases: readonly (readonly [line: string, problem: RegExp])[] = [
    ["npm run lint", /no script "lint"/],
    ["npm run migrate -- teleport --environment dev", /no command "teleport"/],
    ["npm run migrate -- status --environmnt dev", /no option --environmnt/],
    ["npm test -- paritee", /no test file matches "paritee"/],
    ["terraform -chdir=legacy init", /legacy does not exist/],
    ["terraform -chdir=legacy-terraform plan -var-file=stage.tfvars", /stage\.tfvars does not exist/],
    ["pulumi up --cwd pulumi --stack stage", /Pulumi\.stage\.yaml does not exist/],
    ["pulumi up --cwd pulumi --stack dev --policy-pack rules", /rules\/PulumiPolicy\.yaml does not exist/],
    [".github/drift.sh pulumi pulumi preview --cwd pulumi --stack stage", /Pulumi\.stage\.yaml does not exist/],
    [".github/gone.sh", /gone\.sh does not exist/],
    ["make deploy", /make is no program/],
  ];
  for (const [line, problem] of cases) assert.match(problemsOf(line, everything).join(), problem, line);
});

test("actions are pinned to a commit, and say which version that is", () => {
  const used = usedActions(root);
  assert.ok(used.length >= 15);
  const loose = used.filter((name) => !name.startsWith("./") && !/@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(name));
  assert.deepEqual(loose, []);
  for (const own of used.filter((name) => name.startsWith("./")))
    assert.ok(statSync(join(root, own, "action.yml")).isFile());
});

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: unknown;
  readonly jobs: Readonly<
    Record<string, { permissions?: Record<string, string>; "timeout-minutes"?: number; environment?: string }>
  >;
}

test("no workflow holds more rights than it needs, none holds keys, each has a limit and a queue", () => {
  for (const file of workflowFiles(root)) {
    const workflow = readYaml(root, file) as Workflow;
    assert.deepEqual(workflow.permissions, { contents: "read" }, file);
    assert.ok(workflow.concurrency, file);
    for (const [name, job] of Object.entries(workflow.jobs)) {
      assert.ok(job["timeout-minutes"], `${file}: ${name} may run for ever`);
      assert.notEqual(job.permissions?.contents, "write", `${file}: ${name}`);
      // A role is taken only where an environment holds it, with its own rules of approval.
      if (job.permissions?.["id-token"]) assert.ok(job.environment, `${file}: ${name}`);
    }
    assert.doesNotMatch(readFileSync(join(root, file), "utf8"), /AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)/, file);
  }
});

test("the scripts of the pipelines may be executed", () => {
  for (const name of [".github/drift.sh", ".github/drift-issue.sh"])
    assert.ok(statSync(join(root, name)).mode & 0o100, name);
});

test.run();
