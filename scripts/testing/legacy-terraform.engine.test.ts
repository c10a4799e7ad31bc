import * as assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import { copyTerraform, initialise, type Terraform, terraformIn } from "./terraform";

const root = resolve(__dirname, "../..");

const inCopy = async (work: (terraform: Terraform) => Promise<void>): Promise<void> => {
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
    const terraform = terraformIn(copy);
    await initialise(terraform);
    await work(terraform);
  } finally {
    await rm(to, { recursive: true, force: true });
  }
};

test("the HCL is valid and passes its own tests: variables are checked, modules leave in order", () =>
  inCopy(async (terraform) => {
    await terraform("validate", "-no-color");
    const { stdout } = await terraform("test", "-no-color");
    const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(stdout) ?? assert.fail(stdout);
    assert.equal(failed, "0");
    assert.ok(Number(passed) >= 17, `${passed} passed; 17 are known`);
  }));

test.run();
