import { z } from "zod";

const latency = z.looseObject({
  sent: z.number().optional(),
  p50Ms: z.number().nullish(),
  p99Ms: z.number().nullish(),
});

const stage = z.looseObject({
  name: z.string(),
  sent: z.number(),
  spoken: z.number(),
  lost: z.number(),
  p50Ms: z.number().nullish(),
  p99Ms: z.number().nullish(),
  before: latency.optional(),
  during: latency.optional(),
  after: latency.optional(),
});

/** What the review shows of `.rehearsal/report.json`, version 2; the rest of it is passed over. */
const report = z.looseObject({
  version: z.number().optional(),
  result: z.string(),
  steps: z.array(z.looseObject({ name: z.string(), seconds: z.number(), ok: z.boolean() })).default([]),
  requests: z.looseObject({ sent: z.number(), spoken: z.number(), lost: z.number() }).optional(),
  stages: z.array(stage).default([]),
  versions: z.record(z.string(), z.unknown()).default({}),
});

export type RehearsalReport = z.infer<typeof report>;
/** Milliseconds from the put of a request to its audio. */
export type StageTraffic = z.infer<typeof stage>;

/** Undefined when the text is no rehearsal report. */
export const readRehearsalReport = (content: unknown): RehearsalReport | undefined => report.safeParse(content).data;
