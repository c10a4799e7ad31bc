import type { DynamoDBBatchResponse, DynamoDBRecord } from "aws-lambda";

/** An event source mapping of a DynamoDB stream, as the Lambda developer guide describes it. */
export interface Mapping {
  readonly batchSize: number;
  readonly bisect: boolean;
  /** -1: until a record expires. */
  readonly retries: number;
  /** Invocations after which a record is too old; -1: never. Time is counted in invocations here. */
  readonly maximumAge: number;
}

export interface Delivered {
  /** Sequence numbers of the records that ended in the on-failure destination, with the reason. */
  readonly destination: Map<string, "RetryAttemptsExhausted" | "MaxRecordAgeExceeded">;
  readonly invocations: number;
}

type Invoke = (records: DynamoDBRecord[]) => Promise<DynamoDBBatchResponse>;
type Outcome = { readonly kind: "done" | "error" } | { readonly kind: "partial"; readonly at: number };

const sequenceOf = (record: DynamoDBRecord): string => record.dynamodb?.SequenceNumber ?? "";

/** The lowest returned number is the checkpoint; one that is not in the batch fails the batch as a whole. */
const outcomeOf = async (batch: DynamoDBRecord[], invoke: Invoke): Promise<Outcome> => {
  try {
    const failures = (await invoke(batch)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    if (failures.length === 0) return { kind: "done" };
    const positions = failures.map((failure) => batch.findIndex((record) => sequenceOf(record) === failure));
    return positions.includes(-1) ? { kind: "error" } : { kind: "partial", at: Math.min(...positions) };
  } catch {
    return { kind: "error" };
  }
};

/** Feeds a shard's records through the mapping until each was acknowledged or given to the destination. */
export const deliver = async (
  records: readonly DynamoDBRecord[],
  mapping: Mapping,
  invoke: Invoke,
): Promise<Delivered> => {
  const destination: Delivered["destination"] = new Map();
  let invocations = 0;

  const giveUp = (batch: DynamoDBRecord[], why: "RetryAttemptsExhausted" | "MaxRecordAgeExceeded") => {
    for (const record of batch) destination.set(sequenceOf(record), why);
  };

  /** Splitting is no retry: halves keep the number of tries. With a partial response only the rest is tried again. */
  const attempt = async (batch: DynamoDBRecord[], tries: number, born: number): Promise<void> => {
    if (mapping.retries >= 0 && tries > mapping.retries) return giveUp(batch, "RetryAttemptsExhausted");
    if (mapping.maximumAge >= 0 && invocations - born > mapping.maximumAge)
      return giveUp(batch, "MaxRecordAgeExceeded");
    invocations += 1;
    const outcome = await outcomeOf(batch, invoke);
    if (outcome.kind === "done") return;
    const rest = outcome.kind === "partial" ? batch.slice(outcome.at) : batch;
    if (!mapping.bisect || outcome.kind === "partial" || rest.length < 2) return attempt(rest, tries + 1, born);
    const middle = Math.ceil(rest.length / 2);
    await attempt(rest.slice(0, middle), tries, born);
    await attempt(rest.slice(middle), tries, born);
  };

  for (let from = 0; from < records.length; from += mapping.batchSize) {
    await attempt(records.slice(from, from + mapping.batchSize), 0, invocations);
  }
  return { destination, invocations };
};
