import { join } from "node:path";
import { writeReview } from "../commands/review";
import type { Context } from "../lib/context";
import { writeJson } from "../lib/files";
import { paths } from "../lib/paths";
import { checkInterrupted, release } from "../lib/processes";
import type { Progress } from "../lib/progress";
import { gatherReview } from "../review/gather/gather";
import { buildReview } from "../review/model";
import { type CloudWatch, watchCloud } from "./cloud-calls";
import { expectedResources, fetchAudio, lookAfter, lookBefore, type Outputs } from "./evidence";
import { move, withDetail } from "./moves";
import { applyOriginal, createStack } from "./original";
import { buildReport, type RehearsalReport } from "./report";
import { setUp } from "./set-up";
import { beginPlugins, beginStage, type Stage, type StageOptions } from "./stage";
import type { Traffic } from "./traffic";

export interface RehearsalOptions {
  /** Root of the checkout. */
  readonly root: string;
  /** The user's environment; of it only an allow-list reaches the tools. */
  readonly env: NodeJS.ProcessEnv;
  readonly environment: string;
  readonly allAtOnce: boolean;
  readonly plugin: "auto" | "official" | "bridged";
  /** Leave the emulated AWS, the plugins and both states for a person to go on with. */
  readonly keep: boolean;
  /** Of the emulated AWS; default: a free one. */
  readonly port?: number;
  readonly progress: Progress;
}

export interface Rehearsed {
  readonly report: RehearsalReport;
  readonly reportFile: string;
  /** Both sides next to each other, with the rehearsal in it. */
  readonly reviewFile: string;
  /** Variables for going on by hand; only after `--keep`. */
  readonly byHand?: NodeJS.ProcessEnv;
}

const FIRST_ID = 1_000_001;
/** Milliseconds of traffic before the first and after the last step, to compare the others with. */
const QUIET = 6_000;

const letTrafficFlow = async (): Promise<void> => {
  const deadline = Date.now() + QUIET;
  while (Date.now() < deadline) {
    checkInterrupted();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

const sendInto = ({ world }: Stage, outputs: Outputs): Traffic =>
  world.startTraffic({
    tableName: String(outputs.tableArn).split("/").at(-1) ?? "",
    bucketName: String(outputs.bucketName),
    firstStage: "before",
    firstId: FIRST_ID,
  });

/** The migration itself, under traffic, with everything that is needed to judge it. */
const perform = async (stage: Stage, allAtOnce: boolean) => {
  const { context, world, stateBucket } = stage;
  const { progress } = context;
  await progress.step("terraform apply of the original", (update) => applyOriginal(context, update));
  await progress.step("an empty Pulumi stack, Polly warmed up", () => Promise.all([createStack(context), world.warm]));
  const before = await progress.step("outputs and plan before", () => lookBefore(context));
  const traffic = sendInto(stage, before.outputs);
  await letTrafficFlow();
  const cloud: CloudWatch = watchCloud(world.proxy, stateBucket, traffic.mark);
  const moved = await move(context, cloud.observe, allAtOnce);
  traffic.mark("after");
  const after = await progress.step("both tools once more", (update) => lookAfter(withDetail(context, update)));
  await letTrafficFlow();
  const requests = await progress.step("the last requests are spoken", () => traffic.stop());
  const audio = await progress.step("fetch one audio as a listener", () => fetchAudio(world, after.outputs, FIRST_ID));
  return { before, moved, after, requests, audio, cloud: cloud.calls, expected: await expectedResources() };
};

export type Performance = Awaited<ReturnType<typeof perform>>;

/** Reads the report that was just written, among everything else. */
const makeReview = async (context: Context, file: string): Promise<void> => {
  await writeReview(buildReview(await gatherReview(context, "all")), "html", file);
};

/** Emulated AWS, Polly and plugins go on without this process, past the proxy, which cannot. */
const leaveRunning = async (stage: Stage, options: StageOptions): Promise<NodeJS.ProcessEnv> => {
  const { world } = stage;
  await stage.plugins.stop();
  const plugins = await beginPlugins(options, world.envByHand, true);
  for (const pid of plugins.pids) {
    await world.track("Pulumi plugins", pid);
    release(pid);
  }
  await world.keep();
  await world.proxy.stop();
  // So that a bare `terraform` finds what the commands have initialised.
  return { ...world.envByHand, ...plugins.env, TF_DATA_DIR: paths(stage.context).terraformData };
};

/** Tells how many seconds went by since now, and how many of them the processors worked for this process. */
const stopwatch = () => {
  const [began, before] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { rehearsal: (performance.now() - began) / 1000, own: (user + system) / 1e6 };
  };
};

const onStage = async (options: RehearsalOptions, stageOptions: StageOptions, began: number): Promise<Rehearsed> => {
  const { progress, allAtOnce, environment, keep } = options;
  const setUpSeconds = (performance.now() - began) / 1000;
  const spent = stopwatch();
  const stage = await progress.step("emulated AWS, local Polly, plugins", () => beginStage(stageOptions));
  let kept = false;
  try {
    const performed = await perform(stage, allAtOnce);
    const { versions } = stageOptions.ready.engine;
    const seconds = { setUp: setUpSeconds, ...spent() };
    const about = { environment, mode: allAtOnce ? "all-at-once" : "waves", seconds, versions } as const;
    const report = buildReport(performed, { ...about, steps: progress.steps });
    const reportFile = join(stageOptions.dir, "report.json");
    await writeJson(reportFile, report);
    const reviewFile = join(stageOptions.dir, "review.html");
    await progress.step("review page", (update) => makeReview(withDetail(stage.context, update), reviewFile));
    if (!keep) return { report, reportFile, reviewFile };
    const byHand = await leaveRunning(stage, stageOptions);
    kept = true;
    return { report, reportFile, reviewFile, byHand };
  } finally {
    if (!kept) await stage.stop();
  }
};

/**
 * Migrates the whole pipeline in an emulated AWS, under traffic, with the real programs, and judges the outcome.
 * @throws UserError when a step failed; everything is stopped then.
 */
export const rehearse = async (options: RehearsalOptions): Promise<Rehearsed> => {
  const began = performance.now();
  const { root, env, environment, progress, plugin, port } = options;
  const dir = join(root, ".rehearsal");
  const workspace = join(dir, "workspace");
  const ready = await setUp({ root, env, plugin, progress, workspace });
  return onStage(options, { dir, workspace, environment, userEnv: env, ready, progress, port }, began);
};
