import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { test } from "uvu";
import type { Settings } from "./config";
import { deploy } from "./program";
import { outputsOf } from "./testing/cloud";
import { deployWithMocks } from "./testing/mocks";

// An output is several promises (value, known, secret …). The tests await the value; the others fail with it, unheard.
process.on("unhandledRejection", (error) => {
  if (!pulumi.RunError.isInstance(error)) throw error;
});

const cloud = { account: "111111111111", region: "us-east-1" };
const settings: Settings = {
  environment: "dev",
  name: "ttsslsguru",
  region: cloud.region,
  owns: [],
  terraformState: { backend: "local", path: "terraform.tfstate" },
  handlerZip: "unused",
  timeout: 30,
  memorySize: 256,
  logRetentionInDays: 14,
};

const released = (name: string, value: unknown) => ({ ...outputsOf("ttsslsguru", cloud), [name]: value });

for (const [output, module] of [
  ["tableArn", "storage"],
  ["streamArn", "storage"],
  ["bucketName", "storage"],
  ["bucketArn", "storage"],
  ["bucketRegionalDomainName", "storage"],
  ["lambdaArn", "speech"],
  ["audioUrl", "delivery"],
] as const) {
  for (const gone of [null, undefined, ""]) {
    test(`${output} that is ${JSON.stringify(gone)} in Terraform's state names the module that nobody owns`, async () => {
      await assert.rejects(deployWithMocks(settings, cloud, released(output, gone)), {
        message:
          `Terraform's state has no output ${output}: ${module} is owned neither by this stack nor by Terraform. ` +
          `Fix: add ${module} to text-to-speech:owns in Pulumi.dev.yaml, or apply Terraform with it.`,
      });
    });
  }
}

test("an output of an owned module may be gone from Terraform's state", async () => {
  const { outputs } = await deployWithMocks({ ...settings, owns: ["delivery"] }, cloud, released("audioUrl", null));
  assert.equal(outputs.audioUrl, "https://d111111abcdef8.cloudfront.net");
});

test("without a place to read from, what is not owned cannot be read", () => {
  const { terraformState: _, ...rest } = settings;
  assert.throws(() => deploy(rest), /text-to-speech:terraformState is needed until every module is owned/);
});

test.run();
