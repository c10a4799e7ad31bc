import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { test } from "uvu";
import { parse } from "yaml";
import { readSettings, type Settings } from "./config";

const terraformState = { backend: "s3", bucket: "b", key: "k", region: "us-east-1" };
const valid = { name: "ttsslsguru", owns: ["delivery"], terraformState };

/** Reads the settings of a stack `dev` with these values, given as a stack's file gives them. */
const settingsFrom = async (own: Readonly<Record<string, unknown>>): Promise<Settings> => {
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "text-to-speech",
    "dev",
  );
  const entries = Object.entries(own)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [
      `text-to-speech:${key}`,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]);
  pulumi.runtime.setAllConfig({ "aws:region": "us-east-1", ...Object.fromEntries(entries) });
  return readSettings();
};

test("values that are left out have defaults", async () => {
  assert.deepEqual(await settingsFrom(valid), {
    environment: "dev",
    name: "ttsslsguru",
    region: "us-east-1",
    owns: ["delivery"],
    terraformState,
    handlerZip: "../handler/dist/handler.zip",
    timeout: 30,
    memorySize: 256,
    logRetentionInDays: 14,
  });
});

test("given values are taken", async () => {
  const given = { timeout: 60, memorySize: 512, logRetentionInDays: 90, handlerZip: "h.zip" };
  const settings = await settingsFrom({ ...valid, ...given });
  assert.deepEqual({ ...settings, ...given }, settings);
});

test("Terraform's state may go once everything is owned", async () => {
  const owns = ["delivery", "speech", "storage"];
  assert.equal((await settingsFrom({ ...valid, owns, terraformState: undefined })).terraformState, undefined);
});

test("a local state is accepted", async () => {
  const local = { backend: "local", path: "../legacy-terraform/terraform.tfstate" };
  assert.deepEqual((await settingsFrom({ ...valid, terraformState: local })).terraformState, local);
});

const wrong: readonly (readonly [key: string, value: unknown])[] = [
  ["name", undefined],
  ["name", "Ab"],
  ["name", "a".repeat(38)],
  ["name", "ends-"],
  ["owns", undefined],
  ["owns", "delivery"],
  ["owns", ["speech"]],
  ["owns", ["speech", "delivery"]],
  ["owns", ["delivery", "storage"]],
  ["owns", ["delivery", "delivery"]],
  ["owns", ["delivery", "speech", "storage", "more"]],
  ["terraformState", undefined],
  ["terraformState", { backend: "s3", bucket: "b", key: "k" }],
  ["terraformState", { backend: "local", path: "" }],
  ["terraformState", { backend: "gcs", path: "p" }],
  ["terraformState", ["s3"]],
  ["timeout", 29],
  ["timeout", 901],
  ["timeout", 30.5],
  ["timeout", "soon"],
  ["memorySize", 127],
  ["memorySize", 10241],
  ["logRetentionInDays", 2],
];

for (const [key, value] of wrong) {
  test(`${key} ${JSON.stringify(value) ?? "missing"} is refused with file, key, value, expectation and fix`, async () => {
    await assert.rejects(settingsFrom({ ...valid, [key]: value }), (error: unknown) => {
      assert.ok(pulumi.RunError.isInstance(error), "a RunError is shown without a stack trace");
      const shown = JSON.stringify(value) ?? "missing";
      const pattern = /^Pulumi\.dev\.yaml: text-to-speech:(\w+) is (.+); expected .+\. Fix: .+/;
      const [, named, found] = pattern.exec((error as Error).message) ?? assert.fail((error as Error).message);
      assert.equal(named, key);
      assert.equal(found?.replaceAll('"', ""), shown.replaceAll('"', ""));
      return true;
    });
  });
}

for (const environment of ["dev", "prod"]) {
  test(`the files of ${environment} say the same to both tools`, async () => {
    const read = (path: string) => readFileSync(join(__dirname, path), "utf8");
    const { config } = parse(read(`Pulumi.${environment}.yaml`)) as { config: Record<string, unknown> };
    const own = Object.fromEntries(
      Object.entries(config).flatMap(([key, value]) =>
        key.startsWith("text-to-speech:") ? [[key.slice(15), value]] : [],
      ),
    );
    const settings = await settingsFrom(own);
    const assigned = (text: string) =>
      Object.fromEntries(
        [...text.matchAll(/^(\w+)\s*=\s*(.+)$/gm)].map(([, key, value]) => [key, JSON.parse(value ?? "")]),
      );
    const tfvars = assigned(read(`../legacy-terraform/${environment}.tfvars`));
    const { bucket, key, region } = assigned(read(`../legacy-terraform/${environment}.s3.tfbackend`));
    assert.equal(settings.name, tfvars.name);
    assert.equal(config["aws:region"], tfvars.region);
    assert.deepEqual(config["aws:allowedAccountIds"], [tfvars.account_id]);
    assert.equal(settings.memorySize, tfvars.memory_size ?? 256);
    assert.equal(settings.logRetentionInDays, tfvars.log_retention_in_days ?? 14);
    assert.equal(settings.timeout, tfvars.timeout ?? 30);
    assert.deepEqual(settings.terraformState, { backend: "s3", bucket, key, region });
    assert.deepEqual(config["aws:defaultTags"], {
      tags: { Project: "text-to-speech", Environment: tfvars.environment },
    });
  });
}

test.run();
