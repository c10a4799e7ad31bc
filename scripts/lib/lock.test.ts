import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { suite } from "uvu";
import { breakLocalLock, type Holder, newHolder, readLocalLock, takeLocalLock } from "./lock";

const test = suite("local lock");
const purpose = { environment: "dev", command: "cutover", waves: ["delivery"] };

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "lock-"));
  try {
    await work(join(folder, "lock"));
  } finally {
    await rm(folder, { recursive: true });
  }
};

const plant = async (folder: string, changes: Partial<Holder>): Promise<Holder> => {
  const holder = { ...(await newHolder(purpose)), ...changes };
  await mkdir(folder);
  await writeFile(join(folder, "00000001.json"), JSON.stringify(holder));
  return holder;
};

/** A process of its own that takes the lock when it is told to, says whether it won, and holds it until its input ends. */
const RACER = `
  const { newHolder, takeLocalLock } = require(process.env.LOCK_MODULE);
  (async () => {
    const holder = await newHolder({ environment: "dev", command: "adopt", waves: ["speech"] });
    process.stdin.once("data", async (start) => {
      while (Date.now() < Number(start)) {}
      try {
        await takeLocalLock(process.env.FOLDER, holder, "wait");
        console.log("won");
      } catch (error) {
        console.log("lost: " + error.message);
      }
    });
    console.log("ready");
  })();`;

const startRacer = (folder: string) => {
  const env = { ...process.env, LOCK_MODULE: join(__dirname, "lock.ts"), FOLDER: folder };
  const child = spawn(process.execPath, ["--import", "tsx", "-e", RACER], { env, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async (): Promise<string> => (await lines.next()).value ?? "ended" };
};

/** What each of so many processes says that reach for the lock in the same moment. */
const race = async (folder: string, count: number): Promise<string[]> => {
  const racers = Array.from({ length: count }, () => startRacer(folder));
  for (const { line } of racers) assert.equal(await line(), "ready");
  const start = Date.now() + 50;
  for (const { child } of racers) child.stdin.write(`${start}\n`);
  const results = await Promise.all(racers.map(({ line }) => line()));
  for (const { child } of racers) child.stdin.end();
  return results;
};

test("is taken, names its holder to the next one, and is free after release", () =>
  inFolder(async (folder) => {
    const first = await takeLocalLock(folder, await newHolder(purpose), "wait for it");
    await assert.rejects(takeLocalLock(folder, await newHolder(purpose), "wait for it"), (error: Error) => {
      assert.match(error.message, new RegExp(`@${hostname()} \\(process ${process.pid}\\)`));
      assert.match(error.message, /`cutover` of dev delivery since \d{4}-/);
      return true;
    });
    await first.release();
    assert.equal(await readLocalLock(folder), undefined);
    const second = await takeLocalLock(folder, await newHolder(purpose), "wait");
    assert.equal(second.takenFrom, undefined);
    await second.release();
  }));

test("of four processes at once exactly one wins, also when a dead lock is there to be taken over", () =>
  inFolder(async (folder) => {
    await plant(folder, { pid: 2 ** 22 + 7, started: "1" });
    const results = await race(folder, 4);
    assert.equal(results.filter((result) => result === "won").length, 1, results.join("\n"));
    assert.equal(results.filter((result) => /^lost: someone else is at it: .*process \d+/.test(result)).length, 3);
  }));

test("the lock of a dead process of this host is taken over, and its id handed down", () =>
  inFolder(async (folder) => {
    const dead = await plant(folder, { pid: 2 ** 22 + 7, tookOver: ["earlier"] });
    const lock = await takeLocalLock(folder, await newHolder(purpose), "wait");
    assert.equal(lock.takenFrom?.id, dead.id);
    assert.deepEqual(lock.holder.tookOver, [dead.id, "earlier"]);
    assert.equal((await readLocalLock(folder))?.id, lock.holder.id);
  }));

test("a process number that was given to somebody else since is dead", () =>
  inFolder(async (folder) => {
    await plant(folder, { started: "another time" });
    assert.ok((await takeLocalLock(folder, await newHolder(purpose), "wait")).takenFrom);
  }));

test("a lock of another machine is never taken over", () =>
  inFolder(async (folder) => {
    await plant(folder, { host: "somewhere-else", pid: 2 ** 22 + 7 });
    await assert.rejects(takeLocalLock(folder, await newHolder(purpose), "wait"), /@somewhere-else/);
  }));

test("a person may break it, and the broken holder cannot give back what another took since", () =>
  inFolder(async (folder) => {
    const first = await takeLocalLock(folder, await newHolder(purpose), "wait");
    await breakLocalLock(folder);
    const second = await takeLocalLock(folder, await newHolder(purpose), "wait");
    await first.release();
    assert.equal((await readLocalLock(folder))?.id, second.holder.id);
    assert.equal((await readdir(folder)).length, 1);
  }));

test.run();
