import { BadAudio } from "./errors";

/** Header fields of one MPEG audio Layer III frame. */
interface Frame {
  readonly bytes: number;
  /** Version and sample rate: frames of different formats do not play as one file. */
  readonly format: string;
  /** Where a Xing or Info tag would stand, counted from the start of the frame. */
  readonly tagOffset: number;
}

export interface Mp3 {
  /** The ID3v2 tag at the start; empty when there is none. */
  readonly tag: Uint8Array;
  /** The sound: whole frames, without the frame that only describes the length of the file. */
  readonly sound: Uint8Array;
  readonly format: string;
  readonly frames: number;
}

const BITRATES_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const BITRATES_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
/** By the two version bits: 2.5, reserved, 2, 1. */
const SAMPLE_RATES = [[11_025, 12_000, 8_000], [], [22_050, 24_000, 16_000], [44_100, 48_000, 32_000]];
const VERSION_1 = 3;
const LAYER_III = 1;
const MONO = 3;

const frameAt = (bytes: Uint8Array, at: number): Frame | undefined => {
  const [sync = 0, kind = 0, rates = 0, mode = 0] = bytes.subarray(at, at + 4);
  if (sync !== 0xff || kind >> 5 !== 0b111 || ((kind >> 1) & 3) !== LAYER_III) return undefined;
  const version = (kind >> 3) & 3;
  const isVersion1 = version === VERSION_1;
  const bitrate = (isVersion1 ? BITRATES_V1 : BITRATES_V2)[rates >> 4] ?? 0;
  const sampleRate = SAMPLE_RATES[version]?.[(rates >> 2) & 3] ?? 0;
  if (bitrate === 0 || sampleRate === 0) return undefined;
  const padding = (rates >> 1) & 1;
  const checksum = (kind & 1) === 0 ? 2 : 0;
  return {
    bytes: Math.floor(((isVersion1 ? 144_000 : 72_000) * bitrate) / sampleRate) + padding,
    format: `${version}/${sampleRate}`,
    tagOffset: 4 + checksum + sideInformation(isVersion1, mode >> 6 === MONO),
  };
};

const sideInformation = (isVersion1: boolean, isMono: boolean): number => {
  if (isVersion1) return isMono ? 17 : 32;
  return isMono ? 9 : 17;
};

const ascii = (bytes: Uint8Array, from: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(from, from + length));

/** Length of an ID3v2 tag at the start, which is stored in four bytes of seven bits each. */
const id3Length = (bytes: Uint8Array): number => {
  if (ascii(bytes, 0, 3) !== "ID3" || bytes.length < 10) return 0;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(6, 10);
  const footer = ((bytes[5] ?? 0) & 0x10) === 0 ? 0 : 10;
  return 10 + ((a << 21) | (b << 14) | (c << 7) | d) + footer;
};

/** What may follow the last frame: nothing, padding, or an ID3v1 or APE tag. Anything else is a frame cut short. */
const isTrailer = (bytes: Uint8Array, at: number): boolean => {
  const rest = bytes.subarray(at);
  if (ascii(rest, 0, 3) === "TAG" || ascii(rest, 0, 8) === "APETAGEX") return true;
  return rest.every((byte) => byte === 0);
};

/** The first frame of a file may hold no sound but its length and seek table, which a joined file would contradict. */
const isDescription = (bytes: Uint8Array, at: number, frame: Frame): boolean =>
  ["Xing", "Info"].includes(ascii(bytes, at + frame.tagOffset, 4)) || ascii(bytes, at + 36, 4) === "VBRI";

/**
 * Reads an mp3 frame by frame. Throws `BadAudio` unless it is whole: it starts with a frame, frames follow each other without
 * a gap, all have one format, and the last one is complete.
 */
export const readMp3 = (bytes: Uint8Array): Mp3 => {
  const start = id3Length(bytes);
  const first = frameAt(bytes, start);
  if (first === undefined) throw new BadAudio("no mp3 frame at the start");
  const soundStart = isDescription(bytes, start, first) ? start + first.bytes : start;
  let at = soundStart;
  let frames = 0;
  for (let frame = frameAt(bytes, at); frame !== undefined; frame = frameAt(bytes, at)) {
    if (frame.format !== first.format) throw new BadAudio(`the format changes at byte ${at}`);
    if (at + frame.bytes > bytes.length) throw new BadAudio(`the last frame is cut at byte ${bytes.length}`);
    at += frame.bytes;
    frames += 1;
  }
  if (frames === 0) throw new BadAudio("no sound");
  if (!isTrailer(bytes, at)) throw new BadAudio(`no mp3 frame at byte ${at} of ${bytes.length}`);
  return { tag: bytes.subarray(0, start), sound: bytes.subarray(soundStart, at), format: first.format, frames };
};

/** Joins complete mp3s into one file that plays as one. A single one is checked and stays as it is, byte for byte. */
export const joinMp3 = (parts: readonly Uint8Array[]): Uint8Array => {
  const read = parts.map(readMp3);
  const [first, only] = [read[0], parts[0]];
  if (first === undefined || only === undefined) throw new BadAudio("no audio");
  if (parts.length === 1) return only;
  if (read.some(({ format }) => format !== first.format)) throw new BadAudio("the parts differ in format");
  return Buffer.concat([first.tag, ...read.map(({ sound }) => sound)]);
};
