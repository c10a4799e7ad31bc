import * as assert from "node:assert/strict";
import { test } from "uvu";
import { mergeOverrides, PROVIDER_DIFFERENCES, RESOURCE_DIFFERENCES } from "./differences";
import type { BridgeSchema, FieldOverride } from "./mapping";
import { convertBag, convertPath, documentsAsText, type Shape, shapeOf } from "./shape";
import { type Bag, secret } from "./wire";

const shapeFor = (type: string, schema: BridgeSchema, bridge: Record<string, FieldOverride> = {}): Shape =>
  shapeOf(schema, bridge, mergeOverrides(bridge, RESOURCE_DIFFERENCES[type]));

const FUNCTION = shapeFor(
  "aws_lambda_function",
  {
    function_name: { type: 4, required: true },
    filename: { type: 4, optional: true },
    role: { type: 4, required: true },
    id: { type: 4, computed: true },
    timeouts: { type: 6, optional: true },
  },
  { id: { name: "lambdaFunctionId" } },
);

const BUCKET = shapeFor("aws_s3_bucket", {
  versioning: { type: 5, maxItems: 1, element: { resource: { enabled: { type: 1 } } } },
  server_side_encryption_configuration: {
    type: 5,
    maxItems: 1,
    element: {
      resource: { rule: { type: 5, maxItems: 1, element: { resource: { bucket_key_enabled: { type: 1 } } } } },
    },
  },
});

const there = (bag: Bag, shape: Shape): Bag => convertBag(bag, shape, "toBridge");
const back = (bag: Bag, shape: Shape): Bag => convertBag(bag, shape, "toSdk");

test("a function's name and code have the names of @pulumi/aws on one side and Terraform's on the other", () => {
  const sdk = { name: "speak", code: "file", role: "arn" };
  const bridge = { functionName: "speak", filename: "file", role: "arn" };
  assert.deepEqual(there(sdk, FUNCTION), bridge);
  assert.deepEqual(back(bridge, FUNCTION), sdk);
});

test("a table's secondary indexes keep the official plural", () => {
  const shape = shapeFor("aws_dynamodb_table", {
    global_secondary_index: { type: 7, element: { resource: { hash_key: { type: 4 } } } },
    local_secondary_index: { type: 7, element: { resource: { range_key: { type: 4 } } } },
  });
  const bridge = { globalSecondaryIndices: [{ hashKey: "Id" }], localSecondaryIndices: [] };
  assert.deepEqual(back(bridge, shape), { globalSecondaryIndexes: [{ hashKey: "Id" }], localSecondaryIndexes: [] });
  assert.deepEqual(there(back(bridge, shape), shape), bridge);
});

test("a mapping's only queue is a value of its own", () => {
  const shape = shapeFor("aws_lambda_event_source_mapping", { queues: { type: 5 } });
  assert.deepEqual(there({ queues: "requests" }, shape), { queues: ["requests"] });
  assert.deepEqual(back({ queues: ["requests"] }, shape), { queues: "requests" });
});

test("the lists of BucketV2 stay lists at every depth", () => {
  const sdk = {
    versionings: [{ enabled: true }],
    serverSideEncryptionConfigurations: [{ rules: [{ bucketKeyEnabled: false }] }],
  };
  const bridge = {
    versioning: { enabled: true },
    serverSideEncryptionConfiguration: { rule: { bucketKeyEnabled: false } },
  };
  assert.deepEqual(there(sdk, BUCKET), bridge);
  assert.deepEqual(back(bridge, BUCKET), sdk);
});

test("the provider's default tags are one block in the program and a list in Terraform's schema", () => {
  const schema: BridgeSchema = { default_tags: { type: 5, element: { resource: { tags: { type: 6 } } } } };
  const shape = shapeOf(schema, undefined, mergeOverrides(undefined, PROVIDER_DIFFERENCES), false);
  const sdk = { defaultTags: { tags: { Project: "p" } } };
  assert.deepEqual(there(sdk, shape), { defaultTags: [{ tags: { Project: "p" } }] });
  assert.deepEqual(back(there(sdk, shape), shape), sdk);
});

test("Terraform's id never reaches the engine, nor do its timeouts", () => {
  assert.deepEqual(back({ lambdaFunctionId: "speak", timeouts: {}, role: "r" }, FUNCTION), { role: "r" });
});

test("secrets are converted inside and stay secrets", () => {
  assert.deepEqual(there({ versionings: secret([{ enabled: true }]) }, BUCKET), {
    versioning: secret({ enabled: true }),
  });
});

test("the names of defaulted inputs are converted, and what is not known passes through", () => {
  const bag = { functionName: "f", __defaults: ["functionName", "role"], __meta: "{}" };
  assert.deepEqual(back(bag, FUNCTION), { name: "f", __defaults: ["name", "role"], __meta: "{}" });
});

test("a value that is not known yet is neither wrapped nor unwrapped", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  assert.deepEqual(there({ versionings: unknown }, BUCKET), { versioning: unknown });
  const queues = shapeFor("aws_lambda_event_source_mapping", { queues: { type: 5 } });
  assert.deepEqual(there({ queues: unknown }, queues), { queues: unknown });
});

test("paths of differences are converted with their indexes", () => {
  assert.equal(convertPath("filename", FUNCTION, "toSdk"), "code");
  assert.equal(convertPath("versioning.enabled", BUCKET, "toSdk"), "versionings[0].enabled");
  assert.equal(convertPath("versionings[0].enabled", BUCKET, "toBridge"), "versioning.enabled");
  assert.equal(
    convertPath("serverSideEncryptionConfiguration.rule.bucketKeyEnabled", BUCKET, "toSdk"),
    "serverSideEncryptionConfigurations[0].rules[0].bucketKeyEnabled",
  );
  assert.equal(convertPath("versioning", BUCKET, "toSdk"), "versionings");
  assert.equal(convertPath("unknown.path[2]", BUCKET, "toSdk"), "unknown.path[2]");
});

test("a policy given as an object becomes its text; text, and objects where objects belong, do not change", () => {
  const shape = shapeOf({ policy: { type: 4 }, tags: { type: 6 } }, undefined, undefined);
  const document = { Version: "2012-10-17", Statement: [] };
  const bag = { policy: document, tags: { a: "b" } };
  assert.deepEqual(documentsAsText(bag, shape), { policy: JSON.stringify(document), tags: { a: "b" } });
  assert.deepEqual(documentsAsText({ policy: "{}" }, shape), { policy: "{}" });
  assert.deepEqual(documentsAsText({ policy: secret(document) }, shape), { policy: secret(JSON.stringify(document)) });
});

test.run();
