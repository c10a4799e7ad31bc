import type { AttributeValue, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import type { Invocation } from "../src/handler";

export const STREAM = "arn:aws:dynamodb:us-east-1:111111111111:table/ttsslsguru/stream/2026-01-01T00:00:00.000";

/** Real ones have up to 40 digits, more than a number holds exactly. */
export const sequence = (n: number): string => `3000000000000000000${String(n).padStart(6, "0")}`;

/** A stream record as Lambda delivers it. */
export const record = (
  n: number,
  id: number | string,
  image: Record<string, AttributeValue> | undefined,
): DynamoDBRecord => ({
  eventID: `event-${n}`,
  eventName: "INSERT",
  eventVersion: "1.1",
  eventSource: "aws:dynamodb",
  awsRegion: "us-east-1",
  eventSourceARN: STREAM,
  dynamodb: {
    ApproximateCreationDateTime: 1_790_000_000,
    Keys: { Id: { N: String(id) } },
    ...(image === undefined ? {} : { NewImage: { Id: { N: String(id) }, ...image } }),
    SequenceNumber: sequence(n),
    SizeBytes: 20,
    StreamViewType: "NEW_IMAGE",
  },
});

export const put = (n: number, id: number | string, text: string): DynamoDBRecord =>
  record(n, id, { text: { S: text } });

export const removal = (n: number, id: number | string): DynamoDBRecord => ({
  ...record(n, id, undefined),
  eventName: "REMOVE",
});

export const event = (...records: DynamoDBRecord[]): DynamoDBStreamEvent => ({ Records: records });

/** An invocation with so many milliseconds until Lambda would kill it. */
export const invocation = (milliseconds = 30_000): Invocation => {
  const end = performance.now() + milliseconds;
  return { awsRequestId: "request-1", getRemainingTimeInMillis: () => end - performance.now() };
};
