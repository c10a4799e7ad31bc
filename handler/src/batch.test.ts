import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { DynamoDBRecord } from "aws-lambda";
import fc from "fast-check";
import { test } from "uvu";
import { put } from "../testing/records";
import { type BatchOptions, workBatch } from "./batch";
import { sequenceOf } from "./record";
import { timeFor } from "./time";

const plenty = timeFor(() => 20_000);

const options = <R, T>(keyOf: (record: R) => string, work: (record: R) => Promise<T>): BatchOptions<R, T> => ({
  keyOf,
  work,
  concurrent: 4,
  enough: 10,
  time: plenty,
});

const itemOf = (record: DynamoDBRecord) => record.dynamodb?.Keys?.Id?.N ?? "";

/** The first record that is handed back, as sequence number. */
const ours = async (records: DynamoDBRecord[], work: (record: DynamoDBRecord) => Promise<void>) => {
  const results = await workBatch(
    records,
    options(itemOf, async (record) => ({ outcome: "done", it: await work(record) })),
  );
  const index = results.findIndex(({ outcome }) => outcome === "handed-back");
  return index < 0 ? undefined : sequenceOf(records[index] as DynamoDBRecord);
};

/** The lowest of the failures that Powertools reports: where Lambda goes on. */
const powertools = async (records: DynamoDBRecord[], work: (record: DynamoDBRecord) => Promise<void>) => {
  const processor = new BatchProcessor(EventType.DynamoDBStreams);
  const { batchItemFailures } = await processPartialResponse({ Records: records }, work, processor, {
    throwOnFullBatchFailure: false,
  });
  const failed = batchItemFailures.map(({ itemIdentifier }) => BigInt(itemIdentifier));
  return failed.reduce<bigint | undefined>((low, n) => (low === undefined || n < low ? n : low), undefined)?.toString();
};

test("on any batch the stream goes on from the same record as with Powertools, and all before it was worked by both", async () => {
  const record = fc.record({ id: fc.nat(4), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 20 }), async (plan) => {
      const records = plan.map(({ id }, n) => put(n, id, "x"));
      const done = [new Set<string>(), new Set<string>()] as const;
      const workInto = (set: Set<string>) => async (candidate: DynamoDBRecord) => {
        await null;
        const n = records.indexOf(candidate);
        if (plan[n]?.fails) throw new Error("planned");
        set.add(sequenceOf(candidate));
      };
      const checkpoints = [
        await ours(records, workInto(done[0])),
        await powertools(records, workInto(done[1])),
      ] as const;
      assert.equal(checkpoints[0], checkpoints[1]);
      const before = records.map(sequenceOf).filter((n) => checkpoints[0] === undefined || n < checkpoints[0]);
      for (const n of before) assert.ok(done[0].has(n) && done[1].has(n), `${n} was worked`);
    }),
    { numRuns: 200 },
  );
});

test("records of one key are worked in order, and none after one that was handed back", async () => {
  const keys = fc.array(fc.tuple(fc.nat(3), fc.boolean(), fc.nat(3)), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(keys, async (plan) => {
      const worked = new Map<number, number[]>();
      const indices = plan.map((_, index) => index);
      const work = async (index: number) => {
        const [key = 0, fails, pause = 0] = plan[index] ?? [];
        await sleep(pause);
        worked.set(key, [...(worked.get(key) ?? []), index]);
        if (fails) throw new Error("planned");
        return { outcome: "done" } as const;
      };
      const results = await workBatch(
        indices,
        options((index) => String(plan[index]?.[0]), work),
      );
      for (const [key, order] of worked) {
        const all = indices.filter((index) => plan[index]?.[0] === key);
        assert.deepEqual(order, all.slice(0, order.length));
        const firstFailure = all.findIndex((index) => plan[index]?.[1]);
        assert.equal(order.length, firstFailure < 0 ? all.length : firstFailure + 1);
      }
      assert.equal(results.filter((result) => result !== undefined).length, plan.length);
    }),
    { numRuns: 60 },
  );
});

test("different keys are worked at once, up to the bound", async () => {
  let [underWay, most] = [0, 0];
  const work = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(5);
    underWay -= 1;
    return { outcome: "done" } as const;
  };
  await workBatch([...Array(20).keys()], options(String, work));
  assert.equal(most, 4);
});

test("with too little time left nothing further is begun, and the rest is handed back", async () => {
  const end = performance.now() + 200;
  const time = timeFor(() => end - performance.now());
  const work = async () => {
    await sleep(30);
    return { outcome: "done" } as const;
  };
  const results = await workBatch([...Array(50).keys()], { ...options(String, work), concurrent: 1, enough: 60, time });
  const done = results.findIndex(({ outcome }) => outcome === "handed-back");
  assert.ok(done >= 1 && done <= 5, `${done} were worked`);
  assert.ok(results.slice(done).every(({ outcome }) => outcome === "handed-back"));
  assert.ok(performance.now() < end);
});

test.run();
