import assert from "node:assert/strict";
import { test } from "uvu";
import { Sensitive } from "../plan/sensitive";
import type { ComparisonRow, Json } from "../plan/types";
import { renderPage } from "./html/page";
import { renderJson } from "./json";
import { renderMarkdown } from "./markdown";
import { anchorOf, buildReview } from "./model";
import { fabricate } from "./testing/input";
import { journalRuns } from "./words";

const SPEAK = "module.speech[0].aws_lambda_function.speak";

const row = (change: Partial<ComparisonRow>): ComparisonRow => ({
  address: SPEAK,
  urn: "",
  terraformName: "timeout",
  pulumiName: "timeout",
  terraformValue: 30,
  pulumiValue: 31,
  verdict: "different",
  reason: "",
  ...change,
});

test("every resource stands beside its block and its constructor, and every line of a module is shown once or more", () => {
  const input = fabricate();
  const model = buildReview(input);
  const resources = model.modules.flatMap((module) => module.resources);
  assert.equal(resources.length, input.ownership.resources.length);
  for (const { address, terraform, pulumi } of resources) {
    assert.ok(terraform.length > 0, `${address} has no block`);
    assert.ok(pulumi.length > 0, `${address} has no constructor`);
  }
  const shown = new Set<string>();
  const parts = model.modules.flatMap(({ rest, resources: own }) => [
    ...rest.terraform,
    ...rest.pulumi,
    ...own.flatMap(({ terraform, pulumi }) => [...terraform, ...pulumi]),
  ]);
  for (const { path, from, to } of parts) for (let line = from; line <= to; line += 1) shown.add(`${path}:${line}`);
  for (const { path, text } of model.files.filter((file) => parts.some((part) => part.path === file.path))) {
    const missing = text
      .split("\n")
      .flatMap((line, index) => (line.trim() && !shown.has(`${path}:${index + 1}`) ? [index + 1] : []));
    assert.deepEqual(missing, [], `${path} is not shown whole`);
  }
});

test("arrows connect resources on the page, and follow what the configuration names", () => {
  const model = buildReview(fabricate());
  const anchors = new Set(model.modules.flatMap(({ resources }) => resources.map(({ anchor }) => anchor)));
  for (const { from, to } of model.graph) assert.ok(anchors.has(from) && anchors.has(to));
  const table = anchorOf("module.storage[0].aws_dynamodb_table.requests");
  const mapping = anchorOf("module.speech[0].aws_lambda_event_source_mapping.requests");
  assert.ok(model.graph.some(({ from, to }) => from === table && to === mapping));
});

test("anchors of two addresses never meet", () => {
  const addresses = ['a.b["x"]', "a.b[x]", "a.b__x__", 'a.b["X"]', "a.b~5b~", "a.b["];
  assert.equal(new Set(addresses.map(anchorOf)).size, addresses.length);
});

test("one difference turns the verdict, names its resource and takes the first place", () => {
  const model = buildReview(fabricate({ rows: [row({})] }));
  assert.deepEqual(model.verdict, { tone: "stop", sentence: `Do not go on: 1 attribute of ${SPEAK} differs.` });
  const resource = model.modules.flatMap(({ resources }) => resources).find(({ address }) => address === SPEAK);
  assert.equal(resource?.rows[0]?.verdict, "different");
  assert.match(model.next.sentence, /First settle/);
});

test("a problem of ownership outweighs everything", () => {
  const input = fabricate();
  const problems = [{ category: "no-owner" as const, message: "nobody owns it", fix: "restore" }];
  assert.equal(buildReview({ ...input, ownership: { ...input.ownership, problems } }).verdict.tone, "stop");
});

test("with nothing compared the verdict claims nothing", () => {
  assert.equal(buildReview({ ...fabricate(), rows: [] }).verdict.tone, "look");
});

test("a difference in an output counts", () => {
  const model = buildReview(fabricate({ rows: [row({ address: "", terraformName: "audioUrl" })] }));
  assert.equal(model.verdict.sentence, "Do not go on: 1 attribute of the outputs differs.");
});

test("a secret appears in no format, not even where one slipped into a row as itself", async () => {
  const secret = Sensitive.of("hunter2-hunter2") as unknown as Json;
  const rows = [row({ terraformName: "password", terraformValue: secret, pulumiValue: { deep: [secret] } as Json })];
  const model = buildReview(fabricate({ rows }));
  for (const text of [await renderPage(model), renderMarkdown(model), renderJson(model)]) {
    assert.doesNotMatch(text, /hunter2/);
    assert.match(text, /\(sensitive\)/);
  }
});

test("the journal tells one story per command, and whether it ended", () => {
  const runs = journalRuns(fabricate().journal);
  assert.deepEqual(
    runs.map(({ title, ending }) => `${title}: ${ending}`),
    ["plan delivery: done", "adopt delivery: done", "cutover delivery: done", "adopt speech: open"],
  );
  assert.deepEqual(
    runs[2]?.lines.map(({ text }) => text),
    ["the command started", "did “state-rm”", "the command finished"],
  );
});

test("the timeline marks where the environment stands and when the journal says it got there", () => {
  const { timeline } = buildReview(fabricate());
  assert.deepEqual(
    timeline.map(({ current }) => current),
    [false, true, false, false],
  );
  assert.equal(timeline[1]?.reached, "2026-11-23T13:42:10.000Z");
  assert.equal(timeline[2]?.reached, "");
});

test.run();
