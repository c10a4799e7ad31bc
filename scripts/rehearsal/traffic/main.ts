// A process of its own: whatever the rehearsal works on beside it, requests are sent and looked for on time, and its
// processor time is told apart from the rehearsal's.
import { createLedger, type TrafficReport } from "./ledger";
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

export interface FromTraffic {
  readonly report: TrafficReport;
  /** Processor time of this process, in seconds. */
  readonly seconds: number;
}

const { address, run, firstStage } = JSON.parse(process.argv[2] ?? "{}") as TrafficJob;
const ledger = createLedger(firstStage);
const running = runTraffic(connect(address), ledger, run);

const answer = (): FromTraffic => {
  const { user, system } = process.cpuUsage();
  return { report: ledger.report(), seconds: (user + system) / 1e6 };
};

process.on("message", async (message: ToTraffic) => {
  if (message.kind === "mark") {
    ledger.mark(message.stage);
    return;
  }
  if (message.kind === "stop") await running.stop(message.drainTimeout);
  process.send?.(answer());
});

// However the rehearsal ended, kill -9 included: there is nobody left to report to.
process.on("disconnect", () => process.exit());
// The terminal's Ctrl-C is the rehearsal's to hear; it decides when the traffic ends.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
