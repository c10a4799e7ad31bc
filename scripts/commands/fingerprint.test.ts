import { strict as assert } from "node:assert";
import { suite } from "uvu";
import type { JournalRecord } from "../lib/journal";
import { fingerprint, isVerified } from "./fingerprint";
import type { States } from "./reading";

const test = suite("whether a comparison still holds");

const states = (terraform: string, pulumi: string): States =>
  ({ terraform: { identity: { sha256: terraform } }, pulumi: { checkpoint: { sha256: pulumi } } }) as unknown as States;

const verified = (waves: string[], detail?: JournalRecord["detail"]): JournalRecord => ({
  seq: 0,
  time: "",
  run: "",
  prev: "",
  hash: "",
  command: "adopt",
  event: "verified",
  waves,
  ...(detail ? { detail } : {}),
});

test("only for the same waves, and for both states exactly as they are", () => {
  const now = states("a", "b");
  const records = [verified(["delivery"], fingerprint(now))];
  assert.equal(isVerified(records, ["delivery"], now), true);
  assert.equal(isVerified(records, ["delivery", "speech"], now), false);
  assert.equal(isVerified(records, ["delivery"], states("a2", "b")), false);
  assert.equal(isVerified(records, ["delivery"], states("a", "b2")), false);
  assert.equal(isVerified([verified(["delivery"])], ["delivery"], now), false);
  assert.equal(isVerified([{ ...verified(["delivery"], fingerprint(now)), event: "note" }], ["delivery"], now), false);
});

test.run();
