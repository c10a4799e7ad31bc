import assert from "node:assert/strict";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { convert } from "../../commands/convert";
import type { MigrationMap } from "../../plan/types";
import { programResources } from "../sources/typescript";
import { comparePrograms } from "./differences";
import { normal } from "./normal";
import { pclResources } from "./pcl";
import { requireConverter } from "./run";

test("the same expression written in another way is no difference", () => {
  assert.equal(normal("{ a: 1_209_600, b: ['x',], }"), normal('{a: 1209600,\n b: ["x"]} // why'));
  assert.notEqual(normal('"a"'), normal('"b"'));
  assert.notEqual(normal("a.b"), normal("a.c"));
});

const CONVERTED = `import * as aws from "@pulumi/aws";
export class Storage extends pulumi.ComponentResource {
  constructor(name: string, args: StorageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("components:index:Storage", name, args, opts);
    const audioBucketV2 = new aws.s3.BucketV2(\`\${name}-audio\`, { bucket: \`\${args.name}-audio\`, forceDestroy: false }, { parent: this });
    new aws.s3.BucketVersioningV2(\`\${name}-audio\`, { bucket: audioBucketV2.id, versioningConfiguration: { status: "Enabled" } }, { parent: this });
  }
}
`;

const FINISHED = `import * as aws from "@pulumi/aws";
class Storage extends pulumi.ComponentResource {
  constructor() { super("text-to-speech:index:Storage", "storage"); }
}
const bucket = (names: Names, parent: pulumi.Resource) => new aws.s3.BucketV2("audio", { bucket: names.bucket }, { parent, protect: true });
const versions = (audio: aws.s3.BucketV2, parent: pulumi.Resource) =>
  new aws.s3.BucketVersioningV2("audio", { bucket: audio.id, versioningConfiguration: { status: "Suspended" } }, { parent });
`;

const row = (type: string, terraformType: string) => ({
  address: `module.storage[0].${terraformType}.audio`,
  terraformType,
  type,
  name: "audio",
  parent: { type: "text-to-speech:index:Storage", name: "storage" },
  wave: "storage",
  line: 1,
});

const MAP = {
  resources: [
    row("aws:s3/bucketV2:BucketV2", "aws_s3_bucket"),
    row("aws:s3/bucketVersioningV2:BucketVersioningV2", "aws_s3_bucket_versioning"),
    row("aws:s3/bucketPolicy:BucketPolicy", "aws_s3_bucket_policy"),
  ],
} as unknown as MigrationMap;

test("each difference is found with its cause, and one that no rule knows is said to be unexplained", () => {
  const converted = programResources([{ path: "storage.ts", text: CONVERTED }]);
  const finished = programResources([{ path: "pulumi/storage.ts", text: FINISHED }]);
  const [bucket, versions, policy] = comparePrograms(MAP, converted, finished);
  assert.deepEqual(
    bucket?.differences.map(({ kind, key, cause }) => `${kind} ${key}: ${cause.name}`),
    [
      "name : components",
      "argument bucket: explicit names",
      "argument forceDestroy: left to the provider",
      "option parent: components",
      "option protect: protection",
    ],
  );
  const status = versions?.differences.find(({ key }) => key === "versioningConfiguration.status");
  assert.deepEqual(
    [status?.converted, status?.finished, status?.cause.name],
    ['"Enabled"', '"Suspended"', "unexplained"],
  );
  assert.deepEqual([policy?.converted, policy?.finished], ["", ""]);
});

const PCL = `resource "audioBucketV2" "aws:s3/bucketV2:BucketV2" {
  __logicalName = "audio"
  options {
    dependsOn = [other]
  }
  bucket = "\${name}-audio" # why
  rules = [{
    filter = { prefix = "a,}b" }
  }, {
    on = true
  }]
}
`;

test("a resource in PCL is taken apart like one in TypeScript", () => {
  const [bucket] = pclResources([{ path: "storage/main.pp", text: PCL }]);
  assert.equal(bucket?.constructorName, "aws.s3.BucketV2");
  assert.equal(bucket?.name, "audio");
  assert.deepEqual(bucket?.args, {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a template
    bucket: "`${name}-audio`",
    "rules[0].filter.prefix": '"a,}b"',
    "rules[1].on": "true",
  });
  assert.deepEqual(bucket?.options, { parent: "parent", dependsOn: "[other]" });
});

/** A `pulumi` that has no converter. */
const withPulumi = async (work: (pulumi: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-"));
  try {
    const pulumi = join(folder, "pulumi");
    await writeFile(pulumi, `#!/bin/sh\necho '[{"name":"aws","kind":"resource","version":"6.83.0"}]'\n`);
    await chmod(pulumi, 0o755);
    await work(pulumi);
  } finally {
    await rm(folder, { recursive: true });
  }
};

test("without the plugin it says how to get it", () =>
  withPulumi(async (pulumi) => {
    const env = { PATH: "/usr/bin:/bin" };
    const refusal = (error: Error & { fix?: string }): boolean => {
      assert.match(error.message, /converter is not installed/);
      assert.equal(error.fix, "pulumi plugin install converter terraform 1.3.0");
      return true;
    };
    await assert.rejects(requireConverter({ pulumi, env }), refusal);
    await assert.rejects(convert({ pulumi, env }, { workspace: ".", language: "typescript" }), refusal);
  }));

test.run();
