import assert from "node:assert/strict";
import { test } from "uvu";
import { isSpoken, spoken } from "../testing/audio";
import type { Behaviour } from "../testing/polly";
import { event, invocation, put, record, removal, sequence } from "../testing/records";
import { bodyOf, withHandler } from "../testing/with-handler";
import { joinMp3 } from "./mp3";
import { planSpeech } from "./text";

test("a batch is spoken, stored with its metadata, and acknowledged", async () => {
  await withHandler({}, async ({ handler, bucket, polly, queue }) => {
    const answer = await handler(
      event(put(1, 1, "one"), put(2, 2, "two"), put(3, 1, "uno"), removal(4, 2)),
      invocation(),
    );
    assert.deepEqual(answer, { batchItemFailures: [] });
    const [first, second] = [bucket.objects.get("1.mp3"), bucket.objects.get("2.mp3")];
    assert.ok(first && isSpoken(first.body, "uno"));
    assert.ok(second && isSpoken(second.body, "two"), "a removal leaves the audio");
    assert.equal(first.contentType, "audio/mpeg");
    assert.equal(first.metadata["sequence-number"], sequence(3));
    assert.match(first.metadata["text-hash"] ?? "", /^[0-9a-f]{64}$/);
    assert.equal(polly.texts.length, 3);
    assert.deepEqual(queue, []);
  });
});

test("the whole batch again costs no call to Polly and no write", async () => {
  await withHandler({}, async ({ handler, bucket, polly }) => {
    const batch = event(put(1, 1, "one"), put(2, 2, "two"), put(3, 1, "uno"));
    await handler(batch, invocation());
    await handler(batch, invocation());
    assert.equal(polly.texts.length, 3);
    assert.equal(bucket.writes.length, 3);
  });
});

test("a permanent failure goes to the queue with its reason and without the text, and blocks nothing", async () => {
  const polly = { behave: (text: string): Behaviour => (text.startsWith("<speak>") ? "refuse-ssml" : "speak") };
  await withHandler({ polly }, async ({ handler, bucket, queue }) => {
    const bad = record(1, 1, { text: { N: "5" } });
    const answer = await handler(event(bad, put(2, 2, "<speak>secret</wrong>"), put(3, 1, "good")), invocation());
    assert.deepEqual(answer, { batchItemFailures: [] });
    assert.deepEqual(queue.map(({ reason, keys, sequenceNumber }) => [reason, keys, sequenceNumber]).sort(), [
      ["ssml-invalid", { Id: { N: "2" } }, sequence(2)],
      ["text-not-a-string", { Id: { N: "1" } }, sequence(1)],
    ]);
    assert.doesNotMatch(JSON.stringify(queue), /secret/);
    assert.ok(isSpoken(bodyOf(bucket.objects, 1), "good"));
  });
});

test("when the queue does not take it, the record is handed back instead of lost", async () => {
  await withHandler({ beforeSend: () => 500 }, async ({ handler, queue }) => {
    const answer = await handler(event(put(1, 1, "fine"), put(2, 2, "")), invocation());
    assert.deepEqual(answer, { batchItemFailures: [{ itemIdentifier: sequence(2) }] });
    assert.deepEqual(queue, []);
  });
});

test("it stops before the deadline and hands back the rest", async () => {
  await withHandler({ polly: { latency: 40 } }, async ({ handler, bucket }) => {
    const changes = Array.from({ length: 100 }, (_, n) => put(n, 1, `change ${n}`));
    const now = invocation(800);
    const { batchItemFailures } = await handler(event(...changes), now);
    assert.ok(now.getRemainingTimeInMillis() > 50, "there was time left to answer");
    const done = bucket.writes.length;
    assert.ok(done > 0 && done < 100, `${done} were spoken`);
    assert.deepEqual(batchItemFailures, [{ itemIdentifier: sequence(done) }]);
  });
});

test("a fault of the deployment fails the invocation at once, after the logs, and puts nothing in the queue", async () => {
  await withHandler({ bucket: { beforeWrite: () => 403 } }, async ({ handler, queue, polly, lines }) => {
    await assert.rejects(handler(event(put(1, 1, "one")), invocation()), { name: "Misconfigured" });
    assert.equal(polly.texts.length, 1);
    assert.match(lines.join("\n"), /"HandedBack":1/);
    assert.deepEqual(queue, []);
  });
  await withHandler({ polly: { behave: () => "deny" } }, async ({ handler, polly }) => {
    await assert.rejects(handler(event(put(1, 1, "one")), invocation()), /may not call Polly/);
    assert.equal(polly.texts.length, 1);
  });
});

test("a slow bucket and one that answers 409 are tried again", async () => {
  const failures = [503, 409];
  await withHandler({ bucket: { beforeWrite: () => failures.shift() } }, async ({ handler, bucket, polly }) => {
    assert.deepEqual(await handler(event(put(1, 1, "one")), invocation()), { batchItemFailures: [] });
    assert.equal(bucket.writes.length, 1);
    assert.equal(polly.texts.length, 1, "spoken once, however often it is stored");
  });
});

test("a long text becomes one playable file of its parts, in order", async () => {
  const text = Array.from(
    { length: 90 },
    (_, n) => `Family ${n} is unhappy in its own way, unlike the happy ones which are alike. `,
  ).join("");
  await withHandler({}, async ({ handler, bucket, polly }) => {
    await handler(event(put(1, 1, text)), invocation());
    assert.equal(polly.texts.length, 3);
    assert.equal(
      polly.texts.map(({ length }) => length).reduce((a, b) => a + b),
      text.length,
    );
    const inOrder = planSpeech(text, "en-US").parts.map((part) => spoken(part));
    assert.deepEqual(bodyOf(bucket.objects, 1), Buffer.concat(inOrder));
  });
});

test("logs name request and record and never hold the text", async () => {
  const polly = { behave: (_: string, n: number): Behaviour => (n > 5 ? "speak" : "garbage") };
  await withHandler({ polly }, async ({ handler, lines }) => {
    await handler(
      event(put(1, 1, "private words"), record(2, 2, { text: { SS: ["private words"] } })),
      invocation(900),
    );
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const [first] = parsed.filter(({ eventId }) => eventId === "event-1");
    assert.equal(first?.requestId, "request-1");
    assert.equal(first?.id, "1");
    assert.equal(first?.outcome, "handed-back");
    assert.doesNotMatch(lines.join("\n"), /private/);
    assert.ok(parsed.some((line) => line.reason === "text-not-a-string" && line.Failed === 1));
  });
});

test("many Ids are spoken at once, within the limits of Polly", async () => {
  const limits = { perSecond: 80, burst: 100, concurrent: 80 };
  await withHandler({ polly: { latency: 30, limits } }, async ({ handler, polly }) => {
    const batch = event(...Array.from({ length: 60 }, (_, n) => put(n, n, `text ${n}`)));
    assert.deepEqual(await handler(batch, invocation()), { batchItemFailures: [] });
    assert.equal(polly.throttled, 0);
    assert.ok(polly.mostUnderWay > 3 && polly.mostUnderWay <= 40, `${polly.mostUnderWay} at once`);
  });
});

test("the stand-in's audio is what the tests take it for", () => {
  assert.ok(isSpoken(joinMp3([spoken("x")]), "x"));
  assert.ok(!isSpoken(spoken("x").subarray(0, 200), "x"));
});

test.run();
