import * as assert from "node:assert/strict";
import { test } from "uvu";
import type { BridgeSchema } from "./mapping";
import { isSingle, pluralise, pulumiName } from "./names";

const SCHEMA: BridgeSchema = {
  hash_key: { type: 4 },
  attribute: { type: 7 },
  point_in_time_recovery: { type: 5, maxItems: 1 },
  policy: { type: 5 },
  alias: { type: 7 },
  item: { type: 5 },
  items: { type: 4 },
  tags: { type: 6 },
};

test("plain names are camel case, lists are plural, lists of one are not", () => {
  assert.equal(pulumiName("hash_key", SCHEMA), "hashKey");
  assert.equal(pulumiName("attribute", SCHEMA), "attributes");
  assert.equal(pulumiName("point_in_time_recovery", SCHEMA), "pointInTimeRecovery");
  assert.equal(pulumiName("policy", SCHEMA), "policies");
  assert.equal(pulumiName("alias", SCHEMA), "aliases");
  assert.equal(pulumiName("tags", SCHEMA), "tags");
});

test("a plural that is another argument's name is not taken", () => {
  assert.equal(pulumiName("item", SCHEMA), "item");
});

test("what the plugin says about a field goes before the rule", () => {
  assert.equal(pulumiName("hash_key", SCHEMA, { hash_key: { name: "key" } }), "key");
  assert.equal(
    pulumiName("point_in_time_recovery", SCHEMA, { point_in_time_recovery: { maxItemsOne: false } }),
    "pointInTimeRecoveries",
  );
  assert.ok(isSingle({ type: 5 }, { maxItemsOne: true }));
  assert.ok(!isSingle({ type: 5, maxItems: 1 }, { maxItemsOne: false }));
  assert.ok(!isSingle({ type: 4, maxItems: 1 }));
});

test("plurals", () => {
  const pairs = {
    index: "indices",
    box: "boxes",
    key: "keys",
    status: "statuses",
    series: "series",
    metadata: "metadatas",
  };
  for (const [word, plural] of Object.entries(pairs)) assert.equal(pluralise(word), plural);
});

test.run();
