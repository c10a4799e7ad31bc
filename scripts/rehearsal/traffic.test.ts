import { strict as assert } from "node:assert";
import { test } from "uvu";
import type { Audio } from "./polly";
import { startTraffic, type TrafficReport } from "./traffic";
import { createLedger, percentile } from "./traffic/ledger";
import { dueAfter } from "./traffic/pace";
import type { Pipeline } from "./traffic/pipeline";
import { look, runTraffic } from "./traffic/run";
import { DISTINCT, SENTENCES, textOf } from "./traffic/texts";

const audioOf = (text: string): Audio => ({ bytes: text.length, md5: `md5 of ${text}` });

/** A pipeline in memory: `speak` decides what becomes of a request, and when. */
const fakePipeline = (speak: (id: number, text: string, store: (audio: Audio) => void) => void): Pipeline => {
  const bucket = new Map<number, Audio>();
  return {
    put: async (id, text) => speak(id, text, (audio) => bucket.set(id, audio)),
    list: async (afterId) => new Map([...bucket].filter(([id]) => id > afterId)),
    expected: async (text) => audioOf(text),
  };
};

test("no two requests have the same text, and what they say is made of the sentences that Polly has warmed up for", () => {
  const texts = new Set(Array.from({ length: 3 * DISTINCT }, (_, n) => textOf(n)));
  assert.equal(texts.size, 3 * DISTINCT);
  const known = new Set(SENTENCES);
  for (const text of texts) for (const sentence of text.split(/(?<=\.) /)) assert.ok(known.has(sentence), sentence);
});

test("requests are due evenly, with a burst on top every so often", () => {
  const steady = { ratePerSecond: 5 };
  assert.deepEqual(
    [0, 199, 200, 1_000, 60_000].map((ms) => dueAfter(steady, ms)),
    [0, 0, 1, 5, 300],
  );
  const bursts = { ratePerSecond: 5, burst: { size: 10, everySeconds: 10 } };
  assert.deepEqual(
    [9_999, 10_000, 20_000].map((ms) => dueAfter(bursts, ms)),
    [49, 60, 120],
  );
});

test("percentiles are values that were measured, and none of nothing", () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.equal(percentile(values, 0.5), 50);
  assert.equal(percentile(values, 0.99), 99);
  assert.equal(percentile(values, 1), 100);
  assert.equal(percentile([7], 0.01), 7);
  assert.equal(percentile([], 0.5), null);
});

test("a request belongs to the stage in which it was sent, whenever its audio comes", () => {
  const ledger = createLedger("before");
  ledger.sent(1, "a", 0);
  ledger.sent(2, "b", 10);
  ledger.mark("during");
  ledger.sent(3, "c", 20);
  ledger.spoken(1, 50);
  ledger.spoken(3, 30);
  ledger.spoken(3, 9_999);
  ledger.spoken(77, 0);
  ledger.mark("after");
  const report = ledger.report();
  assert.deepEqual(report.stages, [
    { name: "before", sent: 2, spoken: 1, lost: 1, p50Ms: 50, p99Ms: 50, maxMs: 50 },
    { name: "during", sent: 1, spoken: 1, lost: 0, p50Ms: 10, p99Ms: 10, maxMs: 10 },
    { name: "after", sent: 0, spoken: 0, lost: 0, p50Ms: null, p99Ms: null, maxMs: null },
  ]);
  assert.equal(report.sent, 3);
  assert.equal(report.lost, 1);
  assert.deepEqual(report.problems, ["2: no audio in the bucket"]);
});

test("an object with other audio than Polly's does not count, until it is replaced by the right one", async () => {
  const stores: ((audio: Audio) => void)[] = [];
  const pipeline = fakePipeline((_id, _text, store) => stores.push(store));
  const ledger = createLedger("all");
  ledger.sent(5, "hello", 0);
  await pipeline.put(5, "hello");
  for (const wrong of [audioOf("hellp"), { ...audioOf("hello"), bytes: 4 }, { ...audioOf("hello"), md5: "other" }]) {
    stores[0]?.(wrong);
    await look(pipeline, ledger, () => 100);
    assert.equal(ledger.report().spoken, 0);
    assert.match(ledger.report().problems[0] ?? "", /^5: other audio than Polly's/);
  }
  stores[0]?.(audioOf("hello"));
  await look(pipeline, ledger, () => 200);
  assert.equal(ledger.report().spoken, 1);
  assert.equal(ledger.report().p50Ms, 200);
});

const PACE = { ratePerSecond: 100, firstId: 1_000_001 };

test("traffic sends at its pace, waits for what is on its way, and counts every request", async () => {
  const pipeline = fakePipeline((_id, text, store) => setTimeout(() => store(audioOf(text)), 150));
  const ledger = createLedger("all");
  const running = runTraffic(pipeline, ledger, PACE);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await running.stop(5_000);
  const { sent, spoken, lost, p50Ms } = ledger.report();
  assert.ok(sent >= 40 && sent <= 60, `${sent} sent`);
  assert.equal(spoken, sent);
  assert.equal(lost, 0);
  assert.ok(p50Ms !== null && p50Ms >= 149, `p50 ${p50Ms} ms`);
});

test("one request in ten that is never spoken is found, by its Id", async () => {
  const pipeline = fakePipeline((id, text, store) => id % 10 !== 0 && store(audioOf(text)));
  const ledger = createLedger("all");
  const running = runTraffic(pipeline, ledger, PACE);
  await new Promise((resolve) => setTimeout(resolve, 400));
  await running.stop(300);
  const { sent, lost, problems } = ledger.report();
  const expected = Array.from({ length: sent }, (_, i) => PACE.firstId + i).filter((id) => id % 10 === 0);
  assert.equal(lost, expected.length);
  assert.ok(lost >= 3);
  assert.deepEqual(
    problems,
    expected.slice(0, 20).map((id) => `${id}: no audio in the bucket`),
  );
});

test("a request that is not accepted is lost and says why; a bucket that does not answer loses nothing by itself", async () => {
  let listings = 0;
  const inMemory = fakePipeline((id, text, store) => {
    if (id === PACE.firstId) throw new Error("table is gone");
    store(audioOf(text));
  });
  const pipeline: Pipeline = {
    ...inMemory,
    list: (afterId) => {
      listings += 1;
      return listings === 1 ? Promise.reject(new Error("bucket is busy")) : inMemory.list(afterId);
    },
  };
  const ledger = createLedger("all");
  const running = runTraffic(pipeline, ledger, { ...PACE, ratePerSecond: 20 });
  await new Promise((resolve) => setTimeout(resolve, 400));
  await running.stop(300);
  const { lost, problems } = ledger.report();
  assert.equal(lost, 1);
  assert.match(problems[0] ?? "", /^1000001: (not accepted: table is gone|could not be looked for: bucket is busy)/);
});

test("against a pipeline that is not there every request is lost, and the traffic still reports", async () => {
  const nowhere = "http://127.0.0.1:9";
  const traffic = startTraffic({
    env: {},
    endpoint: nowhere,
    pollyEndpoint: nowhere,
    region: "us-east-1",
    tableName: "t",
    bucketName: "b",
    firstStage: "one",
    ratePerSecond: 20,
  });
  const begun = async (): Promise<TrafficReport> => {
    const { report: soFar } = await traffic.snapshot();
    return soFar.sent > 0 ? soFar : begun();
  };
  const early = await begun();
  traffic.mark("two");
  const { report, seconds } = await traffic.stop({ drainTimeout: 500 });
  assert.ok(early.sent > 0);
  assert.ok(seconds > 0);
  assert.ok(report.sent >= early.sent);
  assert.equal(report.lost, report.sent);
  assert.deepEqual(
    report.stages.map(({ name }) => name),
    ["one", "two"],
  );
  assert.ok(report.problems.length > 0);
});

test("traffic goes to this machine alone", () => {
  const rest = {
    env: {},
    pollyEndpoint: "http://127.0.0.1:9",
    region: "us-east-1",
    tableName: "t",
    bucketName: "b",
    firstStage: "s",
  };
  assert.throws(
    () => startTraffic({ ...rest, endpoint: "https://dynamodb.us-east-1.amazonaws.com" }),
    /not an address of this machine/,
  );
});

test.run();
