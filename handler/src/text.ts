import { Rejected } from "./errors";

/** SynthesizeSpeech takes 3,000 billed characters and 6,000 with SSML tags, which are not billed. */
export const PART_BILLED = 3_000;
export const PART_TOTAL = 6_000;
/** What Polly accepts for one document, even in an asynchronous task. */
export const TEXT_BILLED = 100_000;

export interface Speech {
  readonly type: "text" | "ssml";
  /** What Polly is asked to say, part by part; joined, they are the text. */
  readonly parts: readonly string[];
  /** What Polly bills: code points, without SSML tags. */
  readonly characters: number;
}

/** Code points, not UTF-16 units: an emoji is one character. */
export const countCharacters = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

export const isSsml = (text: string): boolean => /^\s*<speak[\s>]/.test(text);

export const countBilled = (text: string): number =>
  countCharacters(isSsml(text) ? text.replace(/<!--[\s\S]*?-->|<[^>]*>/g, "") : text);

// Tab and both line ends are speech pauses; every other control character is a sign of binary data or a broken encoding.
const CONTROL = /[^\P{Cc}\t\n\r]/u;
const LONE_SURROGATE = /\p{Surrogate}/u;

const refuseUnspeakable = (text: string): void => {
  if (text.trim() === "") throw new Rejected("text-empty", "the text is empty");
  if (LONE_SURROGATE.test(text)) throw new Rejected("text-lone-surrogate", "the text has half of a surrogate pair");
  if (CONTROL.test(text)) throw new Rejected("text-control-character", "the text has a control character");
};

const planSsml = (text: string, characters: number): Speech => {
  // A cut inside of markup can change what is said, so a long document is refused rather than split blindly.
  if (characters > PART_BILLED || countCharacters(text) > PART_TOTAL) {
    throw new Rejected("ssml-too-long", `SSML of more than ${PART_BILLED} billed characters cannot be split safely`);
  }
  return { type: "ssml", parts: [text.trim()], characters };
};

/** Checks a text and plans what Polly is asked. Throws `Rejected` with the reason when it can never be spoken. */
export const planSpeech = (text: string, language: string): Speech => {
  refuseUnspeakable(text);
  const characters = countBilled(text);
  if (characters > TEXT_BILLED) {
    throw new Rejected("text-too-long", `${characters} billed characters, at most ${TEXT_BILLED}`);
  }
  if (isSsml(text)) return planSsml(text, characters);
  const parts = splitText(text, PART_BILLED, language).filter((part) => part.trim() !== "");
  return { type: "text", parts, characters };
};

type Cut = (text: string, language: string) => string[];

const segments =
  (granularity: "sentence" | "word" | "grapheme"): Cut =>
  (text, language) =>
    Array.from(new Intl.Segmenter(language, { granularity }).segment(text), ({ segment }) => segment);

/** From the best place to cut to the last resort. */
const CUTS: readonly Cut[] = [segments("sentence"), segments("word"), segments("grapheme"), (text) => Array.from(text)];

/**
 * Splits a text into parts of at most `limit` code points, at sentence ends where there are any, else between words, and
 * only in a word longer than that inside of it. Joined, the parts are the text.
 */
export const splitText = (text: string, limit: number, language: string, cuts = CUTS): string[] => {
  const [cut, ...finer] = cuts;
  if (cut === undefined || countCharacters(text) <= limit) return [text];
  const pieces = cut(text, language).flatMap((piece) => splitText(piece, limit, language, finer));
  return pack(pieces, limit);
};

const pack = (pieces: readonly string[], limit: number): string[] => {
  const parts: string[] = [];
  let room = 0;
  for (const piece of pieces) {
    const size = countCharacters(piece);
    if (size <= room) parts[parts.length - 1] += piece;
    else parts.push(piece);
    room = (size <= room ? room : limit) - size;
  }
  return parts;
};
