import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";
import { test } from "uvu";
import { writeFileAtomic } from "../scripts/lib/files";
import { buildHandler, zipHandler } from "./build";
import type { Handler } from "./src/handler";
import { isSpoken } from "./testing/audio";
import { environmentFor, startCloud } from "./testing/cloud";
import { event, invocation, put } from "./testing/records";

/** Kilobytes are thousands here, so the figure holds either way it is read. */
const MOST_BYTES = 350_000;

const inFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "handler-build-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A second checkout of the sources, elsewhere and of another name. */
const copySources = async (folder: string): Promise<string> => {
  const copy = join(folder, "another place", "lambda");
  await mkdir(copy, { recursive: true });
  await cp(join(__dirname, "src"), join(copy, "src"), { recursive: true });
  await symlink(resolve(__dirname, "../node_modules"), join(folder, "another place", "node_modules"));
  return copy;
};

const inTimeZone = async <T>(zone: string, use: () => Promise<T>): Promise<T> => {
  const before = process.env.TZ;
  process.env.TZ = zone;
  try {
    return await use();
  } finally {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  }
};

test("the same sources give the same bytes, whatever the folder and the time zone, and nothing tells where", async () => {
  await inFolder(async (folder) => {
    const sourceDir = await copySources(folder);
    const here = await inTimeZone("America/Los_Angeles", () => buildHandler({ outDir: join(folder, "a") }));
    const there = await inTimeZone("Pacific/Kiritimati", () => buildHandler({ outDir: join(folder, "b"), sourceDir }));
    const zip = await readFile(here.zip);
    assert.ok(zip.equals(await readFile(there.zip)));
    assert.deepEqual([there.sha256Base64, there.bytes], [here.sha256Base64, here.bytes]);
    assert.ok(here.bundleBytes < MOST_BYTES, `${here.bundleBytes} bytes`);
    const code = Buffer.from(unzipSync(zip)["index.js"] ?? []).toString();
    for (const trace of [resolve(__dirname, ".."), folder, tmpdir(), "node_modules", process.env.HOME ?? "/home/"]) {
      assert.ok(!code.includes(`${trace}/`), trace);
    }
  });
});

test("the archive depends on its content alone", async () => {
  const [zip, other] = [zipHandler(Buffer.from("exports.a = 1")), zipHandler(Buffer.from("exports.a = 2"))];
  assert.ok(
    Buffer.from(zip).equals(await inTimeZone("Asia/Kolkata", async () => zipHandler(Buffer.from("exports.a = 1")))),
  );
  assert.ok(!Buffer.from(zip).equals(other));
  assert.deepEqual(Object.keys(unzipSync(zip)), ["index.js"]);
});

// What was cut out of the SDK must not be missed: the very file that is deployed runs here, with Lambda's kind of credentials.
test("the archive speaks", async () => {
  const cloud = await startCloud();
  try {
    await inFolder(async (folder) => {
      const { zip } = await buildHandler({ outDir: folder });
      const file = join(folder, "index.js");
      await writeFileAtomic(file, unzipSync(await readFile(zip))["index.js"] ?? "");
      Object.assign(process.env, environmentFor(cloud.endpoint), { AWS_SESSION_TOKEN: "session" });
      const { handler } = createRequire(file)(file) as { handler: Handler };
      const answer = await handler(event(put(1, 1, "Hello."), put(2, 2, "")), invocation());
      assert.deepEqual(answer, { batchItemFailures: [] });
      assert.ok(isSpoken(cloud.bucket.objects.get("1.mp3")?.body ?? Buffer.alloc(0), "Hello."));
      assert.deepEqual(
        cloud.queue.map(({ reason }) => reason),
        ["text-empty"],
      );
    });
  } finally {
    await cloud.stop();
  }
});

test.run();
