import assert from "node:assert/strict";
import { test } from "uvu";
import { put, record, removal, STREAM, sequence } from "../testing/records";
import { Rejected } from "./errors";
import { isRemoval, parseRecord, sequenceOf } from "./record";

const reasonOf = (candidate: Parameters<typeof parseRecord>[0]): string => {
  try {
    parseRecord(candidate, "en-US");
    return "none";
  } catch (error) {
    assert.ok(error instanceof Rejected);
    return error.reason;
  }
};

test("a record becomes a request with its position in the stream", () => {
  const request = parseRecord(put(7, 42, "Hello."), "en-US");
  assert.equal(request.id, "42");
  assert.equal(request.text, "Hello.");
  assert.deepEqual(request.position, { stream: STREAM.split("/stream/")[1], sequence: sequence(7) });
});

test("a malformed record is refused with its reason", () => {
  const without = put(1, 1, "x");
  delete without.dynamodb?.NewImage?.Id;
  assert.equal(reasonOf(without), "id-missing");
  assert.equal(reasonOf(record(1, 1, undefined)), "no-image");
  assert.equal(reasonOf(record(1, 1, { Id: { S: "1" }, text: { S: "x" } })), "id-not-a-number");
  assert.equal(reasonOf(put(1, "1/../2", "x")), "id-not-a-number");
  assert.equal(reasonOf(record(1, 1, {})), "text-missing");
  assert.equal(reasonOf(record(1, 1, { text: { N: "5" } })), "text-not-a-string");
  assert.equal(reasonOf(record(1, 1, { text: { NULL: true } })), "text-not-a-string");
  assert.equal(reasonOf(put(1, 1, "")), "text-empty");
});

test("every number that DynamoDB writes is an Id", () => {
  for (const id of ["0", "-7", "1.5", "12345678901234567890123456789012345678", "1E+30"]) {
    assert.equal(reasonOf(put(1, id, "x")), "none");
  }
});

test("a removal is seen; a new text for an old item is none", () => {
  assert.equal(isRemoval(removal(1, 1)), true);
  assert.equal(isRemoval(put(1, 1, "x")), false);
  assert.equal(isRemoval({ ...put(1, 1, "x"), eventName: "MODIFY" }), false);
});

test("a record without a usable sequence number stops the batch", () => {
  for (const SequenceNumber of [undefined, "", "abc"]) {
    const broken = put(1, 1, "x");
    broken.dynamodb = { ...broken.dynamodb, SequenceNumber } as NonNullable<typeof broken.dynamodb>;
    assert.throws(() => sequenceOf(broken), /no usable SequenceNumber/);
  }
});

test.run();
