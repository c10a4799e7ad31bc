import assert from "node:assert/strict";
import type { DynamoDBRecord } from "aws-lambda";
import fc from "fast-check";
import { test } from "uvu";
import { isSpoken } from "../testing/audio";
import { createMemory, type Fault, serviceError } from "../testing/memory";
import { event, invocation, put, record, removal } from "../testing/records";
import { deliver, type Mapping } from "../testing/stream";
import { assemble } from "./assemble";
import { readConfig } from "./config";

const config = readConfig({ ENVIRONMENT: "dev", AUDIO_BUCKET: "b", FAILED_QUEUE_URL: "http://127.0.0.1/q" });
const FAST = { attempts: 2, first: 0, longest: 0 };
const OPEN = { concurrent: 40, perSecond: 1e9, burst: 1e9 };

/** One change of the table. `poison` makes every invocation that sees it die. */
type Change =
  | { readonly kind: "text"; readonly id: number; readonly text: string }
  | { readonly kind: "bad" | "removal" | "poison"; readonly id: number };

/** What goes wrong, call by call and invocation by invocation, in their order; after the last entry all is well. */
interface Plan {
  readonly changes: readonly Change[];
  readonly calls: readonly (Fault | undefined)[];
  readonly deaths: readonly ("before" | "after" | undefined)[];
}

const toRecord = (change: Change, n: number): DynamoDBRecord => {
  if (change.kind === "text") return put(n, change.id, change.text);
  if (change.kind === "bad") return record(n, change.id, { text: { N: "5" } });
  return change.kind === "removal" ? removal(n, change.id) : put(n, change.id, "poison");
};

const fault = fc.constantFrom<Fault | undefined>(
  undefined,
  undefined,
  { when: "before", error: serviceError("ThrottlingException", 400) },
  { when: "before", error: serviceError("InternalError", 500) },
  { when: "before", error: new Error("socket hang up") },
  { when: "before", error: serviceError("AccessDenied", 403) },
  { when: "before", error: serviceError("ConditionalRequestConflict", 409) },
  { when: "after", error: serviceError("InternalError", 500) },
);

const id = fc.nat(3);
const text = fc.record({ kind: fc.constant("text" as const), id, text: fc.constantFrom("a", "b", "c", "d") });
const other = fc.record({ kind: fc.constantFrom("bad" as const, "removal" as const), id });
const poison = fc.record({ kind: fc.constant("poison" as const), id });

const planOf = (change: fc.Arbitrary<Change>): fc.Arbitrary<Plan> =>
  fc.record({
    changes: fc.array(change, { maxLength: 24 }),
    calls: fc.array(fault, { maxLength: 60 }),
    deaths: fc.array(fc.constantFrom(undefined, undefined, "before" as const, "after" as const), { maxLength: 12 }),
  });

const mapping = (retries: number, maximumAge: number): fc.Arbitrary<Mapping> =>
  fc.record({
    batchSize: fc.integer({ min: 1, max: 12 }),
    bisect: fc.boolean(),
    retries: fc.constant(retries),
    maximumAge: fc.constant(maximumAge),
  });

const run = async (plan: Plan, settings: Mapping) => {
  const [calls, deaths] = [plan.calls.values(), plan.deaths.values()];
  const memory = createMemory({ fault: () => calls.next().value });
  const handler = assemble(config, memory.clients, { gate: OPEN, retries: FAST, write: () => undefined });
  const records = plan.changes.map(toRecord);
  const delivered = await deliver(records, settings, async (batch) => {
    const death = deaths.next().value;
    const isPoisoned = batch.some(({ dynamodb }) => dynamodb?.NewImage?.text?.S === "poison");
    if (death === "before") throw new Error("killed");
    const answer = await handler(event(...batch), invocation());
    if (death === "after" || isPoisoned) throw new Error("killed");
    return answer;
  });
  return { ...memory, ...delivered, records };
};

type Ran = Awaited<ReturnType<typeof run>>;

const numberOf = (candidate: DynamoDBRecord): string => candidate.dynamodb?.SequenceNumber ?? "";
const textOf = (candidate: DynamoDBRecord): string | undefined => candidate.dynamodb?.NewImage?.text?.S;

const assertWrites = ({ writes, records }: Ran): void => {
  assert.equal(new Set(writes.map(({ sequence }) => sequence)).size, writes.length, "no record was stored twice");
  for (const { key, body, sequence } of writes) {
    const source = records.find((candidate) => numberOf(candidate) === sequence);
    assert.ok(isSpoken(body, textOf(source as DynamoDBRecord) ?? ""), "every object is whole and of its record");
    const earlier = writes.filter((write) => write.key === key).map((write) => write.sequence);
    assert.deepEqual(earlier, [...earlier].sort(), "nothing older replaced anything newer");
  }
};

/** The object of each Id is what its last record says that did not end in the destination; or something newer still. */
const assertSpoken = ({ objects, records, destination }: Ran): void => {
  for (const key of new Set(records.map((candidate) => candidate.dynamodb?.Keys?.Id?.N))) {
    const mine = records.filter(
      (candidate) => candidate.dynamodb?.Keys?.Id?.N === key && textOf(candidate) !== undefined,
    );
    const last = mine.filter((candidate) => !destination.has(numberOf(candidate))).pop();
    if (last === undefined) continue;
    const object = objects.get(`${key}.mp3`);
    assert.ok(object !== undefined, `${key} was spoken`);
    const isNewer = (object.metadata["sequence-number"] ?? "") > numberOf(last);
    assert.ok(isNewer || isSpoken(object.body, textOf(last) ?? ""), `${key} says what its last record says`);
  }
};

const assertQueue = ({ queue, records, destination }: Ran): void => {
  const bad = records.filter((candidate) => candidate.dynamodb?.NewImage?.text?.N !== undefined).map(numberOf);
  const queued = new Map(queue.map(({ sequenceNumber = "", reason }) => [sequenceNumber, reason]));
  for (const number of bad) assert.ok(destination.has(number) || queued.get(number) === "text-not-a-string");
  for (const number of queued.keys()) assert.ok(bad.includes(number), "only what can never be spoken is in the queue");
};

test("with retries until it works: every record ends spoken, exactly once in effect, or in the queue with its reason", async () => {
  await fc.assert(
    fc.asyncProperty(
      planOf(fc.oneof({ weight: 4, arbitrary: text }, other)),
      mapping(-1, -1),
      async (plan, settings) => {
        const ran = await run(plan, settings);
        assert.equal(ran.destination.size, 0);
        assertWrites(ran);
        assertSpoken(ran);
        assertQueue(ran);
      },
    ),
    { numRuns: 120 },
  );
});

test("with bounded retries or age: what is in neither place is in the mapping's destination", async () => {
  const changes = planOf(fc.oneof({ weight: 4, arbitrary: text }, other, poison));
  const settings = fc.oneof(mapping(3, -1), mapping(-1, 10), mapping(2, 6));
  await fc.assert(
    fc.asyncProperty(changes, settings, async (plan, chosen) => {
      const ran = await run(plan, chosen);
      assertWrites(ran);
      assertSpoken(ran);
      assertQueue(ran);
    }),
    { numRuns: 120 },
  );
});

test("bisecting leaves a deadly record alone in the destination", async () => {
  const changes = [..."abcdefgh"].map((letter, n): Change => ({ kind: "text", id: n, text: letter }));
  changes[5] = { kind: "poison", id: 5 };
  const settings = { batchSize: 8, bisect: true, retries: 2, maximumAge: -1 };
  const { destination, records } = await run({ changes, calls: [], deaths: [] }, settings);
  assert.deepEqual([...destination], [[numberOf(records[5] as DynamoDBRecord), "RetryAttemptsExhausted"]]);
});

test.run();
