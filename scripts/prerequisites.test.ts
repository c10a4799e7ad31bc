import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { atLeast, missingPrerequisites } from "./prerequisites.mjs";

/** A PATH that holds only the given programs, each a shell line that prints its version. */
const withTools = async (tools: Record<string, string>, check: (env: NodeJS.ProcessEnv) => void): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "tools-"));
  try {
    for (const [name, version] of Object.entries(tools)) {
      const path = join(folder, name);
      await writeFile(path, `#!/bin/sh\necho '${version}'\n`);
      await chmod(path, 0o755);
    }
    check({ PATH: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
};

const everything = { terraform: "Terraform v1.11.4", python3: "Python 3.11.7", go: "go version go1.26.8 linux/amd64" };
const needs = ["terraform", "python", "pulumi"];

test("nothing is reported where everything is new enough", () =>
  withTools(everything, (env) => assert.deepEqual(missingPrerequisites(needs, env), [])));

test("everything that is missing is reported at once, with its version and what to do", () =>
  withTools({ go: "go version go1.19 linux/amd64", terraform: "Terraform v1.5.7" }, (env) => {
    const missing = missingPrerequisites(needs, env);
    assert.deepEqual(
      missing.map(({ tool, found }) => `${tool}: ${found}`),
      ["Terraform: found 1.5.7", "Python: not found on PATH", "Go: found 1.19"],
    );
    for (const { needed, fix } of missing) {
      assert.match(needed, /^\d+\.\d+\.\d+ or newer$/);
      assert.match(fix, /Install|Upgrade/);
    }
  }));

test("Go may be old, or missing, where a Pulumi CLI is installed that is new enough", () =>
  withTools({ ...everything, go: "go version go1.19", pulumi: "v3.259.0" }, (env) =>
    assert.deepEqual(missingPrerequisites(needs, env), []),
  ));

test("a Pulumi CLI that is too old does not excuse an old Go", () =>
  withTools({ ...everything, go: "go version go1.19", pulumi: "v3.100.0" }, (env) =>
    assert.deepEqual(
      missingPrerequisites(needs, env).map(({ tool }) => tool),
      ["Go"],
    ),
  ));

test("without Go and without Pulumi nothing is missing: the official release is downloaded", () =>
  withTools({ terraform: everything.terraform, python3: everything.python3 }, (env) =>
    assert.deepEqual(missingPrerequisites(needs, env), []),
  ));

test("versions are compared number by number", () => {
  assert.equal(atLeast("1.10.0", "1.9.9"), true);
  assert.equal(atLeast("1.9.9", "1.10.0"), false);
  assert.equal(atLeast("1.10", "1.10.0"), true);
});

test.run();
