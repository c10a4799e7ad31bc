import { createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { POLLY_LIMITS } from "../src/limits";
import { environmentFor, startCloud } from "../testing/cloud";
import { createPolly, type PollyStatistics } from "../testing/polly";

/** As Polly: 120 ms to the first byte, the limits of its standard voices; 128 frames are 3.3 s of sound, 20 kB. */
const POLLY = { latency: 120, limits: POLLY_LIMITS.standard, frames: 128 };

export interface BenchCloud {
  /** The environment of a function, with Polly over HTTP/1.1. */
  readonly environment: Record<string, string>;
  /** The same with Polly over HTTP/2, which the SDK's client speaks unless it is told otherwise. */
  readonly http2Environment: Record<string, string>;
  readonly polly: PollyStatistics;
  readonly stop: () => Promise<void>;
}

/** The baseline must not be slower for want of the protocol it chose. */
const startHttp2Polly = async (): Promise<{ endpoint: string; server: Http2Server }> => {
  const polly = createPolly(POLLY);
  const server = createServer((request, response) => {
    polly.handle(request as never, response as never).catch(() => response.stream.close());
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
};

export const startBenchCloud = async (): Promise<BenchCloud> => {
  const cloud = await startCloud({ polly: POLLY });
  const http2 = await startHttp2Polly();
  const environment = environmentFor(cloud.endpoint);
  return {
    environment,
    http2Environment: { ...environment, AWS_ENDPOINT_URL_POLLY: http2.endpoint },
    polly: cloud.polly,
    stop: async () => {
      http2.server.close();
      await cloud.stop();
    },
  };
};
