import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** The time an invocation has: everything stops, and the rest is handed back, before Lambda would kill the function. */
export interface Time {
  /** Milliseconds until all work must have ended. */
  readonly left: () => number;
  /** Aborts when no time is left: it ends requests under way. */
  readonly signal: AbortSignal;
}

/** Milliseconds kept for ending what is under way, the logs and the answer. A fifth of the whole at most, for short timeouts. */
const RESERVE = 1_500;

/** `remaining`: milliseconds until Lambda kills the function. */
export const timeFor = (remaining: () => number): Time => {
  const reserve = Math.min(RESERVE, remaining() / 5);
  const left = () => remaining() - reserve;
  // Does not keep the process alive, and is dropped with the invocation.
  const signal = AbortSignal.timeout(Math.max(0, Math.floor(left())));
  // Every request under way listens to it: many are no leak.
  setMaxListeners(0, signal);
  return { left, signal };
};

/** Waits, or throws when the time is over. */
export const pause = async (milliseconds: number, time: Time): Promise<void> => {
  await sleep(milliseconds, undefined, { signal: time.signal });
};
