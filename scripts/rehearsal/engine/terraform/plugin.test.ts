import * as assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { InvokeRequest } from "@pulumi/pulumi/proto/provider_pb";
import { test } from "uvu";
import { temporaryFolder } from "../../../testing/folder";
import { isSecret, toBag, toStruct } from "../aws/wire";
import { outputsOf } from "./outputs";
import { startTerraformPlugin } from "./plugin";

const STATE = JSON.stringify({
  version: 4,
  outputs: {
    text: { value: "t", type: "string" },
    number: { value: 3, type: "number" },
    flag: { value: false, type: "bool" },
    list: { value: ["a", 1], type: ["tuple", ["string", "number"]] },
    object: { value: { a: { b: 1 } }, type: ["object", { a: ["object", { b: "number" }] }] },
    nothing: { value: null, type: "string" },
    hidden: { value: "hush", type: "string", sensitive: true },
  },
});

const ask = async (token: string, args: Record<string, unknown>, env: NodeJS.ProcessEnv, folder: string) => {
  const plugin = await startTerraformPlugin(env, [folder]);
  const client = new ResourceProviderClient(`127.0.0.1:${plugin.port}`, grpc.credentials.createInsecure());
  const request = new InvokeRequest();
  request.setTok(token);
  request.setArgs(toStruct(args));
  try {
    return await new Promise<Record<string, unknown>>((resolve, reject) => {
      client.invoke(request, (error, response) =>
        error ? reject(new Error(error.details)) : resolve(toBag(response.getReturn()) ?? {}),
      );
    });
  } finally {
    client.close();
    plugin.stop();
  }
};

test("outputs keep their types, and sensitive ones are secrets", () => {
  const { hidden, ...plain } = outputsOf(STATE, "state");
  assert.deepEqual(plain, {
    text: "t",
    number: 3,
    flag: false,
    list: ["a", 1],
    object: { a: { b: 1 } },
    nothing: null,
  });
  assert.ok(isSecret(hidden) && hidden.value === "hush");
});

test("a torn state, an old format and an empty file are refused by name, and nothing of them is quoted", () => {
  assert.throws(() => outputsOf("", "s3://b/k"), /s3:\/\/b\/k is not a Terraform state: it is no JSON/);
  assert.throws(() => outputsOf('{"version":3}', "old"), /old is not a Terraform state of format 4: version/);
  assert.throws(
    () => outputsOf(STATE.slice(0, 200), "torn"),
    (error: Error) => /torn/.test(error.message) && !/hush/.test(error.message),
  );
});

test("a local state is read over gRPC, with a path relative to the program", async () => {
  const folder = temporaryFolder("state");
  writeFileSync(join(folder, "terraform.tfstate"), STATE);
  const answer = await ask("terraform:state:getLocalReference", {}, {}, folder);
  assert.deepEqual(Object.keys(answer.outputs as object).length, 7);
});

test("a local state that is not there is named", async () => {
  const folder = temporaryFolder("state");
  await assert.rejects(ask("terraform:state:getLocalReference", { path: "none.tfstate" }, {}, folder), /none\.tfstate/);
});

const withS3 = async <T>(
  status: number,
  body: string,
  use: (env: NodeJS.ProcessEnv, asked: string[]) => Promise<T>,
) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status, { "content-type": "application/octet-stream" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
  try {
    return await use({ AWS_ENDPOINT_URL: endpoint }, asked);
  } finally {
    server.close();
  }
};

const S3_ARGS = { bucket: "states", key: "app/dev.tfstate", region: "us-east-1" };

test("a state in S3 is read from AWS_ENDPOINT_URL with the bucket in the path", () =>
  withS3(200, STATE, async (env, asked) => {
    const answer = await ask("terraform:state:getS3Reference", S3_ARGS, env, "/");
    assert.equal((answer.outputs as Record<string, unknown>).number, 3);
    assert.match(asked[0] ?? "", /^GET \/states\/app\/dev\.tfstate/);
  }));

test("another workspace lies under its own prefix", () =>
  withS3(200, STATE, async (env, asked) => {
    await ask("terraform:state:getS3Reference", { ...S3_ARGS, workspace: "prod" }, env, "/");
    assert.match(decodeURIComponent(asked[0] ?? ""), /^GET \/states\/env:\/prod\/app\/dev\.tfstate/);
  }));

test("a state that S3 does not have is named with bucket and key", () =>
  withS3(404, "<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>", async (env) => {
    await assert.rejects(
      ask("terraform:state:getS3Reference", S3_ARGS, env, "/"),
      /s3:\/\/states\/app\/dev\.tfstate cannot be read/,
    );
  }));

test("an argument without effect, and other kinds of state, are refused", async () => {
  await assert.rejects(
    ask("terraform:state:getS3Reference", { ...S3_ARGS, roleArn: "arn" }, {}, "/"),
    /getS3Reference.*roleArn/,
  );
  await assert.rejects(ask("terraform:state:getRemoteReference", {}, {}, "/"), /not served by the rehearsal/);
});

test.run();
