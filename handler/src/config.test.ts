import assert from "node:assert/strict";
import { test } from "uvu";
import { readConfig } from "./config";

const complete = { ENVIRONMENT: "dev", AUDIO_BUCKET: "b", FAILED_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/1/q" };

test("voice, engine and language default to those of the original", () => {
  const { voice, engine, language } = readConfig(complete);
  assert.deepEqual([voice, engine, language], ["Joey", "standard", "en-US"]);
});

test("they can be set", () => {
  const config = readConfig({ ...complete, VOICE_ID: "Vicki", ENGINE: "neural", LANGUAGE_CODE: "de-DE" });
  assert.deepEqual([config.voice, config.engine, config.language], ["Vicki", "neural", "de-DE"]);
});

test("every wrong value is named in one message", () => {
  const wrong = { FAILED_QUEUE_URL: "not a url", VOICE_ID: "Joe", ENGINE: "fast", LANGUAGE_CODE: "English" };
  assert.throws(() => readConfig(wrong), {
    message:
      "The function's environment is wrong: ENVIRONMENT is not set; AUDIO_BUCKET is not set; " +
      'FAILED_QUEUE_URL is "not a url", expected a URL; VOICE_ID is "Joe", expected e.g. "Joey"; ' +
      'ENGINE is "fast", expected e.g. "standard"; LANGUAGE_CODE is "English", expected e.g. "en-US".',
  });
});

test.run();
