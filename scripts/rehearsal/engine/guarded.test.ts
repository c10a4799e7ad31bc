import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "uvu";
import { isRunning } from "../../lib/identity";
import { startGuarded } from "./guarded";

const untilGone = async (pid: number): Promise<boolean> => {
  const deadline = Date.now() + 5_000;
  while (await isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return true;
};

/** Resolves with the number that a program prints about itself or a child. */
const startAndRead = (script: string) => {
  let service: ReturnType<typeof startGuarded> | undefined;
  const printed = new Promise<number>((resolve) => {
    service = startGuarded("/bin/sh", ["-c", script], { env: process.env, onLine: (line) => resolve(Number(line)) });
  });
  return { service: service as ReturnType<typeof startGuarded>, printed };
};

test("stop ends the program and what it started", async () => {
  const { service, printed } = startAndRead("sleep 60 & echo $!; wait");
  const grandchild = await printed;
  assert.equal(await isRunning(grandchild), true);
  await service.stop();
  assert.ok(await untilGone(grandchild));
});

test("when the program ends by itself, so does what it left behind", async () => {
  const { service, printed } = startAndRead("sleep 60 & echo $!");
  const grandchild = await printed;
  await service.ended;
  assert.ok(await untilGone(grandchild));
});

test("when this process is killed with SIGKILL, everything ends", async () => {
  const code = `
    const { startGuarded } = require(${JSON.stringify(join(__dirname, "guarded.ts"))});
    startGuarded("/bin/sh", ["-c", "sleep 60 & echo $!; wait"], {
      env: process.env,
      onLine: (line) => process.stdout.write(line + "\\n"),
    });
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["--import", "tsx", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const grandchild = await new Promise<number>((resolve) =>
    parent.stdout.once("data", (chunk: Buffer) => resolve(Number(chunk.toString().trim()))),
  );
  assert.equal(await isRunning(grandchild), true);
  parent.kill("SIGKILL");
  assert.ok(await untilGone(grandchild));
});

test.run();
