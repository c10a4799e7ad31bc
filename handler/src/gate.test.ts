import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import { Gate } from "./gate";
import { gateFor, POLLY_LIMITS } from "./limits";
import { timeFor } from "./time";

const time = timeFor(() => 20_000);
const throttled = () => Object.assign(new Error("slow down"), { name: "ThrottlingException" });

/** Passes `count` calls of `milliseconds` each and tells when each began and how many were under way. */
const passAll = async (gate: Gate, count: number, milliseconds: number) => {
  const begun: number[] = [];
  let [underWay, most] = [0, 0];
  const call = async () => {
    begun.push(performance.now());
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(milliseconds);
    underWay -= 1;
  };
  await Promise.all(Array.from({ length: count }, () => gate.pass(time, call)));
  return { begun: begun.map((at) => at - (begun[0] ?? 0)), most };
};

test("never more under way than allowed, and all get through", async () => {
  const { begun, most } = await passAll(new Gate({ concurrent: 3, perSecond: 10_000, burst: 100 }), 20, 5);
  assert.equal(most, 3);
  assert.equal(begun.length, 20);
});

test("after a burst, calls begin at the rate", async () => {
  const { begun } = await passAll(new Gate({ concurrent: 50, perSecond: 100, burst: 5 }), 25, 1);
  assert.ok((begun[4] ?? 99) < 10, "the burst begins at once");
  // 20 more at 100 a second: never earlier than 0.2 s, less what timers are off.
  assert.ok((begun[24] ?? 0) >= 190, `the last began after ${begun[24]} ms`);
});

test("a throttle halves the rate once, however many calls failed together, and success restores it", async () => {
  const gate = new Gate({ concurrent: 10, perSecond: 100, burst: 1 });
  const fail = async () => {
    throw throttled();
  };
  await Promise.allSettled(Array.from({ length: 5 }, () => gate.pass(time, fail)));
  const slow = await passAll(gate, 6, 0);
  // Five pauses of 20 ms shrinking by 5 % each; at the full rate it would be 50 ms.
  assert.ok((slow.begun[5] ?? 0) > 70, `six calls took ${slow.begun[5]} ms`);
  await passAll(gate, 15, 0);
  const again = await passAll(gate, 6, 0);
  assert.ok((again.begun[5] ?? 0) < 70, `restored: six calls took ${again.begun[5]} ms`);
});

test("a call that waits in front of the gate gives up when the time is over", async () => {
  const gate = new Gate({ concurrent: 1, perSecond: 1, burst: 1 });
  const soon = timeFor(() => 50);
  await gate.pass(soon, async () => undefined);
  await assert.rejects(
    gate.pass(soon, async () => undefined),
    { name: "AbortError" },
  );
});

test("what an invocation allows itself stays within Polly's limits, for every engine", () => {
  for (const [engine, limit] of Object.entries(POLLY_LIMITS)) {
    const gate = gateFor(engine as keyof typeof POLLY_LIMITS);
    assert.ok(gate.perSecond < limit.perSecond);
    assert.ok(gate.burst + gate.perSecond <= limit.burst + limit.perSecond);
    assert.ok(gate.concurrent <= limit.concurrent / 2);
  }
});

test.run();
