import { createWriteStream } from "node:fs";
import { readFile, unlink } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { PollyClient, SynthesizeSpeechCommand } from "@aws-sdk/client-polly";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { DynamoDBStreamEvent } from "aws-lambda";

// The baseline: the handler as tutorials write it. One record after the other, through a temporary file, no check of anything. It is
// built with the SDK left outside, as it is when a function takes the SDK from node_modules or from the runtime.

const polly = new PollyClient({});
const s3 = new S3Client({});

export const handler = async (event: DynamoDBStreamEvent): Promise<void> => {
  for (const { dynamodb } of event.Records) {
    const id = dynamodb?.NewImage?.Id?.N;
    const text = dynamodb?.NewImage?.text?.S;
    const { AudioStream } = await polly.send(
      new SynthesizeSpeechCommand({ OutputFormat: "mp3", VoiceId: "Joey", Text: text }),
    );
    const file = `/tmp/${id}.mp3`;
    await pipeline(AudioStream as Readable, createWriteStream(file));
    await s3.send(
      new PutObjectCommand({ Bucket: process.env.AUDIO_BUCKET, Key: `${id}.mp3`, Body: await readFile(file) }),
    );
    await unlink(file);
  }
};
