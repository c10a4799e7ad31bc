import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "uvu";
import { describingFrame, FRAME_BYTES, frame, id3, spoken } from "../testing/audio";
import { joinMp3, readMp3 } from "./mp3";

const bad = { name: "BadAudio" };

/** A tone, by a real encoder. (Its CommonJS build exports nothing, so it is imported as a module.) */
const encode = async (seconds: number, rate = 22_050): Promise<Buffer> => {
  const { Mp3Encoder } = await import("@breezystack/lamejs");
  const encoder = new Mp3Encoder(1, rate, 48);
  const samples = Int16Array.from({ length: seconds * rate }, (_, i) => Math.sin(i / 10) * 9_000);
  return Buffer.concat([encoder.encodeBuffer(samples), encoder.flush()].map((bytes) => Buffer.from(bytes)));
};

test("a real encoder's file is whole, and so are several joined", async () => {
  const [first, second] = [await encode(1), await encode(2)];
  const frames = readMp3(first).frames + readMp3(second).frames;
  assert.equal(readMp3(joinMp3([first, second])).frames, frames);
  // 576 samples a frame: the joined file plays as long as its parts together.
  assert.ok((frames * 576) / 22_050 >= 3);
});

test("a single part stays as it is, byte for byte", () => {
  const audio = Buffer.concat([id3(40), describingFrame(), spoken("x")]);
  assert.equal(joinMp3([audio]), audio);
});

test("of later parts only the sound is kept, and no frame tells the length of one part alone", () => {
  const part = (text: string, tag: "Xing" | "Info") => Buffer.concat([id3(300), describingFrame(tag), spoken(text)]);
  const joined = joinMp3([part("a", "Xing"), part("b", "Info"), part("c", "Xing")]);
  assert.deepEqual(joined, Buffer.concat([id3(300), spoken("a"), spoken("b"), spoken("c")]));
});

test("tags and padding at the end are dropped when parts are joined", () => {
  const trailer = Buffer.concat([Buffer.from("TAG"), Buffer.alloc(125)]);
  const joined = joinMp3([Buffer.concat([spoken("a"), trailer]), Buffer.concat([spoken("b"), Buffer.alloc(10)])]);
  assert.deepEqual(joined, Buffer.concat([spoken("a"), spoken("b")]));
});

test("every cut inside of a frame is seen", () => {
  const audio = spoken("x", 3);
  for (let length = 0; length < audio.length; length++) {
    if (length > 0 && length % FRAME_BYTES === 0) continue;
    assert.throws(() => readMp3(audio.subarray(0, length)), bad, `cut at ${length}`);
  }
});

test("what is no mp3 is refused", async () => {
  const otherFormat = await encode(1, 44_100);
  const layerTwo = Buffer.concat([frame(), frame()]);
  layerTwo[1] = 0xf5;
  const gap = Buffer.concat([frame(), Buffer.from("x"), frame()]);
  const mixed = Buffer.concat([spoken("x"), otherFormat]);
  for (const audio of [layerTwo, gap, mixed, Buffer.from("<html>"), Buffer.alloc(500), id3(20), describingFrame()]) {
    assert.throws(() => readMp3(audio), bad);
  }
  assert.throws(() => joinMp3([spoken("x"), otherFormat]), bad);
  assert.throws(() => joinMp3([]), bad);
});

test("no bytes at all make it do anything but answer or refuse", () => {
  const prefix = fc.constantFrom("", "ID3\x04\x00\x10\x00\x00\x00\x05", "\xff\xf3\x60\xc0", "\xff\xfb\x90\x00");
  fc.assert(
    fc.property(prefix, fc.uint8Array({ maxLength: 400 }), (start, rest) => {
      try {
        readMp3(Buffer.concat([Buffer.from(start, "latin1"), rest]));
      } catch (error) {
        assert.equal((error as Error).name, "BadAudio");
      }
    }),
    { numRuns: 500 },
  );
});

test.run();
