import { request } from "node:http";
import { UserError } from "../lib/errors";
import { assertLoopback } from "./isolation";

export interface Fetched {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** Whether the distribution answered, and not the bucket. */
  readonly throughDistribution: boolean;
}

/**
 * Fetches a file as a listener would. The distribution's name leads to the emulator by the Host header, and its TLS is
 * said to have ended before it.
 * @param audioUrl the pipeline's output, e.g. `https://d111.cloudfront.net`
 */
export const fetchThroughDistribution = (endpoint: string, audioUrl: string, path: string): Promise<Fetched> => {
  const { hostname, protocol } = new URL(audioUrl);
  const headers = { host: hostname, "x-forwarded-proto": protocol.replace(":", "") };
  return new Promise((resolve, reject) => {
    const ask = request(`${assertLoopback(endpoint)}/${path}`, { headers, timeout: 30_000 }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({
          status: answer.statusCode ?? 0,
          contentType: answer.headers["content-type"] ?? "",
          body: Buffer.concat(chunks),
          throughDistribution: /CloudFront/.test(String(answer.headers.via)),
        }),
      );
    });
    ask.on("timeout", () => ask.destroy(new UserError(`${audioUrl}/${path} did not answer within 30 s`)));
    ask.on("error", reject);
    ask.end();
  });
};
