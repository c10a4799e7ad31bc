import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "uvu";
import { Rejected } from "./errors";
import { countBilled, PART_BILLED, planSpeech, splitText, TEXT_BILLED } from "./text";

const reasonOf = (text: string): string => {
  try {
    planSpeech(text, "en-US");
    return "none";
  } catch (error) {
    assert.ok(error instanceof Rejected);
    return error.reason;
  }
};

test("what can never be spoken is refused with its reason", () => {
  const reasons = {
    "": "text-empty",
    " \n\t": "text-empty",
    "half \ud83d of a pair": "text-lone-surrogate",
    "\udca9": "text-lone-surrogate",
    "a bell \u0007": "text-control-character",
    "a null \u0000": "text-control-character",
    "next line \u0085": "text-control-character",
    [`<speak>${"a".repeat(PART_BILLED + 1)}</speak>`]: "ssml-too-long",
    [`<speak>${"<break/>".repeat(800)}a</speak>`]: "ssml-too-long",
    ["a".repeat(TEXT_BILLED + 1)]: "text-too-long",
    ["😀".repeat(TEXT_BILLED + 1)]: "text-too-long",
  };
  for (const [text, reason] of Object.entries(reasons)) assert.equal(reasonOf(text), reason, text.slice(0, 30));
});

test("tabs and line ends of every system are speech", () => {
  for (const text of ["a\tb", "a\nb", "a\r\nb", "naïve 日本語 😀"]) assert.equal(reasonOf(text), "none");
});

test("characters are code points, and SSML tags are not billed", () => {
  assert.equal(countBilled("😀😀"), 2);
  assert.equal(countBilled('<speak>Hi <break time="1s"/>you<!-- not this --></speak>'), 6);
  assert.equal(countBilled("2 < 3 and 4 > 3"), 15);
});

test("SSML passes through as it is, in one part", () => {
  const ssml = '<speak version="1.1">Hi <emphasis>you</emphasis></speak>';
  assert.deepEqual(planSpeech(ssml, "en-US"), { type: "ssml", parts: [ssml], characters: 6 });
  assert.equal(planSpeech("<speaker> is a word", "en-US").type, "text");
});

test("the longest allowed texts are taken", () => {
  assert.equal(planSpeech("a".repeat(PART_BILLED), "en-US").parts.length, 1);
  assert.equal(planSpeech("Words here. ".repeat(8_333), "en-US").characters, 99_996);
});

test("a long text is cut at sentence ends", () => {
  const sentence = "This is a sentence of some length, and Dr. Smith said so. ";
  const { parts } = planSpeech(sentence.repeat(120), "en-US");
  assert.equal(parts.length, 3);
  for (const part of parts) assert.match(part, /^This is .* said so\. $/s);
});

test("without sentence ends it is cut between words, and only a giant word inside of it", () => {
  const [first = ""] = splitText("word ".repeat(1_000), PART_BILLED, "en-US");
  assert.match(first, /^(word ?)+$/);
  assert.deepEqual(splitText("aaaaaaa", 3, "en-US"), ["aaa", "aaa", "a"]);
  // A family is one grapheme of five code points: cut only because it is longer than the limit.
  assert.deepEqual(splitText("👨‍👩‍👧", 3, "en-US").join(""), "👨‍👩‍👧");
});

test("whatever the text: the parts are within the limit and joined they are the text", () => {
  const texts = fc.array(
    fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(". ", "! ", "\n", " ", "a.b", "日本。")),
  );
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 20 }), (pieces, limit) => {
      const text = pieces.join("");
      const parts = splitText(text, limit, "en-US");
      assert.equal(parts.join(""), text);
      for (const part of parts) assert.ok([...part].length <= limit);
    }),
    { numRuns: 300 },
  );
});

test.run();
