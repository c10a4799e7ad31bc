import assert from "node:assert/strict";
import { test } from "uvu";
import type { ComparisonRow } from "../plan/types";
import { COMMENT_LIMIT, markerOf, renderMarkdown } from "./markdown";
import { buildReview } from "./model";
import { fabricate } from "./testing/input";

const many = (count: number, verdict: ComparisonRow["verdict"], length: number): ComparisonRow[] =>
  Array.from({ length: count }, (_, index) => ({
    address: "module.speech[0].aws_lambda_function.speak",
    urn: "",
    terraformName: `environment.variables.V${index}`,
    pulumiName: `environment.variables.V${index}`,
    terraformValue: `${index}${"x".repeat(length)}`,
    pulumiValue: `${index}${"y".repeat(length)}`,
    verdict,
    reason: "",
  }));

test("begins with its marker, which holds the environment", () => {
  const model = buildReview(fabricate());
  assert.ok(renderMarkdown(model).startsWith(`${markerOf(model)}\n`));
  assert.match(markerOf(model), /^<!-- review of text-to-speech dev -->$/);
});

test("stays under the limit, keeps the verdict and every open element closed, and says what it left out", () => {
  for (const rows of [many(5_000, "different", 20), many(900, "different", 300), many(3_000, "equal-by-meaning", 60)]) {
    const text = renderMarkdown(buildReview(fabricate({ rows })));
    assert.ok(text.length <= COMMENT_LIMIT, `${text.length} characters`);
    assert.ok(text.length > COMMENT_LIMIT * 0.9, `only ${text.length} of the room is used`);
    assert.equal(text.match(/<details/g)?.length, text.match(/<\/details>/g)?.length);
    assert.match(text, /more rows in the page and in the JSON/);
    assert.match(text, /^<!-- .* -->\n### [✓✕] /);
  }
});

test("differences push out what weighs less", () => {
  const text = renderMarkdown(buildReview(fabricate({ rows: many(5_000, "different", 20) })));
  assert.match(text, /≠ Different \(5000\)/);
  assert.doesNotMatch(text, /≈ Equal by meaning/);
});

test("a value of a megabyte is cut", () => {
  const text = renderMarkdown(buildReview(fabricate({ rows: many(1, "different", 1_000_000) })));
  assert.ok(text.length < 20_000);
  assert.match(text, /x…<\/code>/);
});

test.run();
