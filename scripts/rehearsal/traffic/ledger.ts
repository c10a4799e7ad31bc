/** What became of the requests that were sent in one stage, or in all. */
export interface StageTraffic {
  readonly name: string;
  readonly sent: number;
  readonly spoken: number;
  readonly lost: number;
  /** Milliseconds from sending the item to seeing its audio; null if none was spoken. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

export interface TrafficReport extends Omit<StageTraffic, "name"> {
  readonly stages: readonly StageTraffic[];
  /** Why requests were lost, each with its Id; at most 20. */
  readonly problems: readonly string[];
}

interface Entry {
  readonly id: number;
  readonly text: string;
  readonly stage: number;
  readonly sentAt: number;
  latency?: number;
  problem?: string;
}

export interface Ledger {
  mark(stage: string): void;
  sent(id: number, text: string, now: number): void;
  /** The object with the right audio was seen. */
  spoken(id: number, now: number): void;
  /** Something that stands in the way; forgotten if the request is spoken after all. */
  problem(id: number, what: string): void;
  outstanding(): readonly { readonly id: number; readonly text: string }[];
  report(): TrafficReport;
}

/** The smallest value that at least this share of all values does not exceed. */
export const percentile = (values: readonly number[], share: number): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
};

const round = (value: number | null): number | null => (value === null ? null : Math.round(value));

const summary = (entries: readonly Entry[]): Omit<StageTraffic, "name"> => {
  const latencies = entries.flatMap(({ latency }) => (latency === undefined ? [] : [latency]));
  return {
    sent: entries.length,
    spoken: latencies.length,
    lost: entries.length - latencies.length,
    p50Ms: round(percentile(latencies, 0.5)),
    p99Ms: round(percentile(latencies, 0.99)),
    maxMs: round(percentile(latencies, 1)),
  };
};

/** Books every request under the stage in which it was sent, whenever it is answered. Times in milliseconds. */
export const createLedger = (firstStage: string): Ledger => {
  const stages = [firstStage];
  const entries = new Map<number, Entry>();
  const open = new Map<number, Entry>();
  return {
    mark: (stage) => void stages.push(stage),
    sent: (id, text, now) => {
      const entry: Entry = { id, text, stage: stages.length - 1, sentAt: now };
      entries.set(id, entry);
      open.set(id, entry);
    },
    spoken: (id, now) => {
      const entry = open.get(id);
      if (!entry) return;
      entry.latency = now - entry.sentAt;
      open.delete(id);
    },
    problem: (id, what) => {
      const entry = open.get(id);
      if (entry) entry.problem = what;
    },
    outstanding: () => [...open.values()],
    report: () => {
      const all = [...entries.values()];
      const of = (stage: number): Entry[] => all.filter((entry) => entry.stage === stage);
      const problems = [...open.values()].slice(0, 20);
      return {
        ...summary(all),
        stages: stages.map((name, index) => ({ name, ...summary(of(index)) })),
        problems: problems.map(({ id, problem }) => `${id}: ${problem ?? "no audio in the bucket"}`),
      };
    },
  };
};
