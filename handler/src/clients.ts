import { PollyClient } from "@aws-sdk/client-polly";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { NodeHttpHandler } from "@smithy/node-http-handler";

export interface Clients {
  readonly polly: PollyClient;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

/** Milliseconds. A service that is silent for that long is not going to answer; a live one keeps sending. */
const TIMEOUTS = { connectionTimeout: 2_000, socketTimeout: 5_000 };

/**
 * Made once, so that connections outlive an invocation. Retries are ours (see retry.ts). Polly's client would speak HTTP/2 with one
 * session per call, which costs a TLS handshake each time; kept HTTP/1.1 connections cost none.
 */
export const createClients = (timeouts = TIMEOUTS): Clients => {
  const options = { maxAttempts: 1, requestHandler: new NodeHttpHandler(timeouts) };
  return { polly: new PollyClient(options), s3: new S3Client(options), sqs: new SQSClient(options) };
};
