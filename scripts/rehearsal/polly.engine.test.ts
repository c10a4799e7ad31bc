import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import type { AddressInfo, Socket } from "node:net";
import { PollyClient, SynthesizeSpeechCommand, type SynthesizeSpeechCommandInput } from "@aws-sdk/client-polly";
import { MPEGDecoder } from "mpg123-decoder";
import { test } from "uvu";
import { clientSettings } from "./isolation";
import { type Audio, expectedAudio } from "./polly";
import { type Gate, openGate, sessionKeyOf, signerOf } from "./polly/permission";
import { PollyError, parseSpeech } from "./polly/requests";
import { type PollyStatistics, pollyServer } from "./polly/server";
import { sentencesOf, speak } from "./polly/speech";

const say = (text: string): Promise<Buffer> => speak({ text, ssml: false, voice: "en-us+m3", characters: text.length });

interface Heard {
  readonly rate: number;
  readonly channels: number;
  readonly seconds: number;
  /** Root mean square of the samples, 0 to 1. */
  readonly loudness: number;
  readonly errors: number;
}

const listen = async (mp3: Uint8Array): Promise<Heard> => {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const { channelData, sampleRate, samplesDecoded, errors } = decoder.decode(mp3);
  decoder.free();
  const [left = new Float32Array()] = channelData;
  const loudness = Math.sqrt(left.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, left.length));
  // A mono file is played on both sides.
  const channels =
    channelData.length === 2 && channelData[1]?.every((sample, i) => sample === left[i]) ? 1 : channelData.length;
  return { rate: sampleRate, channels, seconds: samplesDecoded / sampleRate, loudness, errors: errors.length };
};

const withServer = async (
  gate: Gate,
  work: (endpoint: string, polly: PollyClient) => Promise<void>,
): Promise<PollyStatistics> => {
  const server = pollyServer(gate);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const polly = new PollyClient({ ...clientSettings(endpoint, "us-east-1"), maxAttempts: 1 });
  try {
    await work(endpoint, polly);
    return (await (await fetch(`${endpoint}/_rehearsal/statistics`)).json()) as PollyStatistics;
  } finally {
    polly.destroy();
    server.close();
    for (const socket of sockets) socket.destroy();
  }
};

const speech = (request: Partial<SynthesizeSpeechCommandInput>): SynthesizeSpeechCommand =>
  new SynthesizeSpeechCommand({ OutputFormat: "mp3", VoiceId: "Joey", Text: "Hello.", ...request });

const refusal = (polly: PollyClient, request: Partial<SynthesizeSpeechCommandInput>): Promise<string> =>
  polly.send(speech(request)).then(
    () => "no error",
    (error: Error & { $metadata: { httpStatusCode: number } }) => `${error.$metadata.httpStatusCode} ${error.name}`,
  );

test("a sentence becomes an mp3 that decodes without an error to as much sound as it takes to say", async () => {
  const heard = await listen(await say("Good morning, this is the parcel service."));
  assert.equal(heard.rate, 22_050);
  assert.equal(heard.channels, 1);
  assert.equal(heard.errors, 0);
  assert.ok(heard.seconds > 1.5 && heard.seconds < 5, `${heard.seconds} s`);
  assert.ok(heard.loudness > 0.02, `loudness ${heard.loudness}`);
});

test("more words take longer, other words sound different, the same words are the same bytes", async () => {
  const [short, long] = await Promise.all([
    listen(await say("Go.")),
    listen(await say("Go to the next platform on the left.")),
  ]);
  assert.ok(long.seconds > short.seconds + 0.5);
  const [seven, nine] = await Promise.all([say("Platform seven."), say("Platform nine.")]);
  assert.ok(!seven.equals(nine));
  assert.ok((await say("Platform seven.")).equals(seven));
});

test("sentences are spoken one after the other, and the whole still decodes", async () => {
  const text = "Train one is late. Please wait!";
  const [whole, first, second] = await Promise.all([say(text), say("Train one is late."), say("Please wait!")]);
  assert.ok(whole.equals(Buffer.concat([first, second])));
  const heard = await listen(whole);
  assert.equal(heard.errors, 0);
  const [a, b] = await Promise.all([listen(first), listen(second)]);
  assert.ok(Math.abs(heard.seconds - a.seconds - b.seconds) < 0.2);
});

test("a sentence ends at its mark, not within a number", () => {
  assert.deepEqual(sentencesOf("It is 3.5 km. “Really?” Yes… it is!  Go"), [
    "It is 3.5 km.",
    "“Really?” Yes…",
    "it is!",
    "Go",
  ]);
  assert.deepEqual(sentencesOf("one"), ["one"]);
});

test("a text that looks like an option or a path is read and not obeyed", async () => {
  for (const text of ["-f /etc/passwd", "--version", "-w other.wav hello"]) {
    const heard = await listen(await say(text));
    assert.ok(heard.seconds > 0.5 && heard.loudness > 0.01, text);
  }
});

test("markup is followed: a break is a pause", async () => {
  const spoken = (text: string): Promise<Heard> =>
    speak({ text, ssml: true, voice: "en-us+m3", characters: 9 }).then(listen);
  const plain = await spoken("<speak>one two</speak>");
  const paused = await spoken('<speak>one <break time="2s"/> two</speak>');
  assert.ok(paused.seconds > plain.seconds + 1, `${plain.seconds} and ${paused.seconds} s`);
});

test("speaking leaves no listener behind that would hold memory or end the process", async () => {
  const before = process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection");
  for (let i = 0; i < 4; i += 1) await say(`Number ${i} of four.`);
  assert.equal(process.listenerCount("uncaughtException") + process.listenerCount("unhandledRejection"), before);
});

test("the real Polly client gets audio, its type and the billed characters; the statistics count it", async () => {
  let audio = Buffer.alloc(0);
  const statistics = await withServer(openGate, async (endpoint, polly) => {
    const answer = await polly.send(speech({ Text: "Hello, Joey here." }));
    audio = Buffer.from((await answer.AudioStream?.transformToByteArray()) ?? []);
    assert.equal(answer.ContentType, "audio/mpeg");
    assert.equal(answer.RequestCharacters, 17);
    const expected: Audio = await expectedAudio(endpoint, "Hello, Joey here.");
    assert.deepEqual(expected, { bytes: audio.length, md5: createHash("md5").update(audio).digest("hex") });
  });
  assert.equal((await listen(audio)).errors, 0);
  assert.equal(statistics.spoken, 1);
  assert.equal(statistics.characters, 17);
  assert.deepEqual(statistics.refused, {});
});

test("what Polly refuses is refused with Polly's own error", async () => {
  const statistics = await withServer(openGate, async (_endpoint, polly) => {
    assert.equal(await refusal(polly, { Text: "x".repeat(3_001) }), "400 TextLengthExceededException");
    assert.equal(await refusal(polly, { Text: "<speak>x", TextType: "ssml" }), "400 InvalidSsmlException");
    assert.equal(
      await refusal(polly, { Text: "<speak><p>x</s></speak>", TextType: "ssml" }),
      "400 InvalidSsmlException",
    );
    assert.equal(await refusal(polly, { SampleRate: "8000" }), "400 InvalidSampleRateException");
    assert.equal(await refusal(polly, { Engine: "neural" }), "400 EngineNotSupportedException");
    assert.equal(await refusal(polly, { VoiceId: "toString" as "Joey" }), "400 ValidationException");
    assert.equal(await refusal(polly, { OutputFormat: "pcm" }), "400 ValidationException");
  });
  assert.equal(statistics.spoken, 0);
  assert.equal(statistics.refused.InvalidSsmlException, 2);
});

test("tags are not billed, and an emoji is one character", () => {
  const ssml = { OutputFormat: "mp3", VoiceId: "Joey", TextType: "ssml" };
  const text = `<speak>${"<p>ab</p>".repeat(300)}</speak>`;
  assert.equal(parseSpeech(JSON.stringify({ ...ssml, Text: text })).characters, 600);
  const emoji = { OutputFormat: "mp3", VoiceId: "Joey", Text: "🎉".repeat(3_000) };
  assert.equal(parseSpeech(JSON.stringify(emoji)).characters, 3_000);
  assert.throws(() => parseSpeech(JSON.stringify({ ...emoji, Text: "🎉".repeat(3_001) })), /Maximum text length/);
});

test("told to be busy, it answers as Polly does when it throttles, and then speaks again", async () => {
  await withServer(openGate, async (endpoint, polly) => {
    const fault = { status: 400, type: "ThrottlingException", times: 2 };
    await fetch(`${endpoint}/_rehearsal/fault`, { method: "POST", body: JSON.stringify(fault) });
    assert.equal(await refusal(polly, {}), "400 ThrottlingException");
    assert.equal(await refusal(polly, {}), "400 ThrottlingException");
    assert.equal(await refusal(polly, {}), "no error");
  });
});

test("whom the gate turns away gets the gate's error, and another path is not Polly's", async () => {
  const closed: Gate = { check: () => Promise.reject(new PollyError(403, "AccessDeniedException", "no")) };
  await withServer(closed, async (endpoint, polly) => {
    assert.equal(await refusal(polly, {}), "403 AccessDeniedException");
    const other = await fetch(`${endpoint}/v1/voices`);
    assert.equal(other.status, 404);
    assert.equal(other.headers.get("x-amzn-errortype"), "UnknownOperationException");
  });
});

test("the caller is read from the signature, and a function's key is made from its name and its role", () => {
  const signature = "AWS4-HMAC-SHA256 Credential=ASIA1/20260101/us-east-1/polly/aws4_request, Signature=x";
  assert.deepEqual(signerOf(signature), { key: "ASIA1", region: "us-east-1" });
  assert.equal(signerOf(undefined), undefined);
  assert.equal(signerOf("Basic abc"), undefined);
  assert.match(sessionKeyOf("arn:f", "arn:r"), /^ASIA[0-9A-F]{16}$/);
});

test.run();
