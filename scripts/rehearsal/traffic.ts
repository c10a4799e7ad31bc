import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../lib/errors";
import { assertLoopback } from "./isolation";
import type { FromTraffic, ToTraffic, TrafficJob } from "./traffic/main";
import type { Pace } from "./traffic/pace";
import type { PipelineAddress } from "./traffic/pipeline";

export type { StageTraffic, TrafficReport } from "./traffic/ledger";
export type { Pace } from "./traffic/pace";

export interface TrafficOptions extends PipelineAddress, Partial<Pace> {
  /** Whole environment of the process. */
  readonly env: NodeJS.ProcessEnv;
  /** Name of the stage that begins now. */
  readonly firstStage: string;
  /** Default 1,000,001. A second traffic in the same account needs other Ids, with the same number of digits. */
  readonly firstId?: number;
}

export interface Traffic {
  /** From now on requests belong to this stage. */
  mark(stage: string): void;
  /** How it stands now; what is still on its way counts as lost here. */
  snapshot(): Promise<FromTraffic>;
  /**
   * Stops sending and waits for what is on its way.
   * @param options.drainTimeout milliseconds, default 60,000. What has no audio by then is lost.
   */
  stop(options?: { drainTimeout?: number }): Promise<FromTraffic>;
  /** Ends at once, without a report. */
  abandon(): Promise<void>;
}

/** Five a second, and every ten seconds ten more at once. */
const USUAL: Pace = { ratePerSecond: 5, burst: { size: 10, everySeconds: 10 } };

const start = (job: TrafficJob, env: NodeJS.ProcessEnv): ChildProcess =>
  fork(join(__dirname, "traffic", "main.ts"), [JSON.stringify(job)], {
    // The SDK would announce on every start which Node.js its versions of next year want.
    env: { ...env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    execArgv: ["--import", pathToFileURL(require.resolve("tsx")).href],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });

const endOf = (child: ChildProcess): Promise<never> =>
  new Promise((_, reject) => {
    const fail = (why: string): void => reject(new UserError(`The traffic ended by itself: ${why}`));
    child.once("error", ({ message }) => fail(message));
    child.once("exit", (code, signal) => fail(signal ?? `exit code ${code}`));
  });

/**
 * Sends requests into the pipeline without a break and watches for the audio of each, in a process of its own. A request
 * is spoken only if its object is there and is byte for byte what Polly says to its text.
 */
export const startTraffic = (options: TrafficOptions): Traffic => {
  const {
    env,
    firstStage,
    firstId = 1_000_001,
    ratePerSecond = USUAL.ratePerSecond,
    burst = USUAL.burst,
    ...address
  } = options;
  assertLoopback(address.endpoint);
  const child = start({ address, run: { firstId, ratePerSecond, burst }, firstStage }, env);
  const ended = endOf(child);
  const over = ended.catch(() => undefined);
  const post = (message: ToTraffic): void => void (child.connected && child.send(message));
  const ask = (message: ToTraffic): Promise<FromTraffic> => {
    const answer = new Promise<FromTraffic>((resolve) => child.once("message", resolve));
    post(message);
    return Promise.race([answer, ended]);
  };
  const abandon = async (): Promise<void> => {
    child.kill("SIGKILL");
    await over;
  };
  return {
    mark: (stage) => post({ kind: "mark", stage }),
    snapshot: () => ask({ kind: "look" }),
    stop: async ({ drainTimeout = 60_000 } = {}) => {
      const last = await ask({ kind: "stop", drainTimeout });
      await abandon();
      return last;
    },
    abandon,
  };
};
