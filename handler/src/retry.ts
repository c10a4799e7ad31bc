import { faultOf, isThrottling } from "./errors";
import { pause, type Time } from "./time";

export interface RetryOptions {
  readonly attempts: number;
  /** Milliseconds: the longest first pause; doubled for each further one, up to `longest`. */
  readonly first: number;
  readonly longest: number;
  /** Called before each pause. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

export const RETRIES: RetryOptions = { attempts: 6, first: 200, longest: 4_000 };

/** Full jitter: a random part of the pause, so that callers who failed together do not come back together. */
export const pauseBefore = (attempt: number, options: RetryOptions, random = Math.random): number =>
  random() * Math.min(options.longest, options.first * 2 ** (attempt - 1));

/**
 * Tries again after a transient failure, as long as attempts and time are left. The SDK's own retries are off: they know nothing
 * of the invocation's deadline and would sleep past it.
 */
export const withRetries = async <T>(work: () => Promise<T>, time: Time, options = RETRIES): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      // A throttled call cost nothing and says nothing against the request: only time ends those retries.
      const more = faultOf(error) === "retry" && (attempt < options.attempts || isThrottling(error));
      const wait = pauseBefore(attempt, options);
      if (!more || wait >= time.left()) throw error;
      options.onRetry?.(error, attempt);
      await pause(wait, time);
    }
  }
};
