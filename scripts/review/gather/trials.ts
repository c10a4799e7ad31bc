import { z } from "zod";
import type { Trial } from "../types";

/** `{results: [{name, ok, outcome}]}`: what a run of faults or mutations leaves in `.rehearsal/`. */
const record = z.looseObject({
  results: z.array(z.looseObject({ name: z.string(), ok: z.boolean(), outcome: z.string().default("") })),
});

export const readTrials = (kind: Trial["kind"], content: unknown): readonly Trial[] =>
  (record.safeParse(content).data?.results ?? []).map(({ name, ok, outcome }) => ({ kind, name, ok, outcome }));
