import { strict as assert } from "node:assert";
import { suite } from "uvu";
import { type Cloud, differencesBetween } from "../rehearsal/cloud-digest";
import { ADOPT_FAILPOINTS, adopt } from "./adopt";
import { CUTOVER_FAILPOINTS, cutover } from "./cutover";
import { plan } from "./plan";
import { ROLLBACK_FAILPOINTS, rollback } from "./rollback";
import type { MigrationBench } from "./testing/bench";
import { ADOPT, CUTOVER, cloudOf, openBench, ROLLBACK } from "./testing/fixture";
import { restore, type Saved, save } from "./testing/saved";
import { aloud, interruptInside, killInside, sweep } from "./testing/sweep";
import { endState } from "./testing/truth";

const test = suite("kill -9 at any moment");

let bench: MigrationBench;
let close: () => Promise<void>;
let cloudBefore: Cloud;
const saved: Record<string, Saved> = {};
const golden: Record<string, string> = {};

test("undisturbed runs of adopt, cutover and rollback, to compare with", async () => {
  ({ bench, close } = await openBench());
  cloudBefore = await cloudOf(bench);
  const { context, places } = bench;
  const go = { wave: "delivery", execute: true, yes: true };
  await plan(context, go);
  saved.planned = await save(places, "planned");
  await adopt(context, go);
  golden.adopted = await endState(places);
  saved.adopted = await save(places, "adopted");
  await cutover(context, go);
  golden.cutOver = await endState(places);
  saved.cutOver = await save(places, "cutOver");
  await rollback(context, go);
  golden.givenBack = await endState(places);
  assert.equal(new Set(Object.values(golden)).size, 3);
  // The way back before the cutover is another one: Terraform has nothing to restore.
  await restore(places, saved.adopted);
  await rollback(context, go);
  golden.givenBackEarly = await endState(places);
});

/**
 * Which failpoints: after every step that changes a state, and at the very end (default); all of them in one chain
 * (`TTP_SWEEP=all`, as the weekly pipeline does); or each of them from the start and to the end (`TTP_SWEEP=apart`).
 */
const MODE = process.env.TTP_SWEEP ?? "";
const CHANGES = ["import", "owns", "writeback", "release", "outputs", "settle", "restore", "forget"];
const chosen = (points: readonly string[]): readonly string[] =>
  MODE
    ? points
    : points.filter((point) => CHANGES.some((step) => point.endsWith(`.${step}.after`)) || point === points.at(-1));

const killSweep = (args: readonly string[], points: readonly string[], from: string, end: string): Promise<void> =>
  aloud(() =>
    sweep(
      bench,
      { from: saved[from] as Saved, args, points: chosen(points), golden: golden[end] ?? "" },
      MODE === "apart",
    ),
  );

test("kill -9 at every step of adopt: status is true, and the same command again ends where it would have", () =>
  killSweep(ADOPT, ADOPT_FAILPOINTS, "planned", "adopted"));

test("kill -9 at every step of cutover", () => killSweep(CUTOVER, CUTOVER_FAILPOINTS, "adopted", "cutOver"));

test("kill -9 at every step of rollback, after the cutover", () =>
  killSweep(ROLLBACK, ROLLBACK_FAILPOINTS, "cutOver", "givenBack"));

test("kill -9 at the steps of rollback that write, before the cutover", () => {
  const points = ["rollback.owns.after", "rollback.forget.begun", "rollback.forget.after"];
  return killSweep(ROLLBACK, MODE ? ROLLBACK_FAILPOINTS : points, "adopted", "givenBackEarly");
});

test("kill -9 in the middle of pulumi import: of the command, of Pulumi, of both", async () => {
  for (const [victim, after] of [
    ["cli", 250],
    ["tool", 450],
    ["both", 650],
  ] as const) {
    const kill = {
      from: saved.planned as Saved,
      args: ADOPT,
      tool: "pulumi",
      victim,
      after,
      golden: golden.adopted ?? "",
    } as const;
    await aloud(() => killInside(bench, kill));
  }
});

test("Ctrl-C in the middle of pulumi import", () =>
  aloud(() =>
    interruptInside(bench, {
      from: saved.planned as Saved,
      args: ADOPT,
      tool: "pulumi",
      after: 450,
      golden: golden.adopted ?? "",
    }),
  ));

test("kill -9 in the middle of terraform state rm", async () => {
  for (const [victim, after] of [
    ["cli", 100],
    ["both", 400],
  ] as const) {
    const kill = {
      from: saved.adopted as Saved,
      args: CUTOVER,
      tool: "terraform",
      victim,
      after,
      golden: golden.cutOver ?? "",
    } as const;
    await aloud(() => killInside(bench, kill));
  }
});

test("through all of this the cloud did not change, and everything is stopped", async () => {
  assert.deepEqual(differencesBetween(cloudBefore, await cloudOf(bench)), []);
  await close();
});

test.run();
