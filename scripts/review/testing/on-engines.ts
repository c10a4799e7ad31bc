import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { MigrationBench } from "../../commands/testing/bench";
import { readPulumiFile, readTerraformObject } from "../../commands/testing/saved";
import { readRawState } from "../../terraform/state-entries";
import { anchorOf } from "../model";
import type { ReviewModel } from "../types";

/** Runs the command and hands on what it wrote; both states must be the same bytes before and after. */
const reviewed = async ({ cli, places }: MigrationBench): Promise<ReviewModel> => {
  const states = async () => [await readTerraformObject(places), await readPulumiFile(places)];
  const before = await states();
  const folder = await mkdtemp(join(places.context.workspace, "review-"));
  try {
    const file = join(folder, "review.json");
    const { exitCode, stdout, stderr } = await cli(["review", "--format", "json", "--out", file]);
    assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
    assert.deepEqual(await states(), before, "the review changed a state");
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    return JSON.parse(await readFile(file, "utf8")) as ReviewModel;
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Every module has rows, every resource stands beside its code, nothing differs. */
const assertComplete = (model: ReviewModel): void => {
  assert.notEqual(model.verdict.tone, "stop", JSON.stringify([model.verdict, model.problems]));
  assert.equal(model.counts.different, 0);
  for (const module of model.modules) {
    assert.ok(module.counts.equal > 10, `${module.wave}: ${JSON.stringify(module.counts)}`);
    for (const resource of module.resources) {
      assert.ok(resource.rows.length > 0, `${resource.address} has no rows`);
      assert.ok(resource.terraform.length > 0 && resource.pulumi.length > 0, `${resource.address} has no code`);
    }
  }
};

/** Each arrow is an order that Terraform itself keeps: its state lists the one among what comes before the other. */
const assertArrows = (model: ReviewModel, state: string): void => {
  const before = new Map<string, Set<string>>();
  for (const entry of readRawState(state, "the state").resources) {
    const address = [entry.module?.replace(/\[\d+\]/g, ""), entry.type, entry.name].filter(Boolean).join(".");
    const [instance] = entry.instances as { dependencies?: string[] }[];
    before.set(address, new Set(instance?.dependencies));
  }
  const addresses = new Map(
    model.modules.flatMap(({ resources }) =>
      resources.map(({ address }) => [anchorOf(address), address.replace(/\[\d+\]/g, "")]),
    ),
  );
  assert.ok(model.graph.length > 10);
  for (const { from, to } of model.graph) {
    const [first = "", second = ""] = [addresses.get(from), addresses.get(to)];
    assert.ok(before.get(second)?.has(first), `${second} does not depend on ${first}`);
  }
};

const stateOf = (model: ReviewModel, wave: string): string | undefined =>
  model.modules.find((module) => module.wave === wave)?.state;

/** While Terraform owns everything and nothing is planned. */
export const assertReviewBefore = async (bench: MigrationBench): Promise<void> => {
  const model = await reviewed(bench);
  assertComplete(model);
  assertArrows(model, await readTerraformObject(bench.places));
  assert.equal(model.stage.reached, 0);
  assert.match(model.next.command, /plan --environment dev --wave delivery/);
};

/** Both hold the first wave. */
export const assertReviewAdopted = async (bench: MigrationBench): Promise<void> => {
  const model = await reviewed(bench);
  assertComplete(model);
  assert.equal(stateOf(model, "delivery"), "adopting");
  assert.equal(model.hashes[0]?.name, "plan document");
  assert.ok(model.outputs.some(({ terraformName, verdict }) => terraformName === "audioUrl" && verdict === "equal"));
};

/** The first wave is Pulumi's; the page is written too, and nothing can be posted without a pull request. */
export const assertReviewMoved = async (bench: MigrationBench): Promise<void> => {
  const model = await reviewed(bench);
  assertComplete(model);
  assert.equal(stateOf(model, "delivery"), "pulumi");
  assert.equal(model.stage.reached, 1);
  assert.ok(model.timeline[1]?.reached, "the journal says when");
  assert.ok(model.journal.runs.every(({ ending }) => ending === "done"));
  const page = join(bench.places.context.workspace, "page.html");
  const written = await bench.cli(["review", "--out", page]);
  assert.equal(written.exitCode, 0, written.stderr);
  assert.match(await readFile(page, "utf8"), /^<!doctype html>/);
  const refused = await bench.cli(["review", "--format", "github", "--out", `${page}.md`, "--post"], {
    GITHUB_TOKEN: "",
  });
  assert.equal(refused.exitCode, 1);
  assert.match(refused.stderr, /no pull request to post to/);
};
