import assert from "node:assert/strict";
import { test } from "uvu";
import { providerMapping } from "./mapping-files";
import { volatile, volatileAttributes } from "./volatile";

test("only attributes that no program can set are let off", () => {
  assert.ok(volatileAttributes().length > 0);
  for (const [type, attribute] of volatileAttributes()) {
    const field = providerMapping().resources[type]?.fields[attribute];
    assert.ok(field, `${type}.${attribute} is not in the provider's mapping`);
    assert.equal(field.computed, true, `${type}.${attribute} is not computed`);
    assert.ok(!field.optional && !field.required, `${type}.${attribute} can be set`);
  }
});

test("everything else must be equal", () => {
  assert.equal(volatile("aws_lambda_event_source_mapping", "batch_size"), undefined);
  assert.equal(volatile("aws_lambda_function", "last_processing_result"), undefined);
  assert.equal(volatile("aws_lambda_function", "code_sha256"), undefined);
});

test.run();
