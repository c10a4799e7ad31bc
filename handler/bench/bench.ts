import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { POLLY_LIMITS } from "../src/limits";
import { type BenchCloud, startBenchCloud } from "./cloud";
import { type BenchFiles, buildBenchFiles } from "./files";
import { costOfMillionRequests, PRICES, type Usage } from "./prices";

/** One figure beside its baseline, both from the same run on the same machine. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, and that figure. */
  readonly baseline: string;
  readonly baselineValue: number;
  /** How many times better than the baseline; above 1 is better. */
  readonly ratio: number;
  /** The least ratio, or the most of the unit, that is aimed at. */
  readonly aim?: string;
  readonly met?: boolean;
}

const execute = promisify(execFile);

const BATCH = 100;
/** Several, so that the rate is the one that lasts when the burst is used up. The baseline is too slow for more than one, and has none. */
const BATCHES = 4;
const IMPORTS = 7;
const AIM_BYTES = 350_000;

interface Run {
  readonly importMs: number;
  readonly seconds: number[];
  /** Processor time of one record, in milliseconds. */
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly logBytes: number;
}

/** Runs a handler in a process of its own. */
const run = async (
  files: BenchFiles,
  file: string,
  environment: Record<string, string>,
  batches: number,
): Promise<Run> => {
  const { stdout, stderr } = await execute(process.execPath, [files.runner, file, String(BATCH), String(batches)], {
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1", ...environment },
    maxBuffer: 64 * 1_024 * 1_024,
  });
  return { ...(JSON.parse(stderr) as Omit<Run, "logBytes">), logBytes: stdout.length };
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Median import times, taken in turns so that a busy moment of the machine hits both. */
const compareImports = async (
  files: BenchFiles,
  { environment }: BenchCloud,
): Promise<{ ours: number; article: number }> => {
  const [ours, article]: [number[], number[]] = [[], []];
  for (let n = 0; n < IMPORTS; n++) {
    ours.push((await run(files, files.ours, environment, 0)).importMs);
    article.push((await run(files, files.article, environment, 0)).importMs);
  }
  return { ours: median(ours), article: median(article) };
};

const lowerIsBetter = (value: number, baselineValue: number) => ({
  value,
  baselineValue,
  ratio: baselineValue / value,
});
const higherIsBetter = (value: number, baselineValue: number) => ({
  value,
  baselineValue,
  ratio: value / baselineValue,
});
const aimed = (row: Omit<BenchRow, "met" | "aim">, aim: string, met: boolean): BenchRow => ({ ...row, aim, met });

const usageOf = (seconds: number, heads: number, logBytes: number): Usage => ({
  seconds,
  records: BATCH,
  heads,
  puts: 1,
  logBytes,
});

const speedRows = (ours: Run, article: Run, polly: BenchCloud["polly"]): BenchRow[] => {
  const sustained = BATCH / mean(ours.seconds);
  const throughput = higherIsBetter(sustained, BATCH / mean(article.seconds));
  const name = `throughput in batches of ${BATCH} different Ids`;
  const limit = POLLY_LIMITS.standard;
  return [
    aimed({ name, unit: "records/s", baseline: "article", ...throughput }, "at least 8 times", throughput.ratio >= 8),
    {
      name: "rate",
      unit: "calls/s",
      baseline: "Polly's limit",
      ...higherIsBetter(sustained, limit.perSecond),
    },
    {
      name: "most calls under way",
      unit: "calls",
      baseline: "Polly's limit",
      ...higherIsBetter(polly.mostUnderWay, limit.concurrent),
    },
    {
      name: "calls that Polly throttled",
      unit: "calls",
      baseline: "all calls",
      ...higherIsBetter(polly.throttled, polly.texts.length),
    },
  ];
};

const sizeRows = (
  { bytes }: BenchFiles,
  imports: { ours: number; article: number },
  ours: Run,
  article: Run,
): BenchRow[] => {
  const size = lowerIsBetter(bytes.ours, bytes.plain);
  const importing = lowerIsBetter(imports.ours, imports.article);
  const memory = lowerIsBetter(ours.peakMb, article.peakMb);
  return [
    aimed(
      { name: "bundle", unit: "bytes", baseline: "plain esbuild", ...size },
      `under ${AIM_BYTES}`,
      bytes.ours < AIM_BYTES,
    ),
    aimed({ name: "import", unit: "ms", baseline: "article", ...importing }, "at most half", importing.ratio >= 2),
    {
      name: "processor time of a record",
      unit: "ms",
      baseline: "article",
      ...lowerIsBetter(ours.cpuMs, article.cpuMs),
    },
    { name: "peak memory of a run", unit: "MB", baseline: "article", ...memory },
  ];
};

const costRows = (ours: Run, article: Run): BenchRow[] => {
  const logBytes = ours.logBytes / (BATCH * ours.seconds.length);
  // The baseline logs nothing; Lambda's own lines are the same for both and left out.
  const mine = costOfMillionRequests(usageOf(mean(ours.seconds), 1, logBytes));
  const theirs = costOfMillionRequests(usageOf(mean(article.seconds), 0, 0));
  const characters = PRICES.pollyCharacters.usd;
  return [
    { name: "Polly, a million characters", unit: "USD", baseline: "article", ...lowerIsBetter(characters, characters) },
    { name: "all but Polly, a million requests", unit: "USD", baseline: "article", ...lowerIsBetter(mine, theirs) },
  ];
};

/** Compares the handler with the one of the article, in one run. Asserts nothing: figures of time are the machine's. */
export const benchHandler = async (): Promise<BenchRow[]> => {
  const folder = join(__dirname, "../dist/bench");
  await mkdir(folder, { recursive: true });
  const cloud = await startBenchCloud();
  try {
    const files = await buildBenchFiles(folder);
    const imports = await compareImports(files, cloud);
    const article = await run(files, files.article, cloud.http2Environment, 1);
    const ours = await run(files, files.ours, cloud.environment, BATCHES);
    return [
      ...speedRows(ours, article, cloud.polly),
      ...sizeRows(files, imports, ours, article),
      ...costRows(ours, article),
    ];
  } finally {
    await cloud.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

if (require.main === module) {
  void benchHandler().then((rows) => process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`));
}
