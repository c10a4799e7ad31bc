// A thread of its own: whatever the rehearsal works on beside it, requests are sent and looked for on time.
import { parentPort, workerData } from "node:worker_threads";
import { createLedger } from "./ledger";
import { connect, type PipelineAddress } from "./pipeline";
import { type Run, runTraffic } from "./run";

export interface TrafficJob {
  readonly address: PipelineAddress;
  readonly run: Run;
  readonly firstStage: string;
}

export type ToTraffic =
  | { readonly kind: "mark"; readonly stage: string }
  | { readonly kind: "look" }
  | { readonly kind: "stop"; readonly drainTimeout: number };

const { address, run, firstStage } = workerData as TrafficJob;
const ledger = createLedger(firstStage);
const running = runTraffic(connect(address), ledger, run);

parentPort?.on("message", async (message: ToTraffic) => {
  if (message.kind === "mark") {
    ledger.mark(message.stage);
    return;
  }
  if (message.kind === "stop") await running.stop(message.drainTimeout);
  parentPort?.postMessage(ledger.report());
  if (message.kind === "stop") parentPort?.close();
});
