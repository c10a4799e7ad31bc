import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { messageOf } from "../lib/errors";
import { assertLoopback } from "./isolation";
import { type Classified, classify } from "./proxy/classify";
import { createFaults, errorAnswer, type Fault, type Injected } from "./proxy/faults";

export type { Fault, FaultKind } from "./proxy/faults";
export { ACCESS_DENIED, EXPIRED_TOKEN, SERVICE_UNAVAILABLE, THROTTLED } from "./proxy/faults";

/** One call to the emulated AWS. */
export interface ApiCall extends Classified {
  /** ISO 8601 */
  readonly time: string;
  readonly method: string;
  /** Without the query, which may hold a signature. */
  readonly path: string;
  /** The program that asked, from its User-Agent, e.g. `terraform-provider-aws`. */
  readonly client: string;
  /** HTTP status of the answer; 0 while there is none, and when the connection broke. */
  status: number;
  milliseconds: number;
}

export interface CallFilter {
  /** Only calls after this position, as `position()` gave it. */
  readonly since?: number;
  /** S3 calls to these buckets do not count: the buckets that hold state. */
  readonly ignoreBuckets?: readonly string[];
}

export interface RecordingProxy {
  /** `http://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** How many calls there were so far. */
  position(): number;
  /** All calls in the order in which they came, also those without an answer yet. */
  calls(filter?: CallFilter): readonly ApiCall[];
  /** The calls that may have changed something; a call that is not known counts, a refused one too. */
  mutations(filter?: CallFilter): readonly ApiCall[];
  /** Makes calls fail, for tests. */
  inject(fault: Fault): Injected;
  stop(): Promise<void>;
}

/** Enough of a body to name the call; the rest passes through unseen. */
const LOOK_AT = 64 * 1024;
const HOP_BY_HOP = new Set(["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "expect"]);
const CLIENTS = ["terraform-provider-aws", "Terraform", "pulumi", "aws-sdk-js", "aws-sdk-go-v2", "Boto3"];

const clientOf = (userAgent = ""): string =>
  CLIENTS.find((name) => userAgent.toLowerCase().includes(name.toLowerCase())) ?? userAgent.split(/[ /]/)[0] ?? "";

const throughHeaders = (headers: IncomingMessage["headers"]): IncomingMessage["headers"] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));

/** Reads until the end or until enough is there to name the call. Nothing is lost: the chunks are sent on. */
const beginningOf = async (request: IncomingMessage): Promise<{ chunks: Buffer[]; complete: boolean }> => {
  const chunks: Buffer[] = [];
  let length = 0;
  const iterator = request.iterator({ destroyOnReturn: false });
  for await (const chunk of iterator as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= LOOK_AT) return { chunks, complete: false };
  }
  return { chunks, complete: true };
};

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly chunks: readonly Buffer[];
  readonly complete: boolean;
}

/** Cuts like a broken network: RST, no orderly end. */
const reset = (response: ServerResponse): void => {
  response.socket?.resetAndDestroy();
};

const passOn = (answer: IncomingMessage, response: ServerResponse, cutAfter: number | undefined): void => {
  response.writeHead(answer.statusCode ?? 502, throughHeaders(answer.headers));
  if (cutAfter === undefined) {
    answer.pipe(response);
    return;
  }
  let passed = 0;
  answer.on("data", (chunk: Buffer) => {
    if (passed + chunk.length < cutAfter) {
      passed += chunk.length;
      response.write(chunk);
      return;
    }
    // The cut must not overtake the bytes before it.
    response.write(chunk.subarray(0, cutAfter - passed), () => reset(response));
    answer.destroy();
  });
  answer.on("end", () => response.end());
};

const forward = (
  target: URL,
  agent: Agent,
  { request, response, chunks, complete }: Exchange,
  cutAfter: number | undefined,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const upstream = httpRequest({
      agent,
      host: target.hostname,
      port: target.port,
      method: request.method,
      path: request.url,
      // The Host header stays as the client signed it.
      headers: throughHeaders(request.headers),
    });
    upstream.on("error", reject);
    upstream.on("response", (answer) => {
      answer.on("error", reject);
      response.once("close", () => resolve(answer.statusCode ?? 0));
      passOn(answer, response, cutAfter);
    });
    response.once("close", () => {
      if (!response.writableFinished) upstream.destroy(new Error("the client went away"));
    });
    for (const chunk of chunks) upstream.write(chunk);
    if (complete) upstream.end();
    else request.pipe(upstream);
  });

const usesJson = (request: IncomingMessage, call: Classified): boolean =>
  call.service === "lambda" || request.headers["x-amz-target"] !== undefined;

export interface ProxyOptions {
  /** Base URL of the emulator. */
  readonly target: string;
  /** Takes one JSON object per finished call. */
  readonly logFile: string;
}

/**
 * Stands between the tools of the migration and the emulator, and writes down every call. Whoever is not to be seen, as
 * the traffic and the function, talks to the emulator itself.
 */
export const startProxy = async ({ target, logFile }: ProxyOptions): Promise<RecordingProxy> => {
  const url = new URL(assertLoopback(target));
  await mkdir(dirname(logFile), { recursive: true });
  await rm(logFile, { force: true });
  const log = createWriteStream(logFile, { mode: 0o600 });
  const agent = new Agent({ keepAlive: true, timeout: 30_000 });
  const faults = createFaults();
  const calls: ApiCall[] = [];

  const begin = (request: IncomingMessage, chunks: readonly Buffer[]): ApiCall => {
    const method = request.method ?? "GET";
    const path = request.url ?? "/";
    const body = Buffer.concat(chunks).toString("utf8");
    const named = classify({ method, url: path, headers: request.headers, body });
    const client = clientOf(request.headers["user-agent"]);
    const time = new Date().toISOString();
    const call: ApiCall = {
      time,
      ...named,
      method,
      path: path.split("?")[0] ?? "",
      client,
      status: 0,
      milliseconds: 0,
    };
    calls.push(call);
    return call;
  };

  const answer = async (exchange: Exchange, call: ApiCall): Promise<number> => {
    const effect = faults.strike(call);
    const { request, response } = exchange;
    if (effect?.kind === "stall") return new Promise((resolve) => response.once("close", () => resolve(0)));
    if (effect?.kind === "error") {
      const { status, headers, body } = errorAnswer(call.service, usesJson(request, call), effect);
      // What is left of a long body must be read before the next request on this connection.
      request.resume();
      response.writeHead(status, headers).end(body);
      return status;
    }
    return forward(url, agent, exchange, effect?.afterBytes);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const began = performance.now();
    const { chunks, complete } = await beginningOf(request);
    const call = begin(request, chunks);
    let problem: string | undefined;
    try {
      call.status = await answer({ request, response, chunks, complete }, call);
    } catch (error) {
      problem = messageOf(error);
      // As a client would see the emulator itself break off.
      reset(response);
    }
    call.milliseconds = Math.round(performance.now() - began);
    log.write(`${JSON.stringify(problem === undefined ? call : { ...call, problem })}\n`);
  };

  const server = createServer((request, response) => {
    // The client broke off before its request was complete: there was no call.
    handle(request, response).catch(() => reset(response));
  });
  // Long imports pause between calls; a connection that ends meanwhile would look like a fault of AWS.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const select = ({ since = 0, ignoreBuckets = [] }: CallFilter = {}): ApiCall[] =>
    calls.slice(since).filter(({ bucket }) => bucket === undefined || !ignoreBuckets.includes(bucket));

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    position: () => calls.length,
    calls: select,
    mutations: (filter) => select(filter).filter(({ mutating }) => mutating),
    inject: faults.add,
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      agent.destroy();
      await new Promise<void>((resolve) => log.end(resolve));
    },
  };
};
