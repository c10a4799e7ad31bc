import assert from "node:assert/strict";
import { test } from "uvu";
import { isSpoken } from "../testing/audio";
import type { Behaviour } from "../testing/polly";
import { event, invocation, put, sequence } from "../testing/records";
import { bodyOf, FAST, IMPATIENT, PATIENT, withHandler } from "../testing/with-handler";
import { readMp3 } from "./mp3";

const timeoutsFor = (fault: Behaviour) => (fault.startsWith("stall") ? IMPATIENT : PATIENT);

for (const fault of ["throttle", "break", "stall", "stall-within", "cut", "short", "garbage"] as const) {
  test(`Polly: ${fault}, once: spoken at the next try, whole`, async () => {
    const polly = { behave: (_: string, n: number): Behaviour => (n === 0 ? fault : "speak") };
    await withHandler({ polly, timeouts: timeoutsFor(fault) }, async ({ handler, bucket, polly: seen }) => {
      assert.deepEqual(await handler(event(put(1, 1, "one")), invocation()), { batchItemFailures: [] });
      assert.ok(isSpoken(bodyOf(bucket.objects, 1), "one"));
      assert.equal(seen.texts.length, 2);
    });
  });

  test(`Polly: ${fault}, always: handed back, nothing stored, and the others are spoken`, async () => {
    const polly = { behave: (text: string): Behaviour => (text === "two" ? fault : "speak") };
    await withHandler({ polly, timeouts: timeoutsFor(fault) }, async ({ handler, bucket }) => {
      const answer = await handler(event(put(1, 1, "one"), put(2, 2, "two"), put(3, 3, "three")), invocation(1_500));
      assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: sequence(2) }] });
      assert.deepEqual([...bucket.objects.keys()].sort(), ["1.mp3", "3.mp3"]);
    });
  });
}

test("a call that never ends is ended in time to hand the record back", async () => {
  await withHandler({ polly: { behave: () => "stall" } }, async ({ handler }) => {
    const now = invocation(500);
    const { batchItemFailures } = await handler(event(put(1, 1, "one")), now);
    assert.equal(batchItemFailures.length, 1);
    assert.ok(now.getRemainingTimeInMillis() > 0, "there was time left to answer");
  });
});

test("only one of the two retries: the SDK's would come on top and know no deadline", async () => {
  await withHandler({ polly: { behave: () => "break" } }, async ({ handler, polly }) => {
    await handler(event(put(1, 1, "one")), invocation());
    assert.equal(polly.texts.length, FAST.attempts);
  });
});

test("when one part of a long text fails, nothing of it is stored", async () => {
  const text = "This sentence is said again and again and again. ".repeat(120);
  let calls = 0;
  await withHandler({ polly: { behave: () => (++calls === 2 ? "cut" : "speak") } }, async ({ handler, bucket }) => {
    assert.deepEqual((await handler(event(put(1, 1, text)), invocation())).batchItemFailures, []);
    assert.equal(readMp3(bodyOf(bucket.objects, 1)).frames, 6);
  });
  await withHandler({ polly: { behave: (part) => (part.length > 2_900 ? "speak" : "cut") } }, async (it) => {
    assert.equal((await it.handler(event(put(1, 1, text)), invocation(900))).batchItemFailures.length, 1);
    assert.equal(it.bucket.objects.size, 0);
  });
});

test.run();
