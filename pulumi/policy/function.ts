import { resourcePolicy, TYPES } from "./rules";

/** Seconds that a batch of long texts needs. */
const LEAST = 30;

export const functionHasTime = resourcePolicy<{ readonly timeout?: number }>(
  { name: "function-has-time", description: "The function may take at least 30 seconds for a batch." },
  [TYPES.function],
  ({ timeout }, report) => {
    if (!(Number(timeout) >= LEAST)) report(`timeout is ${timeout ?? "missing"}; expected ${LEAST} or more.`);
  },
);

export const functionPolicies = [functionHasTime];
