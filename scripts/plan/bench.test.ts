import assert from "node:assert/strict";
import { test } from "uvu";
import { benchPlan } from "./bench";

test("the bench measures what it says, in a process of its own", async () => {
  const { measurements, text } = await benchPlan([100]);
  assert.equal(measurements[0]?.resources, 100);
  assert.ok((measurements[0]?.totalMs ?? 0) > 0 && (measurements[0]?.peakMegabytes ?? 0) > 10);
  assert.match(text, /100 .* ms .*×1\.0 .* MB .*×1\.0$/);
});

test.run();
