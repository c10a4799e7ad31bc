import * as assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import { copyTerraform, initialise, type TerraformCopy, terraform } from "./terraform";

const root = resolve(__dirname, "../..");

const inCopy = async (work: (copy: TerraformCopy) => Promise<void>): Promise<void> => {
  const to = await mkdtemp(join(tmpdir(), "legacy-terraform-"));
  try {
    const copy = await copyTerraform({
      from: root,
      to,
      handlerZip: "no archive, but bytes to hash",
      // The provider is a mock, so nobody answers here and nobody asks.
      endpoint: "http://127.0.0.1:9",
      region: "us-east-1",
      dataFolder: join(to, "data"),
    });
    await initialise(copy);
    await work(copy);
  } finally {
    await rm(to, { recursive: true, force: true });
  }
};

test("the HCL is valid and passes its own tests: variables are checked, modules leave in order", () =>
  inCopy(async (copy) => {
    await terraform(copy, "validate", "-no-color");
    const { stdout } = await terraform(copy, "test", "-no-color");
    const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(stdout) ?? assert.fail(stdout);
    assert.equal(failed, "0");
    assert.ok(Number(passed) >= 17, `${passed} passed; 17 are known`);
  }));

test.run();
