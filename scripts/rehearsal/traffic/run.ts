import { messageOf } from "../../lib/errors";
import type { Audio } from "../polly";
import type { Ledger } from "./ledger";
import { dueAfter, type Pace } from "./pace";
import type { Pipeline } from "./pipeline";
import { textOf } from "./texts";

/** Milliseconds between two looks into the bucket: how exact the times are. */
const LOOK_EVERY = 100;
const SEND_EVERY = 20;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const isSame = (a: Audio, b: Audio): boolean => a.md5 === b.md5 && a.bytes === b.bytes;

/** Looks once which of the open requests have their audio. It counts only if it is what Polly says to the text. */
export const look = async (pipeline: Pipeline, ledger: Ledger, now: () => number): Promise<void> => {
  const open = ledger.outstanding();
  const [oldest] = open;
  if (!oldest) return;
  const there = await pipeline.list(oldest.id - 1);
  const seenAt = now();
  for (const { id, text } of open) {
    const found = there.get(id);
    if (!found) continue;
    const wanted = await pipeline.expected(text);
    if (isSame(found, wanted)) ledger.spoken(id, seenAt);
    else ledger.problem(id, `other audio than Polly's: ${found.bytes} bytes, expected ${wanted.bytes}`);
  }
};

export interface Running {
  /** Stops sending, waits for what is on its way, at most so many milliseconds. */
  stop(drainTimeout: number): Promise<void>;
}

export interface Run extends Pace {
  /** Id of the first request; those after it count upwards and have as many digits. */
  readonly firstId: number;
}

const send = async (pipeline: Pipeline, ledger: Ledger, id: number, text: string): Promise<void> => {
  try {
    await pipeline.put(id, text);
  } catch (error) {
    // Sent and not taken: lost, unless its audio comes all the same.
    ledger.problem(id, `not accepted: ${messageOf(error)}`);
  }
};

/** Sends requests at the given pace and looks for their audio, until it is stopped. */
export const runTraffic = (pipeline: Pipeline, ledger: Ledger, run: Run): Running => {
  const now = (): number => performance.now();
  const began = now();
  let count = 0;
  let sending = true;
  let looking = true;

  const sender = setInterval(() => {
    const due = dueAfter(run, now() - began);
    for (; sending && count < due; count += 1) {
      const id = run.firstId + count;
      const text = textOf(count);
      ledger.sent(id, text, now());
      void send(pipeline, ledger, id, text);
    }
  }, SEND_EVERY);

  const watch = async (): Promise<void> => {
    while (looking) {
      try {
        await look(pipeline, ledger, now);
      } catch (error) {
        // The bucket or Polly did not answer: nothing is known of the open requests, which stay open.
        for (const { id } of ledger.outstanding()) ledger.problem(id, `could not be looked for: ${messageOf(error)}`);
      }
      await pause(LOOK_EVERY);
    }
  };
  const watching = watch();

  return {
    stop: async (drainTimeout) => {
      sending = false;
      clearInterval(sender);
      const deadline = now() + drainTimeout;
      while (ledger.outstanding().length > 0 && now() < deadline) await pause(LOOK_EVERY);
      looking = false;
      await watching;
    },
  };
};
