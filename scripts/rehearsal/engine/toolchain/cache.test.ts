import * as assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { temporaryFolder } from "../../../testing/folder";
import { cached, cacheRoot, withLock } from "./cache";

const newRoot = (): string => temporaryFolder("cache");
const quiet = (): void => undefined;

test("the cache is the user's, and can be put elsewhere", () => {
  assert.equal(cacheRoot({ HOME: "/home/u" }, "linux"), "/home/u/.cache/terraform-to-pulumi");
  assert.equal(cacheRoot({ HOME: "/home/u", XDG_CACHE_HOME: "/c" }, "linux"), "/c/terraform-to-pulumi");
  assert.equal(cacheRoot({ HOME: "/Users/u" }, "darwin"), "/Users/u/Library/Caches/terraform-to-pulumi");
  assert.equal(cacheRoot({ HOME: "/home/u", TTP_CACHE_DIR: "/x" }, "linux"), "/x");
});

test("what is there is not built again", async () => {
  const root = newRoot();
  let builds = 0;
  const build = async (folder: string): Promise<void> => {
    builds += 1;
    writeFileSync(join(folder, "program"), "1");
  };
  const first = await cached(root, "key", quiet, build);
  assert.equal(await cached(root, "key", quiet, build), first);
  assert.equal(builds, 1);
  assert.deepEqual(readdirSync(root), ["key"]);
});

test("a build that fails leaves nothing, and the next one succeeds", async () => {
  const root = newRoot();
  const half = async (folder: string): Promise<void> => {
    writeFileSync(join(folder, "program"), "ha");
    throw new Error("interrupted");
  };
  await assert.rejects(cached(root, "key", quiet, half), /interrupted/);
  assert.deepEqual(readdirSync(root), []);
  const place = await cached(root, "key", quiet, async (folder) => writeFileSync(join(folder, "program"), "whole"));
  assert.equal(readFileSync(join(place, "program"), "utf8"), "whole");
});

test("what a killed build left is never taken for a result, and is removed", async () => {
  const root = newRoot();
  const { mkdirSync } = await import("node:fs");
  mkdirSync(join(root, "key.99.unfinished"));
  writeFileSync(join(root, "key.99.unfinished", "program"), "ha");
  writeFileSync(
    join(root, "key.lock"),
    JSON.stringify({ pid: 2 ** 22 + 1, started: "1", host: hostname(), user: "u" }),
  );
  const place = await cached(root, "key", quiet, async (folder) => writeFileSync(join(folder, "program"), "whole"));
  assert.equal(readFileSync(join(place, "program"), "utf8"), "whole");
  assert.deepEqual(readdirSync(root), ["key"]);
});

test("two at once build once, and the one that waits says so", async () => {
  const root = newRoot();
  let builds = 0;
  let waited = 0;
  const slow = async (folder: string): Promise<void> => {
    builds += 1;
    await new Promise((resolve) => setTimeout(resolve, 150));
    writeFileSync(join(folder, "program"), "1");
  };
  const wait = (): void => {
    waited += 1;
  };
  const places = await Promise.all([cached(root, "key", wait, slow), cached(root, "key", wait, slow)]);
  assert.equal(places[0], places[1]);
  assert.equal(builds, 1);
  assert.ok(waited > 0);
});

test("the lock is given back when the work fails", async () => {
  const lock = join(newRoot(), "lock");
  await assert.rejects(
    withLock(lock, quiet, async () => {
      assert.ok(existsSync(lock));
      throw new Error("failed");
    }),
  );
  assert.ok(!existsSync(lock));
});

test.run();
