import assert from "node:assert/strict";
import { test } from "uvu";
import { handleSignals } from "../../lib/processes";
import { recordTrials } from "../trials";
import { readMutations } from "./list";
import { asTrial, isBad, report } from "./report";
import { runMutations } from "./run";

handleSignals();

const AREAS = ["legacy-terraform/", "pulumi/", "pulumi/policy/", "handler/"];

test("the list holds at least 40 mutations, in every part that is deployed or guards it", () => {
  const mutations = readMutations();
  assert.ok(mutations.length >= 40);
  for (const area of AREAS) assert.ok(mutations.filter(({ file }) => file.startsWith(area)).length >= 8, area);
});

test("every mutation is noticed for the right reason, or the list says why nothing can notice it", async () => {
  const verdicts = await runMutations(readMutations());
  await recordTrials("mutation", verdicts.map(asTrial));
  const text = report(verdicts);
  process.stderr.write(`${text}\n`);
  assert.deepEqual(
    verdicts.filter(isBad).map(({ mutation }) => mutation.id),
    [],
    text,
  );
});

test.run();
