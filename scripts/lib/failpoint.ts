/**
 * Places where a test may kill this process, to prove that the same command again ends where an undisturbed run ends.
 * `TTP_FAILPOINT=adopt.import.after` is honoured only together with `TTP_TEST=1`, so that no forgotten variable can stop
 * a real migration.
 */
export const MOMENTS = ["before", "begun", "after"] as const;
export type Moment = (typeof MOMENTS)[number];

/** Dies like `kill -9` where the test asked for it: nothing is flushed, nothing is cleaned up. */
export const failpoint = (env: NodeJS.ProcessEnv, command: string, step: string, moment: Moment): void => {
  if (env.TTP_TEST !== "1" || env.TTP_FAILPOINT !== `${command}.${step}.${moment}`) return;
  process.kill(process.pid, "SIGKILL");
};

/** All failpoints of a command, for the sweep. */
export const failpointsOf = (command: string, steps: readonly string[]): string[] =>
  steps.flatMap((step) => MOMENTS.map((moment) => `${command}.${step}.${moment}`));
