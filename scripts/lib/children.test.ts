import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { forgetChildren, settleChildren, writeWith } from "./children";
import type { Context } from "./context";
import { isRunning } from "./identity";
import { mask, rememberSecret } from "./masking";
import { paths } from "./paths";
import { createProgress } from "./progress";

const test = suite("tools that write");

const withContext = async (work: (context: Context, notes: string[]) => Promise<void>): Promise<void> => {
  const workspace = await mkdtemp(join(tmpdir(), "children-"));
  const notes: string[] = [];
  const progress = { ...createProgress({ quiet: true }), note: (text: string) => void notes.push(text) };
  const env = { PATH: process.env.PATH };
  try {
    await work({ workspace, environment: "dev", env, terraform: "terraform", pulumi: "pulumi", progress }, notes);
  } finally {
    await rm(workspace, { recursive: true });
  }
};

const traces = (context: Context): Promise<string[]> => readdir(paths(context).children).catch(() => []);
const shell = (context: Context, script: string) => writeWith(context, "sh", ["-c", script], { env: context.env });

test("leave no trace when they end by themselves, and their answer comes back", () =>
  withContext(async (context) => {
    assert.equal((await shell(context, "echo done")).stdout, "done\n");
    assert.deepEqual(await traces(context), []);
  }));

test("leave the number of a process that was killed, which is how its lock is known", () =>
  withContext(async (context) => {
    let pid = "";
    await assert.rejects(shell(context, "echo $$ >&2; kill -9 $$"), (error: Error) => {
      assert.match(error.message, /`sh -c .*` failed \(SIGKILL\)/s);
      pid = /\n(\d+)$/.exec(error.message)?.[1] ?? "";
      return true;
    });
    assert.deepEqual(await settleChildren(context), [Number(pid)]);
    await forgetChildren(context);
    assert.deepEqual(await settleChildren(context), []);
  }));

test("are waited for when the run that started them is dead", () =>
  withContext(async (context, notes) => {
    const orphan = spawn("sleep", ["0.8"], { stdio: "ignore" });
    await mkdir(paths(context).children, { recursive: true });
    await writeFile(join(paths(context).children, "sleep-1-1.pid"), `${orphan.pid}\n`);
    const began = Date.now();
    assert.deepEqual(await settleChildren(context), [orphan.pid]);
    assert.ok(Date.now() - began > 500);
    assert.equal(await isRunning(orphan.pid ?? 0), false);
    assert.match(notes.join(), /waiting for sleep \(process \d+\), which a killed run left behind/);
  }));

test("a number that belongs to another program now is not waited for", () =>
  withContext(async (context, notes) => {
    await mkdir(paths(context).children, { recursive: true });
    await writeFile(join(paths(context).children, "pulumi-1-1.pid"), `${process.pid}\n`);
    assert.deepEqual(await settleChildren(context), [process.pid]);
    assert.deepEqual(notes, []);
  }));

test("secrets in what they print do not reach a message", () =>
  withContext(async (context) => {
    rememberSecret({ password: 'hunter2"and more' });
    await assert.rejects(shell(context, `echo 'it is hunter2"and more'; exit 1`), (error: Error) => {
      assert.doesNotMatch(error.message, /hunter2/);
      assert.match(error.message, /it is \(sensitive\)/);
      return true;
    });
    assert.equal(mask('{"a":"hunter2\\"and more"}'), '{"a":"(sensitive)"}');
  }));

test.run();
