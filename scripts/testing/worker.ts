// Runs one test file after another in this process, as uvu's own runner does: most of a short file's time is start-up.
import { createInterface } from "node:readline";
import { endMark } from "./marks";

const uvu = globalThis as typeof globalThis & { UVU_DEFER: number; UVU_QUEUE: unknown[][]; UVU_INDEX: number };
// Set before uvu is loaded: suites are then queued, and run when we say so.
uvu.UVU_DEFER = 1;
uvu.UVU_INDEX = 0;

const write = (text: string): Promise<void> => new Promise((resolve) => process.stdout.write(text, () => resolve()));

const runFile = async (file: string): Promise<number> => {
  process.exitCode = 0;
  uvu.UVU_QUEUE = [[null]];
  try {
    require(file);
    const { exec } = require("uvu") as { exec(): Promise<void> };
    // Without a suite in the queue `run()` was forgotten: no summary then, and the guard finds that.
    if ((uvu.UVU_QUEUE[0]?.length ?? 0) > 1) await exec();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    await write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
};

const main = async (): Promise<void> => {
  for await (const file of createInterface({ input: process.stdin })) await write(endMark(await runFile(file)));
  process.exit(0);
};

void main();
