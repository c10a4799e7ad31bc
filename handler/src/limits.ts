import { Engine } from "@aws-sdk/client-polly";
import type { GateOptions } from "./gate";

/**
 * What SynthesizeSpeech takes from one account in one region: calls per second, calls at once after a quiet time, calls under way.
 * docs.aws.amazon.com/polly/latest/dg/limits.html, read 2026-11.
 */
export const POLLY_LIMITS: Readonly<Record<Engine, GateOptions>> = {
  [Engine.STANDARD]: { perSecond: 80, burst: 100, concurrent: 80 },
  [Engine.NEURAL]: { perSecond: 8, burst: 10, concurrent: 18 },
  [Engine.LONG_FORM]: { perSecond: 8, burst: 10, concurrent: 26 },
  [Engine.GENERATIVE]: { perSecond: 8, burst: 8, concurrent: 26 },
};

/**
 * What one invocation allows itself: nine tenths of the rate, a burst that with the rate stays below Polly's, and half of the calls under
 * way. A shard runs one invocation at a time, so a table with one shard is never throttled by its own doing; with more shards the gate
 * slows down when Polly says so, and the retries absorb the rest.
 */
export const gateFor = (engine: Engine): GateOptions => {
  const { perSecond, burst, concurrent } = POLLY_LIMITS[engine];
  return {
    perSecond: perSecond * 0.9,
    burst: Math.max(1, Math.floor(burst * 0.2)),
    concurrent: Math.floor(concurrent / 2),
  };
};

/** Ids worked on at once: a few more than calls to Polly, because a record also reads and writes S3. At most 48, within 50 sockets. */
export const recordsAtOnce = (engine: Engine): number => Math.ceil(gateFor(engine).concurrent * 1.2);
