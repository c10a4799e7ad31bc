import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "uvu";
import { pauseBefore, withRetries } from "./retry";
import { type Time, timeFor } from "./time";

const FAST = { attempts: 4, first: 2, longest: 4 };
const throttled = () =>
  Object.assign(new Error("slow down"), { name: "ThrottlingException", $metadata: { httpStatusCode: 400 } });
const broken = () =>
  Object.assign(new Error("oops"), { name: "ServiceFailureException", $metadata: { httpStatusCode: 500 } });
const denied = () => Object.assign(new Error("no"), { name: "AccessDenied", $metadata: { httpStatusCode: 403 } });

const timeOf = (milliseconds: number): Time => {
  const end = performance.now() + milliseconds;
  return timeFor(() => end - performance.now());
};

const failing = (times: number, error: () => Error) => {
  const calls = { count: 0 };
  const work = async () => {
    calls.count += 1;
    if (calls.count <= times) throw error();
    return "done";
  };
  return { calls, work };
};

test("a transient failure is tried again, and a throttle, which is a 400, as well", async () => {
  for (const error of [throttled, broken, () => new Error("socket hang up")]) {
    const { calls, work } = failing(2, error);
    assert.equal(await withRetries(work, timeOf(5_000), FAST), "done");
    assert.equal(calls.count, 3);
  }
});

test("a failure that stays is tried once", async () => {
  const { calls, work } = failing(9, denied);
  await assert.rejects(withRetries(work, timeOf(5_000), FAST), { name: "AccessDenied" });
  assert.equal(calls.count, 1);
});

test("attempts are bounded, but a throttle is waited out as long as there is time", async () => {
  const breaking = failing(9, broken);
  await assert.rejects(withRetries(breaking.work, timeOf(5_000), FAST));
  assert.equal(breaking.calls.count, 4);
  const throttling = failing(9, throttled);
  assert.equal(await withRetries(throttling.work, timeOf(5_000), FAST), "done");
});

test("no pause reaches past the end of the time", async () => {
  const { work } = failing(1_000, throttled);
  const begun = performance.now();
  // Each pause would be five seconds on average, and there would be many.
  await assert.rejects(withRetries(work, timeOf(500), { attempts: 4, first: 10_000, longest: 10_000 }), {
    name: "ThrottlingException",
  });
  assert.ok(performance.now() - begun < 3_000);
});

test("pauses double up to the longest and are random in full", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      const pause = pauseBefore(attempt, { attempts: 9, first: 200, longest: 4_000 }, () => random);
      assert.ok(pause >= 0 && pause <= Math.min(4_000, 200 * 2 ** (attempt - 1)));
    }),
  );
  assert.equal(
    pauseBefore(3, { attempts: 9, first: 200, longest: 4_000 }, () => 0.5),
    400,
  );
});

test.run();
