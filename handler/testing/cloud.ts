import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { FailedRecord } from "../src/failed";
import { type BucketOptions, createBucket } from "./bucket";
import { createPolly, type PollyOptions } from "./polly";

export interface CloudOptions {
  readonly polly?: PollyOptions;
  readonly bucket?: BucketOptions;
  /** Called before a message is taken. A number is the status it fails with. */
  readonly beforeSend?: () => number | undefined;
}

export const BUCKET = "ttsslsguru-audio";

/** The function's whole environment for this cloud. */
export const environmentFor = (endpoint: string): Record<string, string> => ({
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "dummy",
  AWS_SECRET_ACCESS_KEY: "dummy",
  AWS_ENDPOINT_URL: endpoint,
  ENVIRONMENT: "dev",
  AUDIO_BUCKET: BUCKET,
  FAILED_QUEUE_URL: `${endpoint}/111111111111/ttsslsguru-failed`,
});

const createQueue = (beforeSend: CloudOptions["beforeSend"]) => {
  const messages: FailedRecord[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { MessageBody } = JSON.parse(await text(request)) as { MessageBody: string };
    const failure = beforeSend?.();
    if (failure !== undefined) {
      response.writeHead(failure).end("{}");
      return;
    }
    messages.push(JSON.parse(MessageBody) as FailedRecord);
    const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
    response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
    response.end(JSON.stringify({ MessageId: "1", MD5OfMessageBody }));
  };
  return { handle, messages };
};

/** Polly, one bucket and one queue on loopback, for the real SDK to talk to. Call `stop` at the end. */
export const startCloud = async (options: CloudOptions = {}) => {
  const polly = createPolly(options.polly ?? {});
  const bucket = createBucket(options.bucket ?? {});
  const queue = createQueue(options.beforeSend);
  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (path === "/v1/speech") await polly.handle(request, response);
    else if (path.startsWith(`/${BUCKET}/`)) {
      await bucket.handle(decodeURIComponent(path.slice(BUCKET.length + 2)), request, response);
    } else await queue.handle(request, response);
  };
  const server = createServer((request, response) => {
    route(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((stopped) => server.close(stopped));
  };
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { endpoint, polly: polly.statistics, bucket, queue: queue.messages, stop };
};

export type Cloud = Awaited<ReturnType<typeof startCloud>>;
