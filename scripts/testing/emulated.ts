import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../rehearsal/emulator";
import { ensurePython } from "../rehearsal/python";
import { ROOT } from "./parity/sides";

export interface Emulated {
  readonly emulator: Emulator;
  /** An empty folder that goes when the work is done. */
  readonly folder: string;
}

/** Gives `work` an emulated AWS of its own, and ends it whatever happens. */
export const withEmulator = async <T>(
  options: Partial<Pick<EmulatorOptions, "accountId" | "region" | "pollyEndpoint" | "enforceIam" | "port">>,
  work: (emulated: Emulated) => Promise<T>,
): Promise<T> => {
  const python = await ensurePython(join(ROOT, ".rehearsal", "python"), process.env);
  const folder = await mkdtemp(join(tmpdir(), "text-to-speech-test-"));
  const defaults = { accountId: "111111111111", region: "us-east-1" };
  try {
    const emulator = await startEmulator({ python, dir: folder, env: process.env, ...defaults, ...options });
    try {
      return await work({ emulator, folder });
    } finally {
      await emulator.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
