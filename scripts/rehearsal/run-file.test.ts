import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { isRunning, startOf, thisProcess } from "../lib/identity";
import { stopKept, takeRunFile } from "./run-file";

const withFolder = async (work: (dir: string) => Promise<void>): Promise<void> => {
  const dir = await mkdtemp(join(tmpdir(), "run-file-test-"));
  try {
    await work(dir);
  } finally {
    await rm(dir, { recursive: true });
  }
};

const notes: string[] = [];
const take = (dir: string) =>
  takeRunFile(dir, { note: (text) => notes.push(text), stopCommand: "npm start -- --stop" });

const sleeper = async (): Promise<{ pid: number; child: ChildProcess; ended: Promise<void> }> => {
  const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return { pid: child.pid ?? 0, child, ended };
};

/** A run file as a killed rehearsal leaves it. */
const leave = async (dir: string, run: object): Promise<void> => {
  const owner = { pid: 999_999_999, started: "1", host: hostname(), user: "somebody" };
  await writeFile(join(dir, "run.json"), JSON.stringify({ owner, kept: false, processes: [], ...run }));
};

const tracked = async (name: string, pid: number) => ({ name, pid, started: (await startOf(pid)) ?? "" });

test("a second rehearsal in the same folder is told who runs there", () =>
  withFolder(async (dir) => {
    const first = await take(dir);
    await assert.rejects(take(dir), new RegExp(`running already: process ${process.pid} of`));
    assert.equal((await stat(join(dir, "run.json"))).mode & 0o777, 0o600);
    await first.release();
    await (await take(dir)).release();
  }));

test("what a killed rehearsal left running is ended by its number, and the next one begins", () =>
  withFolder(async (dir) => {
    const { pid, ended } = await sleeper();
    await leave(dir, { processes: [await tracked("emulated AWS", pid)] });
    const run = await take(dir);
    await ended;
    assert.equal(await isRunning(pid), false);
    assert.match(notes.at(-1) ?? "", /emulated AWS/);
    await run.release();
  }));

test("a process that only has the same number is left alone", () =>
  withFolder(async (dir) => {
    const { pid, child, ended } = await sleeper();
    await leave(dir, { processes: [{ name: "emulated AWS", pid, started: "of another time" }] });
    await (await take(dir)).release();
    assert.equal(await isRunning(pid), true);
    child.kill();
    await ended;
  }));

test("a process that does not listen to a request to end is ended all the same", () =>
  withFolder(async (dir) => {
    const child = spawn("sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"], {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    const ended = new Promise<string | null>((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
    await leave(dir, { processes: [await tracked("stubborn", child.pid ?? 0)] });
    await (await take(dir)).release();
    assert.equal(await ended, "SIGKILL");
  }));

test("a kept rehearsal is not ended silently; the command that stops it does", () =>
  withFolder(async (dir) => {
    const { pid, ended } = await sleeper();
    const run = await take(dir);
    await run.track("emulated AWS", pid);
    await run.keep();
    await assert.rejects(take(dir), (error: Error & { fix?: string }) => {
      assert.match(error.message, /kept rehearsal is still running/);
      assert.match(error.fix ?? "", /npm start -- --stop/);
      return true;
    });
    assert.equal(await isRunning(pid), true);
    assert.deepEqual(await stopKept(dir), ["emulated AWS"]);
    await ended;
    assert.deepEqual(await stopKept(dir), []);
    await (await take(dir)).release();
  }));

test("a kept rehearsal whose processes have ended is in nobody's way", () =>
  withFolder(async (dir) => {
    await leave(dir, { kept: true, processes: [{ name: "emulated AWS", pid: 999_999_999, started: "1" }] });
    await (await take(dir)).release();
  }));

test("a running rehearsal is not stopped by the command for kept ones", () =>
  withFolder(async (dir) => {
    const run = await take(dir);
    await assert.rejects(stopKept(dir), /is not kept, it is running/);
    await run.release();
  }));

test("an owner on another machine counts as running", () =>
  withFolder(async (dir) => {
    await leave(dir, { owner: { ...(await thisProcess()), host: "another.example", pid: 999_999_999 } });
    await assert.rejects(take(dir), /on another\.example/);
  }));

test("a torn run file is of a run that was killed before it started anything", () =>
  withFolder(async (dir) => {
    for (const torn of ["", '{"owner":']) {
      await writeFile(join(dir, "run.json"), torn);
      const run = await take(dir);
      assert.match(await readFile(join(dir, "run.json"), "utf8"), /"kept": false/);
      await run.release();
    }
  }));

test.run();
