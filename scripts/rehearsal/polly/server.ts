import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { messageOf } from "../../lib/errors";
import type { Gate } from "./permission";
import { PollyError, parseSpeech } from "./requests";
import { speak } from "./speech";

/** What was asked of this Polly since it started. */
export interface PollyStatistics {
  /** Requests answered with audio. */
  readonly spoken: number;
  readonly characters: number;
  /** Requests answered with an error, by its type. */
  readonly refused: Readonly<Record<string, number>>;
  /** Milliseconds spent on answers with audio. */
  readonly milliseconds: number;
}

/** An error to answer with, for the next `times` requests. */
export interface PollyFault {
  readonly status: number;
  readonly type: string;
  readonly times: number;
}

/** What an object with this audio looks like in S3. */
export interface Audio {
  readonly bytes: number;
  /** Hexadecimal, as in an S3 ETag. */
  readonly md5: string;
}

const read = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
};

const json = (response: ServerResponse, status: number, value: unknown, headers = {}): void => {
  response.writeHead(status, { "content-type": "application/json", "x-amzn-requestid": randomUUID(), ...headers });
  response.end(JSON.stringify(value));
};

const fail = (response: ServerResponse, error: unknown): PollyError => {
  const known = error instanceof PollyError ? error : new PollyError(500, "ServiceFailureException", messageOf(error));
  json(response, known.status, { message: known.message }, { "x-amzn-errortype": known.type });
  return known;
};

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The AWS SDK's Polly client speaks HTTP/2 and knows it beforehand, curl and fetch speak HTTP/1.1: both on one port. The
 * first bytes of a connection tell which it is.
 */
const serveBothVersions = (listener: Listener): Server => {
  const http1 = createServer(listener);
  // The compatible part of both kinds of request and response is all that is used here.
  const http2 = createHttp2Server((request, response) =>
    listener(request as unknown as IncomingMessage, response as unknown as ServerResponse),
  );
  const choose = (socket: Socket): void => {
    const first: Buffer | null = socket.read();
    if (first === null) return;
    socket.unshift(first);
    const target = first.subarray(0, 3).equals(Buffer.from("PRI")) ? http2 : http1;
    target.emit("connection", socket);
  };
  return createTcpServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("readable", () => choose(socket));
  });
};

/**
 * Serves Polly's SynthesizeSpeech, and beside it under `/_rehearsal/` what a test needs to know: `statistics`,
 * `expected` (the audio of a request, which is not counted) and `fault`.
 */
export const pollyServer = (gate: Gate): Server => {
  const statistics = { spoken: 0, characters: 0, refused: {} as Record<string, number>, milliseconds: 0 };
  let fault: PollyFault | undefined;

  const failIfToldTo = (): void => {
    if (!fault || fault.times < 1) return;
    fault = { ...fault, times: fault.times - 1 };
    throw new PollyError(fault.status, fault.type, "told to fail");
  };

  const synthesize = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const began = performance.now();
    try {
      const body = await read(request);
      failIfToldTo();
      await gate.check(request.headers.authorization);
      const speech = parseSpeech(body);
      const audio = await speak(speech);
      response.writeHead(200, {
        "content-type": "audio/mpeg",
        "content-length": audio.length,
        "x-amzn-requestcharacters": speech.characters,
        "x-amzn-requestid": randomUUID(),
      });
      response.end(audio);
      statistics.spoken += 1;
      statistics.characters += speech.characters;
      statistics.milliseconds += performance.now() - began;
    } catch (error) {
      const { type } = fail(response, error);
      statistics.refused[type] = (statistics.refused[type] ?? 0) + 1;
    }
  };

  const expected = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const audio = await speak(parseSpeech(await read(request)));
    const answer: Audio = { bytes: audio.length, md5: createHash("md5").update(audio).digest("hex") };
    json(response, 200, answer);
  };

  const routes: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void>> = {
    "POST /v1/speech": synthesize,
    "POST /_rehearsal/expected": expected,
    "GET /_rehearsal/statistics": async (_request, response) => json(response, 200, statistics),
    "POST /_rehearsal/fault": async (request, response) => {
      fault = JSON.parse(await read(request)) as PollyFault;
      json(response, 200, {});
    },
  };

  return serveBothVersions((request, response) => {
    const route = routes[`${request.method} ${request.url?.split("?")[0]}`];
    const unknown = new PollyError(404, "UnknownOperationException", `${request.method} ${request.url} is not offered`);
    const answered = route ? route(request, response) : Promise.reject(unknown);
    answered.catch((error: unknown) => fail(response, error));
  });
};
