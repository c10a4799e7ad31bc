export interface Pace {
  /** Requests a second, evenly spread. */
  readonly ratePerSecond: number;
  /** On top of that, so many at one moment every so many seconds. */
  readonly burst?: { readonly size: number; readonly everySeconds: number };
}

/** How many requests must have been sent after so many milliseconds. Pure: whoever was held up catches up. */
export const dueAfter = ({ ratePerSecond, burst }: Pace, milliseconds: number): number => {
  const seconds = milliseconds / 1000;
  const bursts = burst ? Math.floor(seconds / burst.everySeconds) * burst.size : 0;
  return Math.floor(seconds * ratePerSecond) + bursts;
};
