import * as assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { test } from "uvu";
import { sha256 } from "../../../lib/files";
import { temporaryFolder } from "../../../testing/folder";
import { createArchiveStore } from "./archive-store";
import { archive, isArchive } from "./wire";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const textAsset = (text: string) => ({ [SIGNATURE]: "c44067f5952c0a294b673a41bacd8c17", hash: sha256(text), text });

const folders = () => {
  const root = temporaryFolder("archives");
  const program = join(root, "program");
  mkdirSync(program);
  return { root, program, store: join(root, "store") };
};

const zipped = (content: string, folder: string): ReturnType<typeof archive> => {
  writeFileSync(join(folder, "code.zip"), content);
  return archive({ hash: sha256(content), path: "code.zip" });
};

test("equal content has one file name, whoever asks and when", () => {
  const { program, store } = folders();
  const first = createArchiveStore(store, [program]);
  const file = first.fileFor(zipped("one", program));
  assert.equal(readFileSync(String(file), "utf8"), "one");
  const again = createArchiveStore(store, [program]);
  assert.equal(again.fileFor(archive({ hash: sha256("one") })), file);
});

test("other content has another name", () => {
  const { program, store } = folders();
  const archives = createArchiveStore(store, [program]);
  assert.notEqual(archives.fileFor(zipped("one", program)), archives.fileFor(zipped("two", program)));
});

test("of two programs with such a file the one with the right content is taken", () => {
  const { root, program, store } = folders();
  const other = join(root, "other");
  mkdirSync(other);
  writeFileSync(join(other, "code.zip"), "stale");
  const file = createArchiveStore(store, [other, program]).fileFor(zipped("fresh", program));
  assert.equal(readFileSync(String(file), "utf8"), "fresh");
});

test("a stored file is an archive again, with the same hash; other text is left alone", () => {
  const { program, store } = folders();
  const archives = createArchiveStore(store, [program]);
  const value = zipped("one", program);
  const restored = archives.archiveFor(archives.fileFor(value));
  assert.ok(isArchive(restored));
  assert.equal(restored.hash, value.hash);
  assert.equal(archives.archiveFor("handler.zip"), "handler.zip");
  assert.equal(archives.archiveFor(null), null);
  assert.equal(archives.fileFor("handler.zip"), "handler.zip");
});

test("folders and assets in memory are zipped, the same every time", () => {
  const { root, program } = folders();
  mkdirSync(join(program, "code"));
  writeFileSync(join(program, "code", "index.js"), "1;");
  const contents = ["a", "b"].map((name) => {
    const archives = createArchiveStore(join(root, name), [program]);
    const folder = archives.fileFor(archive({ hash: "1".repeat(64), path: "code" }));
    const assets = archives.fileFor(
      archive({ hash: "2".repeat(64), assets: { "b.js": textAsset("2;"), "a.js": textAsset("1;") } }),
    );
    return [readFileSync(String(folder)), readFileSync(String(assets))] as const;
  });
  assert.deepEqual(contents[0], contents[1]);
  assert.deepEqual(Object.keys(unzipSync(contents[0]?.[0] ?? new Uint8Array())), ["index.js"]);
  assert.deepEqual(Object.keys(unzipSync(contents[0]?.[1] ?? new Uint8Array())), ["a.js", "b.js"]);
});

test("a zip has the same date whenever and wherever it is made", () => {
  const { program, store } = folders();
  const file = createArchiveStore(store, [program]).fileFor(
    archive({ hash: "4".repeat(64), assets: { "a.js": textAsset("1;") } }),
  );
  // Time and date as a zip stores them: 00:00:00 on the first day of the first month, 20 years after 1980.
  const header = readFileSync(String(file));
  assert.deepEqual([header.readUInt16LE(10), header.readUInt16LE(12)], [0, (20 << 9) | (1 << 5) | 1]);
});

test("a missing archive is named with where it was looked for", () => {
  const { program, store } = folders();
  const archives = createArchiveStore(store, [program]);
  assert.throws(
    () => archives.fileFor(archive({ hash: "3".repeat(64), path: "../dist/none.zip" })),
    /none\.zip does not exist.*dist/,
  );
});

test.run();
