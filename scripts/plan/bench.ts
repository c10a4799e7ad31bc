import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../lib/processes";
import { generate } from "./testing/generated";

export interface PlanMeasurement {
  readonly resources: number;
  /** Milliseconds beyond process start. */
  readonly inventoryMs: number;
  readonly readMapMs: number;
  readonly planMs: number;
  readonly totalMs: number;
  /** Of the processor, all threads: what `totalMs` would be on a machine that does nothing else, or a little more. */
  readonly cpuMs: number;
  /** Of the whole process, Node and the TypeScript loader included. */
  readonly peakMegabytes: number;
}

export interface PlanBench {
  readonly measurements: readonly PlanMeasurement[];
  readonly text: string;
}

const SIZES = [100, 1_000, 10_000] as const;

const measure = async (size: number): Promise<PlanMeasurement> => {
  const folder = await mkdtemp(join(tmpdir(), "plan-bench-"));
  try {
    for (const [name, content] of Object.entries(generate(size))) await writeFile(join(folder, name), content);
    const { stdout } = await run(process.execPath, ["--import", "tsx", join(__dirname, "bench-worker.ts"), folder], {
      cwd: join(__dirname, "../.."),
      env: process.env,
      timeout: 120_000,
    });
    return JSON.parse(stdout) as PlanMeasurement;
  } finally {
    await rm(folder, { recursive: true });
  }
};

const times = (value: number, base: number): string => `×${(value / base).toFixed(1)}`;

const line = (one: PlanMeasurement, base: PlanMeasurement): string => {
  const cells = [
    String(one.resources),
    `${one.inventoryMs.toFixed(0)} ms`,
    `${one.readMapMs.toFixed(0)} ms`,
    `${one.planMs.toFixed(0)} ms`,
    `${one.totalMs.toFixed(0)} ms`,
    `${one.cpuMs.toFixed(0)} ms`,
    times(one.cpuMs, base.cpuMs),
    `${one.peakMegabytes.toFixed(0)} MB`,
    times(one.peakMegabytes, base.peakMegabytes),
  ];
  return cells.map((cell) => cell.padStart(11)).join("");
};

const HEADER = ["resources", "inventory", "map+preview", "plan", "total", "cpu", "", "peak", ""]
  .map((cell) => cell.padStart(11))
  .join("");

/** Inventory, map and plan of generated states: time beyond process start and peak memory, beside the smallest. */
export const benchPlan = async (sizes: readonly number[] = SIZES): Promise<PlanBench> => {
  const measurements: PlanMeasurement[] = [];
  for (const size of sizes) measurements.push(await measure(size));
  const [base] = measurements;
  const lines = base ? measurements.map((one) => line(one, base)) : [];
  return { measurements, text: [HEADER, ...lines].join("\n") };
};
