import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { DynamoDBRecord } from "aws-lambda";
import type { Config } from "./config";
import type { Reason } from "./errors";
import { type RetryOptions, withRetries } from "./retry";
import type { Time } from "./time";

/**
 * A record that can never be spoken, as it stands in the queue. It says which item and why; the text itself may be private and
 * stays in the table, where `keys` finds it. A replay can bring it again: `eventId` tells them apart.
 */
export interface FailedRecord {
  readonly version: 1;
  readonly kind: "record-rejected";
  readonly environment: string;
  readonly reason: Reason;
  readonly keys: Record<string, unknown>;
  readonly eventId: string | undefined;
  readonly eventName: string | undefined;
  readonly sequenceNumber: string | undefined;
  readonly stream: string | undefined;
  readonly requestId: string;
}

export interface FailedQueue {
  send(record: DynamoDBRecord, reason: Reason, requestId: string, time: Time): Promise<void>;
}

export const failedRecord = (
  record: DynamoDBRecord,
  reason: Reason,
  environment: string,
  requestId: string,
): FailedRecord => ({
  version: 1,
  kind: "record-rejected",
  environment,
  reason,
  keys: record.dynamodb?.Keys ?? {},
  eventId: record.eventID,
  eventName: record.eventName,
  sequenceNumber: record.dynamodb?.SequenceNumber,
  stream: record.eventSourceARN,
  requestId,
});

export const createFailedQueue = (sqs: SQSClient, config: Config, retries?: RetryOptions): FailedQueue => ({
  send: async (record, reason, requestId, time) => {
    const MessageBody = JSON.stringify(failedRecord(record, reason, config.environment, requestId));
    const command = new SendMessageCommand({ QueueUrl: config.failedQueueUrl, MessageBody });
    await withRetries(() => sqs.send(command, { abortSignal: time.signal }), time, retries);
  },
});
