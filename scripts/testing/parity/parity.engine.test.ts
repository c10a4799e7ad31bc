import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { test } from "uvu";
import { handleSignals } from "../../lib/processes";
import { summarisePlan } from "../../terraform/plan-summary";
import { withEmulator } from "../emulated";
import { applyAndShow } from "./applied";
import { planCases } from "./cases";
import { differences } from "./compare";
import { stackSettings } from "./program";
import { fixturePath, readShown } from "./shown";
import { parityRows, ROOT } from "./sides";
import { anyVariables, settingsOf } from "./variables";

handleSignals();

const ENVIRONMENTS = ["dev", "prod"];

test("what Terraform shows after a real apply is what the fixtures hold, and what the program says", async () => {
  await withEmulator({}, async ({ emulator, folder }) => {
    const shown = await Promise.all(ENVIRONMENTS.map((name) => applyAndShow(name, emulator.endpoint, folder)));
    for (const [index, { plan, normalised }] of shown.entries()) {
      const environment = ENVIRONMENTS[index] ?? "";
      // The plan after an apply changes nothing, so what it plans is what there is.
      assert.deepEqual(summarisePlan(plan).resources, []);
      const fixture: unknown = JSON.parse(readFileSync(fixturePath(environment), "utf8"));
      assert.deepEqual(JSON.parse(normalised), fixture, `${environment}: npx tsx scripts/testing/parity/record.ts`);
      const settings = await stackSettings(ROOT, environment);
      assert.deepEqual(differences(await parityRows(readShown(plan, "the plan"), settings)), []);
    }
  });
});

const CASES = 20;

test(`${CASES} random sets of variables: the real Terraform plans what the program says`, async () => {
  const seed = Number(process.env.FAST_CHECK_SEED) || Math.floor(Math.random() * 2 ** 31);
  const cases = fc.sample(anyVariables, { numRuns: CASES, seed });
  const repeat = `repeat with FAST_CHECK_SEED=${seed}`;
  await withEmulator({}, async ({ emulator, folder }) => {
    const planned = await planCases(cases, emulator.endpoint, folder);
    for (const [index, variables] of cases.entries()) {
      const terraform = planned[index];
      assert.ok(terraform);
      const found = differences(await parityRows(terraform, settingsOf(variables)));
      assert.deepEqual(found, [], `${JSON.stringify(variables)}; ${repeat}`);
      assert.equal(terraform.inventory.resources.length, 14, repeat);
      const other = { ...settingsOf(variables), timeout: variables.timeout + 1 };
      assert.match(
        differences(await parityRows(terraform, other)).join(),
        /timeout: Terraform \d+, Pulumi \d+/,
        repeat,
      );
    }
  });
});

test.run();
