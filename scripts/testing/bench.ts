import { availableParallelism, loadavg } from "node:os";
import Table from "cli-table3";
import { type BenchRow, benchHandler } from "../../handler/bench/bench";
import { messageOf } from "../lib/errors";
import { handleSignals } from "../lib/processes";
import { createProgress } from "../lib/progress";
import { benchPlan } from "../plan/bench";
import { benchOverhead } from "./bench-overhead";

const round = (value: number): string => (Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(0));

const handlerTable = (rows: readonly BenchRow[]): string => {
  const table = new Table({
    head: ["handler", "value", "baseline", "", "times better", "aim"],
    colAligns: ["left", "right", "left", "right", "right", "left"],
    style: { head: [], border: [] },
  });
  for (const { name, value, unit, baseline, baselineValue, ratio, aim, met } of rows) {
    const reached = aim === undefined ? "" : `${aim}: ${met ? "met" : "not met"}`;
    table.push([name, `${round(value)} ${unit}`, baseline, `${round(baselineValue)} ${unit}`, round(ratio), reached]);
  }
  return table.toString();
};

/** Timings as ratios against a baseline of the same run; nothing here passes or fails. */
const main = async (): Promise<void> => {
  handleSignals();
  const progress = createProgress();
  const write = (text: string): void => void process.stdout.write(`${text}\n\n`);
  const [load = 0] = loadavg();
  write(`${availableParallelism()} processors, load ${load.toFixed(1)}, Node.js ${process.version}`);
  write(handlerTable(await progress.step("handler against the article's way", () => benchHandler())));
  write((await progress.step("inventory and plan of generated states", () => benchPlan())).text);
  write(await benchOverhead());
};

main().catch((error: unknown) => {
  process.stderr.write(`error: ${messageOf(error)}\n`);
  process.exitCode = 1;
});
