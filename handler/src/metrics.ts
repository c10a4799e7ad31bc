import type { Reason } from "./errors";

/** What is counted of one record. */
export type Measured =
  | { readonly outcome: "stored"; readonly characters: number; readonly milliseconds: number }
  | { readonly outcome: "same" | "newer" | "removed" }
  | { readonly outcome: "rejected"; readonly reason: Reason }
  | { readonly outcome: "handed-back" };

const NAMESPACE = "TextToSpeech";
/** CloudWatch takes at most that many values of one metric in one line. */
const VALUES = 100;

type Unit = "Count" | "Milliseconds";
type Values = Readonly<Record<string, readonly [Unit, number | readonly number[]]>>;

/** One line in the embedded metric format: CloudWatch makes metrics of it, without a call and without a permission. */
const line = (dimensions: Readonly<Record<string, string>>, values: Values, now: number): string =>
  JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [Object.keys(dimensions)],
          Metrics: Object.entries(values).map(([Name, [Unit]]) => ({ Name, Unit })),
        },
      ],
    },
    ...dimensions,
    ...Object.fromEntries(Object.entries(values).map(([name, [, value]]) => [name, value])),
  });

const summary = (environment: string, results: readonly Measured[], now: number): string => {
  const spoken = results.filter((result) => result.outcome === "stored");
  const count = (...outcomes: Measured["outcome"][]) => results.filter((r) => outcomes.includes(r.outcome)).length;
  const values: Values = {
    Spoken: ["Count", spoken.length],
    Skipped: ["Count", count("same", "newer", "removed")],
    Failed: ["Count", count("rejected")],
    HandedBack: ["Count", count("handed-back")],
    Characters: ["Count", spoken.reduce((sum, { characters }) => sum + characters, 0)],
  };
  const latency: Values = { Latency: ["Milliseconds", spoken.map(({ milliseconds }) => milliseconds)] };
  return line({ environment }, spoken.length > 0 ? { ...values, ...latency } : values, now);
};

const failures = (environment: string, results: readonly Measured[], now: number): string[] => {
  const reasons = new Map<Reason, number>();
  for (const result of results) {
    if (result.outcome === "rejected") reasons.set(result.reason, (reasons.get(result.reason) ?? 0) + 1);
  }
  return [...reasons].map(([reason, count]) => line({ environment, reason }, { Failed: ["Count", count] }, now));
};

/** The lines to log for one batch. Metrics: Spoken, Skipped, Failed (also by reason), HandedBack, Characters, Latency. */
export const metricLines = (environment: string, results: readonly Measured[], now = Date.now()): string[] => {
  const lines: string[] = [];
  for (let from = 0; from < results.length; from += VALUES) {
    lines.push(summary(environment, results.slice(from, from + VALUES), now));
  }
  return [...lines, ...failures(environment, results, now)];
};
