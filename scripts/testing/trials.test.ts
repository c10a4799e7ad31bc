import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { readTrials } from "../review/gather/trials";
import { recordTrials, tried } from "./trials";

test("trials are kept by name, the newest result of each, and the review reads them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trials-"));
  try {
    await tried("kill one", "went on", async () => undefined, folder);
    await tried("kill two", "went on", async () => undefined, folder);
    const fails = tried("kill one", "went on", () => Promise.reject(new Error("nobody owns it\nmore")), folder);
    await assert.rejects(fails, /nobody owns it/);
    await recordTrials("mutation", [{ name: "m", ok: true, outcome: "noticed" }], folder);
    const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), "utf8"));
    assert.deepEqual(readTrials("fault", await read("faults.json")), [
      { kind: "fault", name: "kill two", ok: true, outcome: "went on" },
      { kind: "fault", name: "kill one", ok: false, outcome: "nobody owns it" },
    ]);
    assert.equal(readTrials("mutation", await read("mutations.json")).length, 1);
    assert.deepEqual(readTrials("fault", { results: "no list" }), []);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
