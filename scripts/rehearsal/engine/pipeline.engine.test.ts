import * as assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import { test } from "uvu";
import { type Bench, copyPipeline, withEngine } from "./engine-bench";
import { policyPackArgs } from "./index";

const ZIP = zipSync({ "index.js": Buffer.from("exports.handler = async () => ({ batchItemFailures: [] });") });

interface Exported {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
}

interface ImportFile {
  readonly resources: { type: string; name: string; logicalName?: string; id?: string; component?: boolean }[];
}

const STACK = ["--stack", "dev"];
/** Another backend: the same program without any state, beside the first. */
const elsewhere = (bench: Bench): NodeJS.ProcessEnv => ({
  PULUMI_BACKEND_URL: `file://${join(bench.folder, "state-of-import")}`,
});

const ownEverything = async (bench: Bench): Promise<void> => {
  const path = join(bench.folder, "pulumi", "Pulumi.dev.yaml");
  const owns = "text-to-speech:owns: [delivery, speech, storage]";
  await writeFile(path, (await readFile(path, "utf8")).replace(/text-to-speech:owns: \[.*\]/, owns));
};

const exported = async (bench: Bench): Promise<Exported[]> => {
  const { stdout } = await bench.pulumi("pulumi", ["stack", "export", ...STACK]);
  return JSON.parse(stdout).deployment.resources;
};

const aws = (resources: readonly Exported[]): Exported[] => resources.filter(({ type }) => type.startsWith("aws:"));

const upFromNothing = async (bench: Bench): Promise<void> => {
  await bench.pulumi("pulumi", ["stack", "init", "dev"]);
  await bench.pulumi("pulumi", ["up", "--yes", ...STACK]);
  assert.equal(aws(await exported(bench)).length, 14);
  await bench.pulumi("pulumi", ["preview", "--expect-no-changes", ...STACK]);
  await bench.pulumi("pulumi", ["preview", "--expect-no-changes", "--refresh", ...STACK]);
};

const fillIds = async (bench: Bench, file: string): Promise<void> => {
  const ids = new Map((await exported(bench)).map(({ type, urn, id }) => [`${type} ${urn.split("::").at(-1)}`, id]));
  const content = JSON.parse(await readFile(file, "utf8")) as ImportFile;
  for (const resource of content.resources) {
    if (resource.component) continue;
    const id = ids.get(`${resource.type} ${resource.logicalName ?? resource.name}`);
    assert.ok(id, `${resource.type} ${resource.name} has no id`);
    resource.id = id;
  }
  await writeFile(file, JSON.stringify(content));
};

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly diffReasons?: readonly string[];
}

/** What the program says; when the function was last modified follows from that. */
const programmed = (reasons: readonly string[] = []): string[] =>
  reasons.filter((name) => name !== "lastModified").sort();

const importAll = async (bench: Bench): Promise<void> => {
  const env = elsewhere(bench);
  const file = join(bench.folder, "import.json");
  await mkdir(join(bench.folder, "state-of-import"));
  await bench.pulumi("pulumi", ["stack", "init", "dev"], { env });
  await bench.pulumi("pulumi", ["preview", "--import-file", file, ...STACK], { env });
  await fillIds(bench, file);
  await bench.pulumi("pulumi", ["import", "--yes", "--file", file, "--generate-code=false", ...STACK], { env });
};

/** After an import only what AWS never returns is new; one `up` writes it; then all is clean. */
const onlyTheCodeIsNew = async (bench: Bench): Promise<void> => {
  const env = elsewhere(bench);
  const { stdout } = await bench.pulumi("pulumi", ["preview", "--json", ...STACK], { env });
  const { steps } = JSON.parse(stdout) as { steps: Step[] };
  const changed = steps.filter(({ op }) => op !== "same");
  assert.deepEqual(
    changed.map(({ op, urn }) => `${op} ${urn.split("$").at(-1)}`),
    ["update aws:lambda/function:Function::speak"],
  );
  // `publish` is an argument of the provider's alone: its default, false, is not there before the first update.
  assert.deepEqual(programmed(changed[0]?.diffReasons), ["code", "publish", "sourceCodeHash"]);
  await bench.pulumi("pulumi", ["up", "--yes", ...STACK], { env });
  await bench.pulumi("pulumi", ["preview", "--expect-no-changes", "--refresh", ...STACK], { env });
  await bench.pulumi("pulumi", ["preview", "--expect-no-changes", "--refresh", ...STACK]);
};

const policiesHold = async (bench: Bench): Promise<void> => {
  const pack = join(bench.folder, "pulumi", "policy");
  const before = await readFile(join(pack, "PulumiPolicy.yaml"), "utf8");
  const args = await policyPackArgs(bench.prepared, pack, join(bench.folder, "engine"));
  await bench.pulumi("pulumi", ["preview", ...args, ...STACK]);
  const storage = join(bench.folder, "pulumi", "storage.ts");
  const program = await readFile(storage, "utf8");
  const opened = program.replace("blockPublicPolicy: true", "blockPublicPolicy: false");
  assert.notEqual(opened, program);
  await writeFile(storage, opened);
  const { exitCode, stdout, stderr } = await bench.pulumi("pulumi", ["preview", ...args, ...STACK], {
    accept: [0, 1, 255],
  });
  await writeFile(storage, program);
  assert.notEqual(exitCode, 0, "a mandatory violation fails the preview");
  assert.match(stdout + stderr, /\[mandatory\]/i);
  assert.equal(await readFile(join(pack, "PulumiPolicy.yaml"), "utf8"), before, "the pack itself stays as it is");
};

/** The design guards against just this, twice; a test takes both guards away. */
const destroyAll = async (bench: Bench): Promise<void> => {
  const storage = join(bench.folder, "pulumi", "storage.ts");
  const guard = "deletionProtectionEnabled: true";
  const program = await readFile(storage, "utf8");
  assert.ok(program.includes(guard));
  await writeFile(storage, program.replace(guard, "deletionProtectionEnabled: false"));
  await bench.pulumi("pulumi", ["up", "--yes", ...STACK]);
  await bench.pulumi("pulumi", ["state", "unprotect", "--all", "--yes", ...STACK]);
  await bench.pulumi("pulumi", ["destroy", "--yes", ...STACK]);
  assert.deepEqual((await exported(bench)) ?? [], []);
};

test("the pipeline: up from nothing, clean previews, policies, import elsewhere, destroy", () =>
  withEngine(["pulumi"], async (bench) => {
    await copyPipeline(bench.folder, ZIP);
    await ownEverything(bench);
    await upFromNothing(bench);
    await policiesHold(bench);
    await importAll(bench);
    await onlyTheCodeIsNew(bench);
    await destroyAll(bench);
  }));

test.run();
