import assert from "node:assert/strict";
import { test } from "uvu";
import { providerMapping } from "./mapping-files";
import { terraformName, toPulumi, topOf } from "./names";
import { NEVER_RETURNED, neverReturned } from "./never-returned";
import { readProviderMapping } from "./provider-mapping";
import { readProviderSets, withSets } from "./provider-sets";

const schema = {
  provider_schemas: {
    "registry.terraform.io/hashicorp/aws": {
      resource_schemas: {
        aws_thing: {
          block: {
            attributes: {
              names: { type: ["set", "string"] },
              order: { type: ["list", "string"] },
              deep: { type: ["list", ["object", { keys: ["set", "string"], n: "number" }]] },
            },
            block_types: {
              rule: { nesting_mode: "set", block: { attributes: { ports: { type: ["set", "number"] } } } },
              plain: { nesting_mode: "list", block: {} },
            },
          },
        },
      },
    },
  },
};

test("sets are found in attributes, in types within types, and in blocks", () => {
  const { sets } = readProviderSets(schema, "hashicorp/aws", ["aws_thing"]);
  assert.deepEqual(sets.aws_thing, ["deep.keys", "names", "rule", "rule.ports"]);
  assert.throws(() => readProviderSets(schema, "hashicorp/aws", ["aws_other"]), /no resource type aws_other/);
});

test("only the named fields of the mapping become sets", () => {
  const list = { type: "list" as const, element: { value: { type: "string" as const } } };
  const mapping = {
    plugin: "aws@1",
    resources: {
      aws_thing: {
        token: "t",
        fields: { names: list, order: list, rule: { type: "list" as const, element: { fields: { ports: list } } } },
      },
    },
  };
  const found = withSets(mapping, readProviderSets(schema, "hashicorp/aws", ["aws_thing"])).resources.aws_thing;
  assert.ok(found);
  const { fields } = found;
  assert.deepEqual([fields.names?.type, fields.order?.type, fields.rule?.type], ["set", "list", "set"]);
  assert.equal(fields.rule?.element?.fields?.ports?.type, "set");
});

test("the committed mapping has names, single values and sets of the pipeline", () => {
  const { resources } = providerMapping();
  const distribution = resources.aws_cloudfront_distribution?.fields ?? {};
  assert.deepEqual([distribution.origin?.name, distribution.origin?.type], ["origins", "set"]);
  assert.equal(distribution.default_cache_behavior?.single, true);
  assert.equal(terraformName(resources.aws_lambda_function?.fields ?? {}, "code"), "filename");
  assert.equal(terraformName({}, "code"), undefined);
  assert.deepEqual(
    toPulumi(resources.aws_s3_bucket_server_side_encryption_configuration?.fields ?? {}, {
      bucket: "b",
      rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: "AES256" }], bucket_key_enabled: true }],
      unknown_to_the_mapping: 1,
    }),
    {
      bucket: "b",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }],
    },
  );
  assert.deepEqual(["a[0].b", 'tags["x"]', "plain", "a.b"].map(topOf), ["a", "tags", "plain", "a"]);
});

test("a mapping of another shape is refused with the field that is wrong", () => {
  const wrong = { plugin: "aws@1", resources: { aws_thing: { token: "t", fields: { a: { type: "tuple" } } } } };
  assert.throws(() => readProviderMapping(wrong), /resources\.aws_thing\.fields\.a\.type/);
});

test("never returned: every attribute exists, has a reason, and can be set at all", () => {
  const { resources } = providerMapping();
  for (const [type, attributes] of Object.entries(NEVER_RETURNED)) {
    for (const [attribute, { reason }] of Object.entries(attributes)) {
      const field = resources[type]?.fields[attribute];
      assert.ok(field, `${type} has no ${attribute}`);
      assert.ok(field.optional || field.required, `${type}.${attribute} is read-only: AWS is where it comes from`);
      assert.ok(reason.length > 20, `${type}.${attribute} has no reason`);
    }
  }
  assert.equal(neverReturned("aws_s3_bucket", "bucket"), undefined);
  assert.equal(neverReturned("aws_sqs_queue", "force_destroy"), undefined);
});

test.run();
