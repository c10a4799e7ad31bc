import { addAbortSignal, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  OutputFormat,
  type PollyClient,
  SynthesizeSpeechCommand,
  type SynthesizeSpeechCommandInput,
} from "@aws-sdk/client-polly";
import type { Config } from "./config";
import { BadAudio, errorName, Misconfigured, Rejected, statusOf } from "./errors";
import type { Gate } from "./gate";
import { joinMp3, readMp3 } from "./mp3";
import { type RetryOptions, withRetries } from "./retry";
import type { Speech } from "./text";
import type { Time } from "./time";

export interface Speaker {
  /** Speaks a text. The result is one complete, checked mp3; a part of one is never returned. */
  speak(speech: Speech, time: Time): Promise<Uint8Array>;
}

type Voice = Pick<Config, "voice" | "engine" | "language">;

/** Errors of Polly that stay: the text's own fault, and the deployment's. */
const refusalOf = (error: unknown): unknown => {
  switch (error instanceof Error ? error.name : "") {
    case "TextLengthExceededException":
      return new Rejected("text-too-long", "Polly refused the length");
    case "InvalidSsmlException":
      return new Rejected("ssml-invalid", "Polly refused the SSML");
    case "SsmlMarksNotSupportedForTextTypeException":
    case "MarksNotSupportedForFormatException":
    case "EngineNotSupportedException":
    case "LanguageNotSupportedException":
    case "InvalidSampleRateException":
    case "LexiconNotFoundException":
      return new Misconfigured(`Polly cannot speak with this configuration: ${errorName(error)}`);
    default:
      return statusOf(error) === 403 ? new Misconfigured("the function may not call Polly") : error;
  }
};

const requestFor = (type: Speech["type"], text: string, voice: Voice): SynthesizeSpeechCommandInput => ({
  OutputFormat: OutputFormat.MP3,
  VoiceId: voice.voice,
  Engine: voice.engine,
  LanguageCode: voice.language,
  TextType: type,
  Text: text,
});

/** Collects the whole stream before anyone sees a byte; a cut, silent or overdue stream is an error. */
const collect = async (stream: unknown, time: Time): Promise<Uint8Array> => {
  if (!(stream instanceof Readable)) throw new BadAudio("no audio stream");
  const audio = await buffer(addAbortSignal(time.signal, stream));
  readMp3(audio);
  return audio;
};

export const createSpeaker = (polly: PollyClient, gate: Gate, voice: Voice, retries?: RetryOptions): Speaker => {
  const call = async (type: Speech["type"], text: string, time: Time): Promise<Uint8Array> => {
    try {
      const command = new SynthesizeSpeechCommand(requestFor(type, text, voice));
      const answer = await polly.send(command, { abortSignal: time.signal });
      return await collect(answer.AudioStream, time);
    } catch (error) {
      throw refusalOf(error);
    }
  };
  const part = (type: Speech["type"], text: string, time: Time) =>
    withRetries(() => gate.pass(time, () => call(type, text, time)), time, retries);
  return {
    speak: async ({ type, parts }, time) => joinMp3(await Promise.all(parts.map((text) => part(type, text, time)))),
  };
};
