import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { FRAME_BYTES, spoken } from "./audio";

/** What Polly does with one call. */
export type Behaviour =
  | "speak"
  | "throttle"
  | "break"
  | "refuse-ssml"
  | "deny"
  /** No answer at all. */
  | "stall"
  /** Half of the audio, then silence. */
  | "stall-within"
  /** The first frame, whole, then the connection is gone: only the connection tells. */
  | "cut"
  /** Half of the audio as if it were all: only the frames tell. */
  | "short"
  | "garbage";

export interface PollyOptions {
  /** What to do with the nth call (from 0) for this text. */
  behave?: (text: string, n: number) => Behaviour;
  /** Milliseconds until the first byte. */
  latency?: number;
  /** Length of each audio; default 3. One is 156 bytes and 26 ms of sound. */
  frames?: number;
  /** As the service's own: beyond them it throttles. */
  limits?: { readonly perSecond: number; readonly burst: number; readonly concurrent: number };
}

export interface PollyStatistics {
  /** Texts of all calls, in order of arrival. */
  readonly texts: string[];
  throttled: number;
  underWay: number;
  mostUnderWay: number;
}

/** Plain text of an SDK request body. */
const bodyOf = async (request: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
};

const fail = (response: ServerResponse, status: number, name: string): void => {
  response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": name });
  response.end(JSON.stringify({ message: name }));
};

/** A bucket of tokens, as services count calls per second. */
const createTokens = ({ perSecond, burst }: { perSecond: number; burst: number }) => {
  let tokens = burst;
  let at = performance.now();
  return (): boolean => {
    tokens = Math.min(burst, tokens + ((performance.now() - at) / 1_000) * perSecond);
    at = performance.now();
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
};

const answer = async (response: ServerResponse, behaviour: Behaviour, audio: Buffer): Promise<void> => {
  const half = audio.subarray(0, Math.floor(audio.length / 2));
  if (behaviour === "stall") return;
  if (behaviour === "throttle") return fail(response, 400, "ThrottlingException");
  if (behaviour === "break") return fail(response, 500, "ServiceFailureException");
  if (behaviour === "deny") return fail(response, 403, "AccessDeniedException");
  if (behaviour === "refuse-ssml") return fail(response, 400, "InvalidSsmlException");
  response.writeHead(200, { "content-type": "audio/mpeg" });
  if (behaviour === "speak") response.end(audio);
  else if (behaviour === "short") response.end(half);
  else if (behaviour === "garbage") response.end("<html>Service unavailable</html>");
  else {
    response.write(behaviour === "cut" ? audio.subarray(0, FRAME_BYTES) : half);
    await sleep(20);
    if (behaviour === "cut") response.destroy();
  }
};

/** Amazon Polly as far as the handler sees it: `POST /v1/speech`. The audio of a text is `spoken(text)`. */
export const createPolly = (options: PollyOptions) => {
  const statistics: PollyStatistics = { texts: [], throttled: 0, underWay: 0, mostUnderWay: 0 };
  const take = options.limits === undefined ? () => true : createTokens(options.limits);
  const behaviourFor = (text: string): Behaviour => {
    const n = statistics.texts.filter((known) => known === text).length;
    statistics.texts.push(text);
    if (!take() || statistics.underWay > (options.limits?.concurrent ?? Number.POSITIVE_INFINITY)) return "throttle";
    return options.behave?.(text, n) ?? "speak";
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { Text, OutputFormat } = JSON.parse(await bodyOf(request)) as { Text: string; OutputFormat: string };
    statistics.underWay += 1;
    statistics.mostUnderWay = Math.max(statistics.mostUnderWay, statistics.underWay);
    response.once("close", () => {
      statistics.underWay -= 1;
    });
    // Whoever asks for another format gets something that is no mp3.
    const behaviour = OutputFormat === "mp3" ? behaviourFor(Text) : "garbage";
    if (behaviour === "throttle") statistics.throttled += 1;
    else await sleep(options.latency ?? 0);
    await answer(response, behaviour, spoken(Text, options.frames));
  };
  return { handle, statistics };
};
