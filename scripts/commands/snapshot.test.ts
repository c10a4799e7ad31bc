import { strict as assert } from "node:assert";
import { suite } from "uvu";
import type { JournalEvent, JournalRecord } from "../lib/journal";
import { summariseJournal } from "./snapshot";

const test = suite("what the journal knows and the states cannot tell");
const WAVES = ["delivery", "speech"];

const records = (
  ...lines: [command: string, event: JournalEvent, waves?: string[], step?: string][]
): JournalRecord[] =>
  lines.map(([command, event, waves = ["delivery"], step], seq) => ({
    seq,
    time: "",
    run: "",
    prev: "",
    hash: "",
    command,
    event,
    waves,
    ...(step ? { step } : {}),
  }));

test("a command that began a step and did not finish is under way, whether it was killed or failed", () => {
  const killed = records(["adopt", "start"], ["adopt", "begin", undefined, "import"]);
  assert.deepEqual(summariseJournal(killed, WAVES).unfinished, { command: "adopt", wave: "delivery", step: "import" });
  const failed = [...killed, ...records(["adopt", "failed"])];
  assert.equal(summariseJournal(failed, WAVES).unfinished?.step, "import");
  const other = [
    ...failed,
    ...records(["rollback", "start"], ["rollback", "failed"]).map((each) => ({ ...each, run: "2" })),
  ];
  assert.equal(summariseJournal(other, WAVES).unfinished?.command, "adopt");
  assert.equal(summariseJournal([...failed, ...records(["adopt", "finish"])], WAVES).unfinished, undefined);
});

test("one that was refused before its first step has left nothing unfinished", () => {
  assert.equal(summariseJournal(records(["cutover", "start"], ["cutover", "failed"]), WAVES).unfinished, undefined);
  assert.equal(summariseJournal([], WAVES).unfinished, undefined);
});

test("several waves at once are called all", () => {
  const both = records(["cutover", "start", WAVES], ["cutover", "begin", WAVES, "release"]);
  assert.equal(summariseJournal(both, WAVES).unfinished?.wave, "all");
});

test("a plan is waiting until a command that writes has touched its wave; so is a verification", () => {
  const planned = records(["plan", "planned"]);
  assert.deepEqual(summariseJournal(planned, WAVES).planned, ["delivery"]);
  const refused = [...planned, ...records(["adopt", "start"], ["adopt", "failed"])];
  assert.deepEqual(summariseJournal(refused, WAVES).planned, ["delivery"]);
  const adopted = [...refused, ...records(["adopt", "begin"], ["adopt", "verified"], ["adopt", "finish"])];
  assert.deepEqual(summariseJournal(adopted, WAVES), { planned: [], verified: ["delivery"] });
  const back = [...adopted, ...records(["rollback", "begin"], ["rollback", "finish"])];
  assert.deepEqual(summariseJournal(back, WAVES), { planned: [], verified: [] });
});

test.run();
