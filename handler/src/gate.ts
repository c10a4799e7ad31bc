import { isThrottling } from "./errors";
import { pause, type Time } from "./time";

export interface GateOptions {
  /** Calls under way at once. */
  readonly concurrent: number;
  /** Calls begun per second. */
  readonly perSecond: number;
  /** Calls that may begin at once after a quiet time. */
  readonly burst: number;
}

/** Milliseconds; replaced in tests. */
export interface Clock {
  readonly now: () => number;
  readonly pause: (milliseconds: number, time: Time) => Promise<void>;
}

/**
 * Lets calls through no faster than a service takes them: at most `concurrent` at once and `perSecond` a second. When the
 * service throttles all the same, because others use it too, the rate is halved, and grows again with every call that works.
 */
export class Gate {
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];
  private rate: number;
  /** Time (ms) at which the next call may begin; in the past by up to a burst. */
  private next = Number.NEGATIVE_INFINITY;
  private slowedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: GateOptions,
    private readonly clock: Clock = { now: () => performance.now(), pause },
  ) {
    this.rate = options.perSecond;
  }

  async pass<T>(time: Time, call: () => Promise<T>): Promise<T> {
    await this.enter();
    try {
      await this.pace(time);
      const result = await call();
      this.rate = Math.min(this.options.perSecond, this.rate * 1.05);
      return result;
    } catch (error) {
      if (isThrottling(error)) this.slowDown();
      throw error;
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.underWay < this.options.concurrent) this.underWay += 1;
    else await new Promise<void>((enter) => this.waiting.push(enter));
  }

  /** Hands the place to the first that waits, or gives it back. */
  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.underWay -= 1;
    else next();
  }

  private async pace(time: Time): Promise<void> {
    const interval = 1_000 / this.rate;
    const begin = Math.max(this.next, this.clock.now() - (this.options.burst - 1) * interval);
    this.next = begin + interval;
    const wait = begin - this.clock.now();
    if (wait > 0) await this.clock.pause(wait, time);
  }

  /** Once in half a second at most: calls begun together fail together, and that is one sign, not many. */
  private slowDown(): void {
    if (this.clock.now() - this.slowedAt < 500) return;
    this.slowedAt = this.clock.now();
    this.rate = Math.max(1, this.rate / 2);
  }
}
