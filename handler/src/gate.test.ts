import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { test } from "uvu";
import { type Clock, Gate } from "./gate";
import { gateFor, POLLY_LIMITS } from "./limits";
import { timeFor } from "./time";

const time = timeFor(() => 20_000);

/** A clock that stands still except in pauses. */
const createClock = (): Clock & { now: () => number } => {
  let now = 1_000;
  const wait = async (milliseconds: number) => {
    now += milliseconds;
  };
  return { now: () => now, pause: wait };
};

const nothing = async () => undefined;
const throttle = async () => {
  throw Object.assign(new Error("slow down"), { name: "ThrottlingException" });
};

/** Milliseconds that so many calls take, one after the other, on the gate's clock. */
const durationOf = async (gate: Gate, clock: Clock, calls: number): Promise<number> => {
  const begun = clock.now();
  for (let call = 0; call < calls; call++) await gate.pass(time, nothing);
  return Math.round(clock.now() - begun);
};

test("never more under way than allowed, and all get through", async () => {
  const gate = new Gate({ concurrent: 3, perSecond: 1e6, burst: 1e6 });
  let [underWay, most, done] = [0, 0, 0];
  const call = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(2);
    underWay -= 1;
    done += 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => gate.pass(time, call)));
  assert.deepEqual([most, done], [3, 20]);
});

test("after a burst, calls begin at the rate", async () => {
  const clock = createClock();
  const gate = new Gate({ concurrent: 50, perSecond: 100, burst: 5 }, clock);
  assert.equal(await durationOf(gate, clock, 5), 0);
  assert.equal(await durationOf(gate, clock, 20), 200);
  await clock.pause(10_000, time);
  assert.equal(await durationOf(gate, clock, 6), 10, "a quiet time gives one burst, not more");
});

test("a throttle halves the rate, once for calls that failed together, and success restores it", async () => {
  const clock = createClock();
  const gate = new Gate({ concurrent: 10, perSecond: 100, burst: 1 }, clock);
  for (let call = 0; call < 4; call++) await assert.rejects(gate.pass(time, throttle), { name: "ThrottlingException" });
  const slow = await durationOf(gate, clock, 5);
  assert.ok(slow > 80 && slow < 110, `five calls at about half of the rate took ${slow} ms`);
  await durationOf(gate, clock, 20);
  assert.equal(await durationOf(gate, clock, 10), 100);
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
