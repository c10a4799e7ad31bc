import { espeakVoice, voiceNames } from "./voices";

/** An answer as Polly gives it: HTTP status, `x-amzn-errortype` and a message. */
export class PollyError extends Error {
  override readonly name = "PollyError";
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Speech {
  readonly text: string;
  readonly ssml: boolean;
  /** Name of the espeak-ng voice. */
  readonly voice: string;
  /** What Polly would bill: characters without SSML tags. */
  readonly characters: number;
}

const MOST_CHARACTERS = 6_000;
const MOST_BILLED = 3_000;

const bad = (type: string, message: string): PollyError => new PollyError(400, type, message);
const invalid = (field: string, value: unknown, expected: string): PollyError =>
  bad(
    "ValidationException",
    `1 validation error detected: Value '${String(value)}' at '${field}' failed to satisfy constraint: ${expected}`,
  );

/** Code points, as Polly counts: an emoji is one character. */
const count = (text: string): number => [...text].length;

const parseBody = (body: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Answered below, as anything else that is no JSON object.
  }
  throw bad("SerializationException", "the request body is not a JSON object");
};

/** Well-formed enough to be read aloud: one `speak` element, and every tag closed in its turn. */
const assertSsml = (text: string): void => {
  const open: string[] = [];
  for (const [, closing, name = "", rest = ""] of text.matchAll(/<(\/?)([a-zA-Z][\w:-]*)([^<>]*)>/g)) {
    if (!closing && rest.endsWith("/")) continue;
    if (!closing) open.push(name);
    else if (open.pop() !== name) throw bad("InvalidSsmlException", `Invalid SSML request: unexpected </${name}>`);
  }
  const whole = /^\s*<speak(\s[^<>]*)?>[\s\S]*<\/speak>\s*$/.test(text);
  if (!whole || open.length > 0) throw bad("InvalidSsmlException", "Invalid SSML request");
};

const assertFormat = (request: Record<string, unknown>): void => {
  if (request.OutputFormat !== "mp3") {
    throw invalid("outputFormat", request.OutputFormat, "Member must satisfy enum value set: [mp3]");
  }
  if (request.SampleRate !== undefined && request.SampleRate !== "22050") {
    throw bad("InvalidSampleRateException", `The sample rate ${String(request.SampleRate)} is not offered; 22050 is`);
  }
  if (request.Engine !== undefined && request.Engine !== "standard") {
    throw bad("EngineNotSupportedException", "This voice does not support the selected engine: standard is offered");
  }
};

/**
 * Reads the body of SynthesizeSpeech.
 * @throws PollyError with the type that Polly gives for it.
 */
export const parseSpeech = (body: string): Speech => {
  const request = parseBody(body);
  assertFormat(request);
  const voice = espeakVoice(String(request.VoiceId));
  if (!voice) {
    const known = `Member must satisfy enum value set: [${voiceNames().join(", ")}]`;
    throw invalid("voiceId", request.VoiceId, known);
  }
  if (typeof request.Text !== "string") throw invalid("text", request.Text, "Member must not be null");
  const { Text: text } = request;
  const ssml = request.TextType === "ssml";
  if (!ssml && request.TextType !== undefined && request.TextType !== "text") {
    throw invalid("textType", request.TextType, "Member must satisfy enum value set: [ssml, text]");
  }
  if (ssml) assertSsml(text);
  const characters = count(ssml ? text.replaceAll(/<[^<>]*>/g, "") : text);
  if (count(text) > MOST_CHARACTERS || characters > MOST_BILLED) {
    throw bad("TextLengthExceededException", "Maximum text length has been exceeded");
  }
  return { text, ssml, voice, characters };
};
