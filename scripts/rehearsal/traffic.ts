import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf, UserError } from "../lib/errors";
import { assertLoopback } from "./isolation";
import type { TrafficReport } from "./traffic/ledger";
import type { Pace } from "./traffic/pace";
import type { PipelineAddress } from "./traffic/pipeline";
import type { ToTraffic, TrafficJob } from "./traffic/worker";

export type { StageTraffic, TrafficReport } from "./traffic/ledger";
export type { Pace } from "./traffic/pace";

export interface TrafficOptions extends PipelineAddress, Partial<Pace> {
  /** Name of the stage that begins now. */
  readonly firstStage: string;
  /** Default 1,000,001. A second traffic in the same account needs other Ids, with the same number of digits. */
  readonly firstId?: number;
}

export interface Traffic {
  /** From now on requests belong to this stage. */
  mark(stage: string): void;
  /** How it stands now; what is still on its way counts as lost here. */
  snapshot(): Promise<TrafficReport>;
  /**
   * Stops sending and waits for what is on its way.
   * @param options.drainTimeout milliseconds, default 60,000. What has no audio by then is lost.
   */
  stop(options?: { drainTimeout?: number }): Promise<TrafficReport>;
  /** Ends at once, without a report. */
  abandon(): Promise<void>;
}

/** Five a second, and every ten seconds ten more at once. */
const USUAL: Pace = { ratePerSecond: 5, burst: { size: 10, everySeconds: 10 } };

const post = (worker: Worker, message: ToTraffic): void => worker.postMessage(message);

const answerOf = (worker: Worker): Promise<TrafficReport> =>
  new Promise((resolve, reject) => {
    const failed = (reason: string) => () => reject(new UserError(`The traffic ended by itself: ${reason}`));
    const onExit = failed("its thread exited");
    const onError = (error: unknown): void => failed(messageOf(error))();
    worker.once("exit", onExit);
    worker.once("error", onError);
    worker.once("message", (report: TrafficReport) => {
      worker.off("exit", onExit);
      worker.off("error", onError);
      resolve(report);
    });
  });

/**
 * Sends requests into the pipeline without a break and watches for the audio of each. A request is spoken only if its
 * object is there and is byte for byte what Polly says to its text.
 */
export const startTraffic = (options: TrafficOptions): Traffic => {
  const {
    firstStage,
    firstId = 1_000_001,
    ratePerSecond = USUAL.ratePerSecond,
    burst = USUAL.burst,
    ...address
  } = options;
  assertLoopback(address.endpoint);
  const job: TrafficJob = { address, run: { firstId, ratePerSecond, burst }, firstStage };
  // A thread starts with plain JavaScript, which loads the TypeScript.
  const start = [require.resolve("tsx/cjs"), join(__dirname, "traffic", "worker.ts")];
  const worker = new Worker(start.map((file) => `require(${JSON.stringify(file)});`).join("\n"), {
    eval: true,
    workerData: job,
    // The SDK finds its settings here as in any process; it gets none.
    env: { AWS_EC2_METADATA_DISABLED: "true", AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
  });
  let broken: unknown;
  worker.on("error", (error) => {
    broken = error;
  });
  const ask = (message: ToTraffic): Promise<TrafficReport> => {
    if (broken) return Promise.reject(new UserError(`The traffic ended by itself: ${messageOf(broken)}`));
    const answer = answerOf(worker);
    post(worker, message);
    return answer;
  };
  return {
    mark: (stage) => post(worker, { kind: "mark", stage }),
    snapshot: () => ask({ kind: "look" }),
    stop: async ({ drainTimeout = 60_000 } = {}) => {
      const report = await ask({ kind: "stop", drainTimeout });
      await worker.terminate();
      return report;
    },
    abandon: async () => {
      await worker.terminate();
    },
  };
};
