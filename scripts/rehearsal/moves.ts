import { adopt } from "../commands/adopt";
import { cutover } from "../commands/cutover";
import { plan } from "../commands/plan";
import { loadMap } from "../commands/reading";
import { isDifferent, type Result } from "../commands/result";
import { rollback } from "../commands/rollback";
import type { Context } from "../lib/context";
import { DifferencesFound } from "../lib/errors";
import type { Progress } from "../lib/progress";
import type { WriteBack } from "../plan/preview-check";
import type { PlannedResource } from "../plan/types";

/** What the migration of one wave, or of all at once, left to report. */
export interface Moved {
  readonly resources: readonly PlannedResource[];
  readonly neverReturned: readonly WriteBack[];
}

/** Watches one command: which calls it made, and under which name its traffic is counted. */
export type Observe = <T>(command: string, work: () => Promise<T>) => Promise<T>;

const asDetail = (progress: Progress, update: (detail: string) => void): Progress => ({
  steps: progress.steps,
  note: progress.note,
  step: (name, work) => {
    update(name);
    return work(() => undefined);
  },
});

/** A command's own steps become the detail of the one line that the rehearsal shows for it. */
export const withDetail = (context: Context, update: (detail: string) => void): Context => ({
  ...context,
  progress: asDetail(context.progress, update),
});

/** @throws DifferencesFound when the command ended with exit code 2 */
const requireEqual = <Data>(result: Result<Data>): Data => {
  if (isDifferent(result)) throw new DifferencesFound(result.text);
  return result.data;
};

const command = async <Data>(
  context: Context,
  observe: Observe,
  name: string,
  call: (context: Context) => Promise<Result<Data>>,
  summary: (data: Data) => string,
): Promise<Data> =>
  context.progress.step(name, async (update) => {
    const data = await observe(name, async () => requireEqual(await call(withDetail(context, update))));
    update(summary(data));
    return data;
  });

/** plan → adopt, which proves everything that `verify` proves: both tools hold the wave, Terraform still owns it. */
const adoptWave = async (context: Context, wave: string, observe: Observe): Promise<Moved> => {
  const document = await command(
    context,
    observe,
    `plan ${wave}`,
    (inner) => plan(inner, { wave }),
    ({ resources }) => `${resources.length} resources paired`,
  );
  const { neverReturned } = await command(
    context,
    observe,
    `adopt ${wave}`,
    (inner) => adopt(inner, { wave, execute: true }),
    (data) => `${data.compared} properties equal, ${data.neverReturned.length} written back`,
  );
  return { resources: document.resources, neverReturned };
};

/** Pulumi becomes the only owner. The rehearsal answers the question that a person is asked. */
const cutOver = async (context: Context, wave: string, observe: Observe): Promise<void> => {
  await command(
    context,
    observe,
    `cutover ${wave}`,
    (inner) => cutover(inner, { wave, execute: true, yes: true }),
    () => "one owner, both tools clean",
  );
};

const rollBack = async (context: Context, wave: string, observe: Observe): Promise<void> => {
  await command(
    context,
    observe,
    `rollback ${wave}`,
    (inner) => rollback(inner, { wave, execute: true, yes: true }),
    () => "Terraform's again, both tools clean",
  );
};

/** Wave by wave; the last one is given back once and moved again, because a way back that was never gone is none. */
const moveInWaves = async (context: Context, observe: Observe): Promise<Moved> => {
  const { waves } = await loadMap();
  const moved: Moved[] = [];
  for (const wave of waves) {
    moved.push(await adoptWave(context, wave, observe));
    await cutOver(context, wave, observe);
  }
  const last = waves.at(-1) ?? "";
  await rollBack(context, last, observe);
  await adoptWave(context, last, observe);
  await cutOver(context, last, observe);
  return {
    resources: moved.flatMap(({ resources }) => resources),
    neverReturned: moved.flatMap(({ neverReturned }) => neverReturned),
  };
};

/** Everything in one go. Both tools hold it at the end, and Terraform still owns it. */
const moveAtOnce = (context: Context, observe: Observe): Promise<Moved> => adoptWave(context, "all", observe);

export const move = (context: Context, observe: Observe, allAtOnce: boolean): Promise<Moved> =>
  allAtOnce ? moveAtOnce(context, observe) : moveInWaves(context, observe);
