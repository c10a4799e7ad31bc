import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { type Result, workBatch } from "./batch";
import type { Config } from "./config";
import { errorName, Misconfigured, Rejected } from "./errors";
import type { FailedQueue } from "./failed";
import { recordsAtOnce } from "./limits";
import { createLog, type Log, type WriteLine } from "./log";
import { type Measured, metricLines } from "./metrics";
import { isRemoval, parseRecord, sequenceOf } from "./record";
import type { Speaker } from "./speech";
import type { Store } from "./store";
import { type Time, timeFor } from "./time";

export interface Parts {
  readonly config: Config;
  readonly speaker: Speaker;
  readonly store: Store;
  readonly failed: FailedQueue;
  readonly write: WriteLine;
}

/** What the handler reads of Lambda's context. */
export type Invocation = Pick<Context, "awsRequestId" | "getRemainingTimeInMillis">;

export type Handler = (event: DynamoDBStreamEvent, invocation: Invocation) => Promise<DynamoDBBatchResponse>;

/**
 * Milliseconds without which a record is not begun: a short text needs well under a second. A fifth of the whole time at most, so that a
 * function with a short timeout still works.
 */
const enoughOf = (time: Time): number => Math.min(2_000, time.left() / 5);

type Final = Exclude<Measured, { outcome: "handed-back" }>;

const workRecord = async (parts: Parts, record: DynamoDBRecord, requestId: string, time: Time): Promise<Final> => {
  if (isRemoval(record)) return { outcome: "removed" };
  const begun = performance.now();
  try {
    const request = parseRecord(record, parts.config.language);
    const outcome = await parts.store.put(request, () => parts.speaker.speak(request.speech, time), time);
    if (outcome !== "stored") return { outcome };
    const milliseconds = Math.round(performance.now() - begun);
    return { outcome, characters: request.speech.characters, milliseconds };
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    // Only when the queue has it is the record done; otherwise it is handed back like any other failure.
    await parts.failed.send(record, error.reason, requestId, time);
    return { outcome: "rejected", reason: error.reason };
  }
};

const logRecord = (log: Log, record: DynamoDBRecord, result: Result<Final>): void => {
  const { outcome } = result;
  const fields = { eventId: record.eventID, id: record.dynamodb?.Keys?.Id?.N, sequence: sequenceOf(record) };
  if (outcome === "handed-back") log("warn", "record", { ...fields, outcome, error: errorName(result.error) });
  else log(outcome === "rejected" ? "error" : "info", "record", { ...fields, ...result });
};

/** Lambda goes on from the lowest number it is given, so the first record handed back says it all. */
const answer = (records: readonly DynamoDBRecord[], results: readonly Result<Final>[]): DynamoDBBatchResponse => {
  const first = records.find((_, index) => results[index]?.outcome === "handed-back");
  return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: sequenceOf(first) }] };
};

/**
 * A fault of the deployment fails the invocation: Lambda counts that as an error, which alarms watch, and a partial response it does not.
 * Nothing is lost either way, because what was stored is skipped when the batch comes again.
 */
const failIfMisconfigured = (results: readonly Result<Final>[]): void => {
  for (const result of results) {
    if (result.outcome === "handed-back" && result.error instanceof Misconfigured) throw result.error;
  }
};

const itemOf = (record: DynamoDBRecord): string => JSON.stringify(record.dynamodb?.Keys ?? {});

export const createHandler =
  (parts: Parts): Handler =>
  async (event, invocation) => {
    const records = event.Records;
    // Before any work: without its number a record could be neither handed back nor acknowledged.
    for (const record of records) sequenceOf(record);
    const time = timeFor(() => invocation.getRemainingTimeInMillis());
    const requestId = invocation.awsRequestId;
    const work = (record: DynamoDBRecord) => workRecord(parts, record, requestId, time);
    const concurrent = recordsAtOnce(parts.config.engine);
    const results = await workBatch(records, { keyOf: itemOf, work, concurrent, enough: enoughOf(time), time });
    const log = createLog(parts.write, { requestId });
    for (const [index, record] of records.entries()) logRecord(log, record, results[index] as Result<Final>);
    for (const line of metricLines(parts.config.environment, results)) parts.write(line);
    failIfMisconfigured(results);
    return answer(records, results);
  };
