import assert from "node:assert/strict";
import { S3Client } from "@aws-sdk/client-s3";
import fc from "fast-check";
import { test } from "uvu";
import { isSpoken, spoken } from "../testing/audio";
import { createMemory, type Fault, type MemoryOptions, serviceError } from "../testing/memory";
import { put, sequence } from "../testing/records";
import { readConfig } from "./config";
import { parseRecord, type Request } from "./record";
import { comparePositions, createStore, decide, hashOf } from "./store";
import { timeFor } from "./time";

const config = readConfig({ ENVIRONMENT: "dev", AUDIO_BUCKET: "b", FAILED_QUEUE_URL: "http://127.0.0.1/q" });
const time = timeFor(() => 20_000);
const FAST = { attempts: 3, first: 0, longest: 0 };
const request = (n: number, text: string): Request => parseRecord(put(n, 1, text), "en-US");
const at = (n: number, stream = "2026-01-01T00:00:00.000") => ({ stream, sequence: sequence(n) });

const setUp = (options: MemoryOptions = {}) => {
  const memory = createMemory(options);
  const store = createStore(memory.clients.s3, config, FAST);
  const spokenTexts: string[] = [];
  const apply = (wanted: Request) =>
    store.put(
      wanted,
      async () => {
        spokenTexts.push(wanted.text);
        return spoken(wanted.text);
      },
      time,
    );
  return { ...memory, spokenTexts, apply };
};

test("the rule: only a later record that says something else replaces an object", () => {
  const stored = { kind: "present", etag: "e", hash: "h", position: at(5) } as const;
  assert.equal(decide(stored, at(6), "other"), "write");
  assert.equal(decide(stored, at(6), "h"), "same");
  assert.equal(decide(stored, at(5), "other"), "same");
  assert.equal(decide(stored, at(4), "other"), "newer");
  assert.equal(decide({ ...stored, position: undefined }, at(1), "other"), "write");
  assert.equal(decide({ kind: "absent" }, at(1), "h"), "write");
  assert.equal(decide({ kind: "unknown" }, at(1), "h"), "write");
});

test("positions compare as whole numbers within a stream, and a later stream is later as a whole", () => {
  assert.equal(comparePositions({ stream: "a", sequence: "9" }, { stream: "a", sequence: "10" }), -1);
  const [low, high] = ["30000000000000000000001", "30000000000000000000002"];
  assert.equal(comparePositions({ stream: "a", sequence: high }, { stream: "a", sequence: low }), 1);
  assert.equal(comparePositions({ stream: "a", sequence: "007" }, { stream: "a", sequence: "7" }), 0);
  assert.equal(comparePositions(at(1, "2026-02-01T00:00:00.000"), at(9, "2026-01-01T00:00:00.000")), 1);
});

test("the hash is of all that makes the sound", () => {
  const base = hashOf(request(1, "Hello"), config);
  assert.equal(hashOf(request(2, "Hello"), config), base);
  assert.notEqual(hashOf(request(1, "Hello."), config), base);
  assert.notEqual(hashOf(request(1, "Hello"), { ...config, voice: "Vicki" }), base);
  assert.notEqual(hashOf(request(1, "Hello"), { ...config, engine: "neural" }), base);
});

test("a repeat costs no speech and no write; a change replaces; a replay does nothing", async () => {
  const { apply, writes, spokenTexts, objects } = setUp();
  assert.equal(await apply(request(1, "one")), "stored");
  assert.equal(await apply(request(1, "one")), "same");
  assert.equal(await apply(request(2, "one")), "same");
  assert.equal(await apply(request(3, "two")), "stored");
  assert.equal(await apply(request(1, "one")), "newer");
  assert.deepEqual(spokenTexts, ["one", "two"]);
  assert.equal(writes.length, 2);
  assert.ok(isSpoken(objects.get("1.mp3")?.body ?? Buffer.alloc(0), "two"));
});

test("an answer that is lost after the write does not write twice", async () => {
  let lost: Fault | undefined = { when: "after", error: serviceError("InternalError", 500) };
  const { apply, writes } = setUp({
    fault: (_, command) => {
      const now = command instanceof Object && "Body" in (command as { input: object }).input ? lost : undefined;
      if (now !== undefined) lost = undefined;
      return now;
    },
  });
  // The second try finds its own write and is content.
  assert.equal(await apply(request(1, "one")), "same");
  assert.equal(writes.length, 1);
});

test("an object that is there but may not be read is never overwritten", async () => {
  const { clients, objects, apply } = setUp({
    fault: (_, command) =>
      "Body" in (command as { input: object }).input ? undefined : { when: "before", error: serviceError("403", 403) },
  });
  assert.ok(clients.s3);
  objects.set("1.mp3", { body: spoken("theirs"), etag: '"x"', metadata: {} });
  await assert.rejects(apply(request(1, "mine")), { name: "Misconfigured" });
  assert.ok(isSpoken(objects.get("1.mp3")?.body ?? Buffer.alloc(0), "theirs"));
});

test("endless contention hands the record back instead of overwriting", async () => {
  for (const [name, status, error] of [
    ["ConditionalRequestConflict", 409, "ConditionalRequestConflict"],
    ["PreconditionFailed", 412, "Contention"],
  ] as const) {
    const { apply, writes } = setUp({
      mayList: true,
      fault: (_, command) =>
        "Body" in (command as { input: object }).input
          ? { when: "before", error: serviceError(name, status) }
          : undefined,
    });
    await assert.rejects(apply(request(1, "one")), { name: error });
    assert.equal(writes.length, 0);
  }
});

// A function that Lambda has given up on may go on for a while, beside the one that got its batch again.
test("however an abandoned invocation and its successor interleave, the newest stays and nothing goes back", async () => {
  const texts = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      texts,
      fc.nat(6),
      fc.boolean(),
      async (scheduler, changes, abandonedAt, mayList) => {
        const { apply, writes, objects } = setUp({
          mayList,
          fault: () => scheduler.schedule(Promise.resolve(undefined)),
        });
        const run = async (until: number) => {
          for (const [n, text] of changes.slice(0, until).entries()) await apply(request(n, text));
        };
        await scheduler.waitFor(Promise.all([run(abandonedAt), run(changes.length)]));
        const last = changes[changes.length - 1] ?? "";
        assert.ok(isSpoken(objects.get("1.mp3")?.body ?? Buffer.alloc(0), last));
        const order = writes.map((write) => BigInt(write.sequence));
        assert.deepEqual(order, [...new Set(order)].sort(), "each record is written once at most, in order");
      },
    ),
    { numRuns: 150 },
  );
});

test("the SDK still sends the conditions this relies on", async () => {
  const headers: Record<string, string>[] = [];
  const client = new S3Client({
    region: "us-east-1",
    credentials: { accessKeyId: "dummy", secretAccessKey: "dummy" },
    requestHandler: {
      handle: async (sent: { headers: Record<string, string>; method: string }) => {
        headers.push({ method: sent.method, ...sent.headers });
        const response = { statusCode: sent.method === "HEAD" ? 403 : 200, headers: {}, body: undefined };
        return { response };
      },
    },
  });
  await createStore(client, config, FAST).put(request(1, "one"), async () => spoken("one"), time);
  const write = headers[1] ?? {};
  assert.equal(write["if-none-match"], "*");
  assert.equal(write["content-type"], "audio/mpeg");
  assert.equal(write["x-amz-meta-sequence-number"], sequence(1));
  assert.equal(write["x-amz-meta-text-hash"], hashOf(request(1, "one"), config));
});

test.run();
