import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { type MigrationBench, withMigration } from "../commands/testing/bench";
import { readPulumiFile, readTerraformObject } from "../commands/testing/saved";
import { readRawState } from "../terraform/state-entries";
import { anchorOf } from "./model";
import type { ReviewModel } from "./types";

/** Runs the command and returns what it wrote; both states must be the same bytes before and after. */
const reviewed = async ({ cli, places }: MigrationBench, folder: string, name: string): Promise<ReviewModel> => {
  const states = async () => [await readTerraformObject(places), await readPulumiFile(places)];
  const before = await states();
  const file = join(folder, `${name}.json`);
  const { exitCode, stdout, stderr } = await cli(["review", "--format", "json", "--out", file]);
  assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
  assert.deepEqual(await states(), before, "the review changed a state");
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  return JSON.parse(await readFile(file, "utf8")) as ReviewModel;
};

const moduleOf = (model: ReviewModel, wave: string) => {
  const found = model.modules.find((module) => module.wave === wave);
  assert.ok(found);
  return found;
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

test("before, between and after: the review compares both sides at each stage and touches neither", () =>
  withMigration(async (bench) => {
    const folder = await mkdtemp(join(tmpdir(), "reviews-"));
    const run = async (...args: string[]): Promise<void> => {
      const { exitCode, stderr } = await bench.cli(args);
      assert.equal(exitCode, 0, stderr);
    };
    try {
      const untouched = await reviewed(bench, folder, "before");
      assertComplete(untouched);
      assertArrows(untouched, await readTerraformObject(bench.places));
      assert.equal(untouched.stage.reached, 0);
      assert.match(untouched.next.command, /plan --environment dev --wave delivery/);

      await run("plan", "--wave", "delivery");
      await run("adopt", "--wave", "delivery", "--execute");
      const adopted = await reviewed(bench, folder, "adopted");
      assertComplete(adopted);
      assert.equal(moduleOf(adopted, "delivery").state, "adopting");
      assert.equal(adopted.hashes[0]?.name, "plan document");
      assert.ok(
        adopted.outputs.some(({ terraformName, verdict }) => terraformName === "audioUrl" && verdict === "equal"),
      );

      await run("verify", "--wave", "delivery");
      await run("cutover", "--wave", "delivery", "--execute", "--yes");
      const moved = await reviewed(bench, folder, "moved");
      assertComplete(moved);
      assert.equal(moduleOf(moved, "delivery").state, "pulumi");
      assert.equal(moved.stage.reached, 1);
      assert.ok(moved.timeline[1]?.reached, "the journal says when");
      assert.ok(moved.journal.runs.every(({ ending }) => ending === "done"));

      await run("review", "--out", join(folder, "page.html"));
      assert.match(await readFile(join(folder, "page.html"), "utf8"), /^<!doctype html>/);
      const refused = await bench.cli(["review", "--format", "github", "--out", join(folder, "c.md"), "--post"], {
        GITHUB_TOKEN: "",
      });
      assert.equal(refused.exitCode, 1);
      assert.match(refused.stderr, /no pull request to post to/);
      if (process.env.KEEP_REVIEWS) process.stdout.write(`    kept in ${folder}\n`);
    } finally {
      if (!process.env.KEEP_REVIEWS) await rm(folder, { recursive: true });
    }
  }));

test.run();
