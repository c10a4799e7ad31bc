import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import { handleSignals } from "../../lib/processes";
import { readInventory } from "../../plan/inventory";
import { withEmulator } from "../emulated";
import { applyAndShow } from "./applied";
import { differences } from "./compare";
import { stackSettings } from "./program";
import { fixturePath, readShown } from "./shown";
import { parityRows, ROOT, standBesideSample } from "./sides";

handleSignals();

const ENVIRONMENTS = ["dev", "prod"];

test("what Terraform shows after a real apply is what the fixtures hold, and what the program says", async () => {
  await withEmulator({}, async ({ emulator, folder }) => {
    const shown = await Promise.all(ENVIRONMENTS.map((name) => applyAndShow(name, emulator.endpoint, folder)));
    standBesideSample();
    for (const [index, { state, plan, normalised }] of shown.entries()) {
      const environment = ENVIRONMENTS[index] ?? "";
      // The plan after an apply changes nothing, so it shows the very values of the state.
      assert.deepEqual(readInventory(plan, "the plan").resources, readInventory(state, "the state").resources);
      const fixture: unknown = JSON.parse(readFileSync(fixturePath(environment), "utf8"));
      assert.deepEqual(JSON.parse(normalised), fixture, `${environment}: npx tsx scripts/testing/parity/record.ts`);
      const settings = await stackSettings(ROOT, environment);
      assert.deepEqual(differences(await parityRows(readShown(plan, "the plan"), settings)), []);
    }
  });
});

test.run();
