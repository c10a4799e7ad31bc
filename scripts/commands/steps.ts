import { failpoint } from "../lib/failpoint";
import type { Session } from "./session";

/** One thing that a command does. Safe to run again, at any time, after any kill. */
export interface Step {
  readonly name: string;
  /** What it does, as shown in a dry run and while it runs. */
  readonly title: string;
  /** Whether the states themselves say that it is done; never asked of the journal. Absent: repeating does no harm. */
  readonly done?: () => Promise<boolean>;
  readonly work: (update: (detail: string) => void) => Promise<void>;
}

const runStep = async (session: Session, step: Step): Promise<void> => {
  const { command, journal, context } = session;
  const at = (moment: "before" | "begun" | "after"): void => failpoint(context.env, command, step.name, moment);
  at("before");
  await journal.write({ event: "begin", step: step.name });
  at("begun");
  await context.progress.step(step.title, async (update) => {
    if (await step.done?.()) return update("done already");
    await step.work(update);
  });
  at("after");
  await journal.write({ event: "end", step: step.name });
};

export const runSteps = async (session: Session, steps: readonly Step[]): Promise<void> => {
  for (const step of steps) await runStep(session, step);
};
