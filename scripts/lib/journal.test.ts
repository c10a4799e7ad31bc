import { strict as assert } from "node:assert";
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { type Journal, openJournal, readJournal, setAsideJournal } from "./journal";

const test = suite("journal");
const owner = { command: "adopt", waves: ["delivery"], fix: "recover" };

const withJournal = async (work: (path: string, journal: Journal) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "journal-"));
  try {
    const path = join(folder, "journal.jsonl");
    await work(path, await openJournal(path, owner));
  } finally {
    await rm(folder, { recursive: true });
  }
};

const threeRecords = async (journal: Journal): Promise<void> => {
  await journal.write({ event: "start" });
  await journal.write({ event: "begin", step: "import", detail: { resources: 3 } });
  await journal.write({ event: "end", step: "import" });
};

test("keeps records in order, chained, for its owner alone", () =>
  withJournal(async (path, journal) => {
    await threeRecords(journal);
    const { records, damage, tornBytes } = await readJournal(path);
    assert.deepEqual([damage, tornBytes], ["", 0]);
    assert.deepEqual(
      records.map(({ event, step }) => [event, step]),
      [
        ["start", undefined],
        ["begin", "import"],
        ["end", "import"],
      ],
    );
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  }));

test("drops a torn last line wherever it was torn, and goes on", () =>
  withJournal(async (path, journal) => {
    await threeRecords(journal);
    const whole = await readFile(path);
    const lastStart = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
    for (let length = lastStart + 1; length < whole.length; length += 37) {
      // The head still speaks of the record before, as after a kill in the middle of an append.
      await writeFile(path, whole.subarray(0, lastStart));
      await rm(join(path, "..", "journal.head.json"));
      const before = await readJournal(path);
      const head = { seq: 1, hash: before.records[1]?.hash };
      await writeFile(join(path, "..", "journal.head.json"), JSON.stringify(head));
      await writeFile(path, whole.subarray(0, length));
      const again = await openJournal(path, owner);
      await again.write({ event: "note" });
      const { records, damage } = await readJournal(path);
      assert.deepEqual([damage, records.length, records.at(-1)?.event], ["", 3, "note"]);
    }
  }));

const damages: Record<string, (path: string, text: string) => Promise<void>> = {
  "a changed word": (path, text) => writeFile(path, text.replace('"begin"', '"end"')),
  "a removed line": (path, text) => writeFile(path, text.split("\n").toSpliced(1, 1).join("\n")),
  "a repeated line": (path, text) => appendFile(path, `${text.split("\n")[2]}\n`),
  "a cut tail": (path, text) => writeFile(path, `${text.split("\n")[0]}\n`),
  "a deleted file": (path) => rm(path),
  "a deleted head": (path) => rm(join(path, "..", "journal.head.json")),
  "something else inside": (path, text) => writeFile(path, text.replace("{", "\u0000")),
};

for (const [what, harm] of Object.entries(damages)) {
  test(`${what} is noticed, and nothing more is written`, () =>
    withJournal(async (path, journal) => {
      await threeRecords(journal);
      await harm(path, await readFile(path, "utf8"));
      const harmed = await readFile(path).catch(() => Buffer.alloc(0));
      assert.notEqual((await readJournal(path)).damage, "");
      await assert.rejects(openJournal(path, owner), /cannot be trusted/);
      assert.deepEqual(await readFile(path).catch(() => Buffer.alloc(0)), harmed);
    }));
}

test("a broken journal can be put aside, and a new one begun", () =>
  withJournal(async (path, journal) => {
    await threeRecords(journal);
    await writeFile(path, "nonsense\n");
    const aside = await setAsideJournal(path);
    assert.equal(await readFile(aside, "utf8"), "nonsense\n");
    await threeRecords(await openJournal(path, owner));
    assert.equal((await readJournal(path)).damage, "");
  }));

test.run();
