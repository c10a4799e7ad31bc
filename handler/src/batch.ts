import { OutOfTime } from "./errors";
import type { Time } from "./time";

/** What became of one record. Everything but `handed-back` is final. */
export type Result<T> = T | { readonly outcome: "handed-back"; readonly error: unknown };

export interface BatchOptions<R, T> {
  /** Records with the same key are worked one after the other, in their order. */
  readonly keyOf: (record: R) => string;
  /** Works on one record; when it throws, the record is handed back to the stream. */
  readonly work: (record: R) => Promise<T>;
  /** Keys worked on at once. */
  readonly concurrent: number;
  /** Milliseconds: with less time left no further record is begun. */
  readonly enough: number;
  readonly time: Time;
}

const groupBy = <R>(records: readonly R[], keyOf: (record: R) => string): number[][] => {
  const groups = new Map<string, number[]>();
  records.forEach((record, index) => {
    const group = groups.get(keyOf(record));
    if (group === undefined) groups.set(keyOf(record), [index]);
    else group.push(index);
  });
  return [...groups.values()];
};

/** Takes the next piece of work whenever one of `workers` is free. */
const inParallel = async <W>(items: readonly W[], workers: number, work: (item: W) => Promise<void>): Promise<void> => {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(workers, items.length) }, worker));
};

/**
 * Works a batch and returns one result per record, in the order of the batch. Once a record of a key is handed back, the later
 * ones of that key are too: they come again with it, and must not overtake it.
 */
export const workBatch = async <R, T>(records: readonly R[], options: BatchOptions<R, T>): Promise<Result<T>[]> => {
  const { keyOf, work, concurrent, enough, time } = options;
  const results = new Array<Result<T>>(records.length);
  const workGroup = async (group: number[]): Promise<void> => {
    let stopped: unknown;
    for (const index of group) {
      if (stopped === undefined && time.left() < enough) stopped = new OutOfTime("not begun");
      if (stopped === undefined) {
        try {
          results[index] = await work(records[index] as R);
          continue;
        } catch (error) {
          stopped = error ?? new Error("unknown");
        }
      }
      results[index] = { outcome: "handed-back", error: stopped };
    }
  };
  await inParallel(groupBy(records, keyOf), concurrent, workGroup);
  return results;
};
