import { espeakSay } from "./espeak";
import type { Speech } from "./requests";

/** kbit/s: what Polly's own mp3 files of 22.05 kHz have, about. */
const BITRATE = 48;
/** Bounds the memory of the cache: sentences of some 20 kB. */
const MOST_SENTENCES = 2_000;

/** Its CommonJS file is made for browsers and exports nothing, so the module is loaded instead. */
const lame = import("@breezystack/lamejs");

const encode = async (text: string, voice: string, ssml: boolean): Promise<Buffer> => {
  const { samples, rate } = await espeakSay(text, voice, ssml);
  const { Mp3Encoder } = await lame;
  const encoder = new Mp3Encoder(1, rate, BITRATE);
  // Declared as Uint8Array; what comes is an Int8Array.
  return Buffer.concat([encoder.encodeBuffer(samples), encoder.flush()].map((part) => Buffer.from(part)));
};

/** Ends of sentences; a full stop within a number or an abbreviation without a space after it is none. */
export const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?…]["')\]]?)\s+(?=\S)/u);

const spoken = new Map<string, Promise<Buffer>>();

const speakSentence = (sentence: string, voice: string, ssml: boolean): Promise<Buffer> => {
  const key = `${voice}\n${ssml}\n${sentence}`;
  const known = spoken.get(key);
  if (known) return known;
  const [oldest] = spoken.keys();
  if (spoken.size >= MOST_SENTENCES && oldest !== undefined) spoken.delete(oldest);
  const audio = encode(sentence, voice, ssml);
  spoken.set(key, audio);
  // A failure is not remembered: the next request tries again.
  audio.catch(() => spoken.delete(key));
  return audio;
};

/**
 * The mp3 of a text: 22.05 kHz, mono. Each sentence is spoken by itself and remembered; the frames of mp3 files can be
 * put one after the other, so a text of known sentences costs nothing. Marked-up text is spoken as one.
 */
export const speak = async ({ text, voice, ssml }: Speech): Promise<Buffer> => {
  if (ssml) return speakSentence(text, voice, true);
  const parts: Buffer[] = [];
  for (const sentence of sentencesOf(text)) parts.push(await speakSentence(sentence, voice, false));
  return Buffer.concat(parts);
};
