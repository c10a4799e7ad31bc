import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { suite } from "uvu";
import { failpointsOf } from "./failpoint";

const test = suite("failpoints");

const signalOf = (env: NodeJS.ProcessEnv): string | null => {
  const code = `require(${JSON.stringify(join(__dirname, "failpoint.ts"))}).failpoint(process.env, "adopt", "import", "after")`;
  return spawnSync(process.execPath, ["--import", "tsx", "-e", code], { env: { ...process.env, ...env } }).signal;
};

test("kill where the test says so, and never without the test's own switch", () => {
  assert.equal(signalOf({ TTP_TEST: "1", TTP_FAILPOINT: "adopt.import.after" }), "SIGKILL");
  assert.equal(signalOf({ TTP_FAILPOINT: "adopt.import.after" }), null);
  assert.equal(signalOf({ TTP_TEST: "1", TTP_FAILPOINT: "adopt.import.before" }), null);
});

test("stand before, at the beginning and after each step", () => {
  assert.deepEqual(failpointsOf("adopt", ["import"]), [
    "adopt.import.before",
    "adopt.import.begun",
    "adopt.import.after",
  ]);
});

test.run();
