import type { AttributeValue, DynamoDBRecord } from "aws-lambda";
import { Rejected } from "./errors";
import { planSpeech, type Speech } from "./text";

/** Where a record stands in the life of the table. Later streams of the table have later labels. */
export interface Position {
  /** The stream's label, an ISO time: sequence numbers can be compared only within one stream. */
  readonly stream: string;
  readonly sequence: string;
}

export interface Request {
  readonly id: string;
  readonly text: string;
  readonly speech: Speech;
  readonly position: Position;
}

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);

/**
 * The sequence number, without which a failure cannot be reported: answering with an empty one would make Lambda take the
 * whole batch as failed, and leaving it out would lose the record.
 */
export const sequenceOf = (record: DynamoDBRecord): string => {
  const sequence = record.dynamodb?.SequenceNumber;
  if (sequence === undefined || !/^\d+$/.test(sequence)) {
    throw new Error(`Record ${record.eventID ?? "without id"} has no usable SequenceNumber.`);
  }
  return sequence;
};

const labelOf = (record: DynamoDBRecord): string => record.eventSourceARN?.split("/stream/")[1] ?? "";

export const positionOf = (record: DynamoDBRecord): Position => ({
  stream: labelOf(record),
  sequence: sequenceOf(record),
});

const parseId = (id: AttributeValue | undefined): string => {
  if (id === undefined) throw new Rejected("id-missing", "the item has no Id");
  if (id.N === undefined || !isNumber(id.N)) throw new Rejected("id-not-a-number", "Id is not a number");
  return id.N;
};

const parseText = (text: AttributeValue | undefined): string => {
  if (text === undefined) throw new Rejected("text-missing", "the item has no text");
  if (text.S === undefined) throw new Rejected("text-not-a-string", "text is not a string");
  return text.S;
};

/** A removed item has nothing to say; its audio stays, because a link to it may have been given away. */
export const isRemoval = (record: DynamoDBRecord): boolean => record.eventName === "REMOVE";

/** What one record asks for. Throws `Rejected` with the reason when it can never be spoken. */
export const parseRecord = (record: DynamoDBRecord, language: string): Request => {
  const image = record.dynamodb?.NewImage;
  if (image === undefined) throw new Rejected("no-image", "the record has no new image");
  const id = parseId(image.Id);
  const text = parseText(image.text);
  return { id, text, speech: planSpeech(text, language), position: positionOf(record) };
};
