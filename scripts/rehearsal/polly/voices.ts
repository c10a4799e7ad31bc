/**
 * Which espeak-ng voice speaks for which voice of Polly: the same language, and a variant of the same gender. It is
 * another, plainer voice all the same; only the words are Polly's.
 */
const VOICES: Readonly<Record<string, string>> = {
  Joey: "en-us+m3",
  Matthew: "en-us+m7",
  Justin: "en-us+m1",
  Joanna: "en-us+f2",
  Kendra: "en-us+f3",
  Kimberly: "en-us+f4",
  Salli: "en-us+f1",
  Ivy: "en-us+f5",
  Brian: "en-gb-x-rp+m3",
  Amy: "en-gb-x-rp+f2",
  Emma: "en-gb-x-rp+f4",
};

export const voiceNames = (): string[] => Object.keys(VOICES);

/** The espeak-ng voice, or undefined for a voice that nobody speaks here. */
export const espeakVoice = (voiceId: string): string | undefined =>
  Object.hasOwn(VOICES, voiceId) ? VOICES[voiceId] : undefined;
