import assert from "node:assert/strict";
import { test } from "uvu";
import { findings, readTally } from "./uvu-output";

const summary = (total: number, passed: number, skipped = 0): string =>
  `\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1.00ms\n`;

const judge = (output: string, exitCode = 0, source = "test.run();"): string[] =>
  findings(source, exitCode, readTally(output));

test("a file whose tests all passed has no findings", () => {
  assert.deepEqual(judge(summary(3, 3)), []);
});

test("a forgotten run() or a throwing hook prints no summary and is found although uvu exits 0", () => {
  assert.match(judge("").join(), /no summary/);
});

test("a failed test, a skipped test and an empty file are each found", () => {
  assert.match(judge(summary(3, 2), 1).join(), /1 of 3 did not pass/);
  assert.match(judge(summary(3, 3, 1)).join(), /1 skipped/);
  assert.match(judge(summary(0, 0)).join(), /no test ran/);
});

test("only() left in is found in the source, since uvu counts nothing for it", () => {
  assert.match(judge(summary(1, 1), 0, 'test.only("x", f)').join(), /only/);
});

test("a process that ends badly after its summary is found", () => {
  assert.match(judge(summary(2, 2), 7).join(), /exit code 7/);
});

test("a test that prints a summary of its own does not hide the real one", () => {
  assert.deepEqual(readTally(summary(9, 9) + summary(2, 1)), { total: 2, passed: 1, skipped: 0 });
});

test.run();
