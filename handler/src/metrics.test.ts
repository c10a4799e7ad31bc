import assert from "node:assert/strict";
import { test } from "uvu";
import { type Measured, metricLines } from "./metrics";

const results: Measured[] = [
  { outcome: "stored", characters: 10, milliseconds: 120 },
  { outcome: "stored", characters: 5, milliseconds: 80 },
  { outcome: "same" },
  { outcome: "newer" },
  { outcome: "removed" },
  { outcome: "rejected", reason: "text-empty" },
  { outcome: "rejected", reason: "text-empty" },
  { outcome: "rejected", reason: "id-missing" },
  { outcome: "handed-back" },
];

type Line = Record<string, unknown> & {
  _aws: { Timestamp: number; CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] };
};

const lines = (measured: readonly Measured[]) => metricLines("dev", measured, 1_000).map((l) => JSON.parse(l) as Line);

test("one line sums the batch up, and one for each reason of failure", () => {
  const [summary, ...failures] = lines(results);
  const { _aws, ...values } = summary as Line;
  assert.deepEqual(values, {
    environment: "dev",
    Spoken: 2,
    Skipped: 3,
    Failed: 3,
    HandedBack: 1,
    Characters: 15,
    Latency: [120, 80],
  });
  assert.deepEqual(
    failures.map(({ reason, Failed }) => [reason, Failed]),
    [
      ["text-empty", 2],
      ["id-missing", 1],
    ],
  );
});

test("every named metric and dimension has its value in the line, as the format demands", () => {
  for (const line of lines(results)) {
    const [directive] = line._aws.CloudWatchMetrics;
    const names = [...(directive?.Dimensions.flat() ?? []), ...(directive?.Metrics.map(({ Name }) => Name) ?? [])];
    for (const name of names) assert.notEqual(line[name], undefined, name);
  }
});

test("a metric never has more than 100 values in a line", () => {
  const many = Array.from({ length: 250 }, (): Measured => ({ outcome: "stored", characters: 1, milliseconds: 1 }));
  const sizes = lines(many).map(({ Latency }) => (Latency as number[]).length);
  assert.deepEqual(sizes, [100, 100, 50]);
});

test("no latency is claimed where nothing was spoken", () => {
  const [summary] = lines([{ outcome: "same" }]);
  assert.ok(!("Latency" in (summary as Line)));
});

test.run();
