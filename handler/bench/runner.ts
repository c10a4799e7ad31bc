import { performance } from "node:perf_hooks";
import { put } from "../testing/records";

// Runs in a process of its own, so that memory and import time are the handler's alone. Arguments: the file of the handler, records in
// a batch, number of batches. Prints one line of JSON.

type AnyHandler = (event: unknown, context: unknown) => Promise<unknown>;

const context = () => {
  const end = performance.now() + 300_000;
  return { awsRequestId: "bench", getRemainingTimeInMillis: () => end - performance.now() };
};

const main = async (): Promise<void> => {
  const [file = "", size = "0", batches = "0"] = process.argv.slice(2);
  const begun = performance.now();
  const { handler } = require(file) as { handler: AnyHandler };
  const importMs = performance.now() - begun;
  let n = 0;
  const batchOf = (length: number) => ({
    Records: Array.from({ length }, () =>
      put(++n, n, `Request number ${n}, a sentence of ordinary length for a bench.`),
    ),
  });
  if (Number(batches) > 0) await handler(batchOf(2), context());
  const seconds: number[] = [];
  const cpuBegun = process.cpuUsage();
  for (let batch = 0; batch < Number(batches); batch++) {
    const event = batchOf(Number(size));
    const start = performance.now();
    await handler(event, context());
    seconds.push((performance.now() - start) / 1_000);
  }
  const { user, system } = process.cpuUsage(cpuBegun);
  const cpuMs = (user + system) / 1_000 / (Number(size) * Number(batches));
  const peakMb = process.resourceUsage().maxRSS / 1_024;
  process.stderr.write(`${JSON.stringify({ importMs, seconds, cpuMs, peakMb })}\n`);
};

void main();
