import { createHash } from "node:crypto";

/** MPEG-2 Layer III, 48 kbit/s, 22,050 Hz, mono: what Polly's standard voices send. One frame is 156 bytes and 26 ms. */
const HEADER = [0xff, 0xf3, 0x60, 0xc0];
export const FRAME_BYTES = 156;
const HEADER_AND_SIDE_INFORMATION = 4 + 9;

/** One frame. `content` stands where the sound would be, so that a test can see whose audio it is; a player hears silence. */
export const frame = (content = ""): Buffer => {
  const bytes = Buffer.alloc(FRAME_BYTES);
  bytes.set(HEADER);
  bytes.write(content, HEADER_AND_SIDE_INFORMATION, "latin1");
  return bytes;
};

/** A frame that only describes the file, as encoders put it first. */
export const describingFrame = (tag: "Xing" | "Info" = "Info"): Buffer => frame(tag);

/** An ID3v2.4 tag with a body of `length` bytes. */
export const id3 = (length: number): Buffer =>
  Buffer.concat([
    Buffer.from("ID3\x04\x00\x00", "latin1"),
    Buffer.from([0, 0, length >> 7, length & 127]),
    Buffer.alloc(length),
  ]);

const fingerprint = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A whole mp3 for a text: every frame carries the text's fingerprint. */
export const spoken = (text: string, frames = 3): Buffer =>
  Buffer.concat(Array.from({ length: frames }, () => frame(fingerprint(text))));

/** Whether the audio is, from its first to its last byte, that of this text. */
export const isSpoken = (audio: Uint8Array, text: string): boolean => spoken(text).equals(audio);
