import * as assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "uvu";
import { createProgress } from "../../lib/progress";
import { findAwsProvider } from "./aws-provider";
import { MAPPING_FILE, readLiveMapping, typesInFile, typesInUse } from "./mapping-file";
import { cacheRoot } from "./toolchain/cache";
import { buildBridge } from "./toolchain/toolchain";

test("the committed names are those of the live plugin, for exactly the types in use", async () => {
  const types = await typesInUse();
  assert.deepEqual(await typesInFile(), types);
  const progress = createProgress({ quiet: true });
  const bridge = await buildBridge({ progress, env: process.env, cacheRoot: cacheRoot(process.env) });
  const live = await readLiveMapping(bridge, findAwsProvider([], process.env), types, process.env);
  assert.deepEqual(JSON.parse(await readFile(MAPPING_FILE, "utf8")), JSON.parse(JSON.stringify(live)));
});

test("a type whose names are not those of @pulumi/aws is refused and not written down", async () => {
  const progress = createProgress({ quiet: true });
  const bridge = await buildBridge({ progress, env: process.env, cacheRoot: cacheRoot(process.env) });
  // An official rename that is not among the differences, because the pipeline has no such resource.
  const types = ["aws_lambda_layer_version"];
  await assert.rejects(
    readLiveMapping(bridge, findAwsProvider([], process.env), types, process.env),
    /aws_lambda_layer_version\.filename: @pulumi\/aws has no property filename/,
  );
});

test.run();
