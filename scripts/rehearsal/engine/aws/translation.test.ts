import * as assert from "node:assert/strict";
import { test } from "uvu";
import type { BridgeMapping } from "./mapping";
import { pairAllTokens } from "./tokens";
import { createTranslation } from "./translation";
import { archive } from "./wire";

const MAPPING: BridgeMapping = {
  name: "aws",
  version: "5.100.0",
  resources: {
    aws_lambda_function: {
      tok: "aws:index/lambdaFunction:LambdaFunction",
      fields: { id: { name: "lambdaFunctionId" } },
    },
    aws_lambda_event_source_mapping: {
      tok: "aws:index/lambdaEventSourceMapping:LambdaEventSourceMapping",
      fields: { id: { name: "lambdaEventSourceMappingId" } },
    },
  },
  dataSources: { aws_region: { tok: "aws:index/getRegion:getRegion" } },
  provider: {
    schema: {
      region: { type: 4 },
      allowed_account_ids: { type: 7 },
      default_tags: { type: 5, element: { resource: { tags: { type: 6 } } } },
    },
    resources: {
      aws_lambda_function: { function_name: { type: 4 }, filename: { type: 4 }, id: { type: 4 } },
      aws_lambda_event_source_mapping: { queues: { type: 5 }, id: { type: 4 } },
    },
    dataSources: {},
  },
};

const archives = {
  fileFor: (value: unknown) => (typeof value === "object" ? "/store/code.zip" : value),
  archiveFor: (file: unknown) => (file === "/store/code.zip" ? archive({ hash: "h" }) : file),
};

const translation = createTranslation(
  MAPPING,
  pairAllTokens(MAPPING, {
    resources: ["aws:lambda/function:Function", "aws:lambda/eventSourceMapping:EventSourceMapping"],
    functions: ["aws:index/getRegion:getRegion"],
  }),
  archives,
);

const FUNCTION = "urn:pulumi:dev::app::aws:lambda/function:Function::speak";

test("URNs go to the bridge and come back", () => {
  const bridge = translation.bridgeUrn(FUNCTION);
  assert.equal(bridge, "urn:pulumi:dev::app::aws:index/lambdaFunction:LambdaFunction::speak");
  assert.equal(translation.sdkUrn(bridge), FUNCTION);
});

test("code is a file for the bridge and an archive for the engine", () => {
  const function_ = translation.resource(FUNCTION);
  const bridge = function_.inputs({ name: "speak", code: archive({ hash: "h", path: "x.zip" }) });
  assert.deepEqual(bridge, { functionName: "speak", filename: "/store/code.zip" });
  assert.deepEqual(function_.toSdk(bridge), { name: "speak", code: archive({ hash: "h" }) });
});

test("a recorded state gets Terraform's id back, the start of an import does not", () => {
  const function_ = translation.resource(FUNCTION);
  assert.deepEqual(function_.state("speak")({ name: "speak" }), { functionName: "speak", lambdaFunctionId: "speak" });
  assert.deepEqual(function_.state("speak")({}), {});
});

test("an empty list that Pulumi shows as one value is empty again in a recorded state", () => {
  const mapping = translation.resource("urn:pulumi:dev::app::aws:lambda/eventSourceMapping:EventSourceMapping::m");
  const shown = mapping.toSdk({ queues: [], uuid: "u" });
  assert.deepEqual(shown, { uuid: "u" });
  assert.deepEqual(mapping.state("u")(shown), { queues: [], uuid: "u", lambdaEventSourceMappingId: "u" });
});

test("the provider's settings are JSON in text on both sides", () => {
  const sdk = {
    region: "us-east-1",
    allowedAccountIds: '["111111111111"]',
    defaultTags: '{"tags":{"Project":"p"}}',
    version: "6.83.0",
  };
  const bridge = translation.provider.inputs(sdk);
  assert.deepEqual(bridge, { ...sdk, defaultTags: '[{"tags":{"Project":"p"}}]' });
  assert.deepEqual(translation.provider.toSdk(bridge), sdk);
});

test("a type that the provider does not have is refused by name", () => {
  assert.throws(
    () => translation.resource("urn:pulumi:dev::app::aws:s3/bucket:Bucket::b"),
    /aws:s3\/bucket:Bucket is not served/,
  );
});

test.run();
