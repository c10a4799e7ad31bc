import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import { run } from "../../lib/processes";

const scripts = resolve(__dirname, "../../../.github");
const accept = Array.from({ length: 256 }, (_, code) => code);

const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), "drift-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Exit code of the step and what it tells the next one, for a tool that prints a text and ends with a code. */
const step = (tool: string, code: number, text = ""): Promise<readonly [number, string]> =>
  inFolder(async (folder) => {
    const outputs = join(folder, "outputs");
    const command = ["sh", "-c", 'echo "$1"; exit "$0"', String(code), text];
    const env = { PATH: process.env.PATH, GITHUB_OUTPUT: outputs };
    const { exitCode } = await run(join(scripts, "drift.sh"), [tool, ...command], { cwd: folder, env, accept });
    assert.equal(await readFile(join(folder, `drift-${tool}.txt`), "utf8"), `${text}\n`);
    return [exitCode, (await readFile(outputs, "utf8").catch(() => "")).trim()];
  });

test("drift is told from a failure, for both tools", async () => {
  assert.deepEqual(await step("terraform", 0), [0, "drift=false"]);
  assert.deepEqual(await step("terraform", 2, "1 to change"), [0, "drift=true"]);
  assert.deepEqual(await step("terraform", 1, "no credentials"), [1, ""]);
  assert.deepEqual(await step("pulumi", 0), [0, "drift=false"]);
  assert.deepEqual(await step("pulumi", 255, "error: no changes were expected but changes were proposed"), [
    0,
    "drift=true",
  ]);
  assert.deepEqual(await step("pulumi", 255, "error: no credentials"), [255, ""]);
});

/** The calls of `gh` that write, where the list of open issues answers this number. */
const issueCalls = (number: string): Promise<string> =>
  inFolder(async (folder) => {
    const gh = `#!/bin/sh\nif [ "$2" = list ]; then echo "${number}"; else echo "$1 $2 $3" >>calls; shift $(($# - 1)); cat "$1" >>body; fi\n`;
    await writeFile(join(folder, "gh"), gh);
    await chmod(join(folder, "gh"), 0o755);
    await writeFile(join(folder, "drift-terraform.txt"), "1 to change");
    const env = { PATH: `${folder}:${process.env.PATH}` };
    await run(join(scripts, "drift-issue.sh"), ["dev"], { cwd: folder, env });
    assert.match(await readFile(join(folder, "body"), "utf8"), /Something in dev differs[\s\S]*1 to change/);
    return (await readFile(join(folder, "calls"), "utf8")).trim();
  });

test("an open issue gets a comment, and without one a new issue is opened", async () => {
  assert.equal(await issueCalls("7"), "issue comment 7");
  assert.equal(await issueCalls(""), "issue create --title");
});

test.run();
