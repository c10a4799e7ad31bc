import assert from "node:assert/strict";
import { test } from "uvu";
import { compareStates, describeRow, differencesIn } from "./compare";
import { providerMapping } from "./mapping-files";
import {
  checkpointOf,
  type Exported,
  exported,
  heldIn,
  inventoryOf,
  pairs,
  resourceIn,
  type Show,
  show,
} from "./testing/factories";
import { ids } from "./testing/pipeline";
import type { ComparisonRow } from "./types";

const compare = (terraform: unknown, pulumi: unknown, codeSha256: string = ids.codeSha256): ComparisonRow[] =>
  compareStates(pairs(), inventoryOf(terraform), checkpointOf(pulumi), providerMapping(), { codeSha256 });

const rowFor = (rows: readonly ComparisonRow[], type: string, terraformName: string): ComparisonRow => {
  const found = rows.find((row) => row.address.includes(`.${type}.`) && row.terraformName === terraformName);
  assert.ok(found, `no row for ${type} ${terraformName} among ${rows.map((row) => row.terraformName).join(" ")}`);
  return found;
};

test("two states of the same pipeline are equal, however they are written", () => {
  const rows = compare(show(), exported());
  assert.deepEqual(differencesIn(rows).map(describeRow), []);
  assert.ok(rows.length > 100, `only ${rows.length} properties were compared`);
  assert.equal(new Set(rows.map(({ address }) => address)).size, 15, "14 resources and the outputs");
});

test("each kind of equality is told apart, with its reason", () => {
  const rows = compare(show(), exported());
  assert.equal(rowFor(rows, "aws_lambda_function", "timeout").verdict, "equal");
  const policy = rowFor(rows, "aws_iam_role_policy", "policy");
  assert.equal(policy.verdict, "equal-by-meaning");
  assert.match(policy.reason, /same JSON document/);
  const methods = rowFor(rows, "aws_cloudfront_distribution", "default_cache_behavior[0].allowed_methods");
  assert.match(methods.reason, /set in another order/);
  assert.match(rowFor(rows, "aws_s3_bucket", "force_destroy").reason, /not set/);
  const code = rowFor(rows, "aws_lambda_function", "filename");
  assert.equal(code.verdict, "never-returned");
  assert.equal(code.pulumiName, "code");
});

interface Break {
  readonly what: string;
  readonly terraform?: (document: Show) => void;
  readonly pulumi?: (document: Exported) => void;
  /** What the message must name: resource, property, both values. */
  readonly says: readonly RegExp[];
}

const values = (document: Show, type: string): Record<string, unknown> => resourceIn(document, type).values;
const properties = (document: Exported, type: string): Record<string, unknown> => heldIn(document, type).outputs;

const breaks: readonly Break[] = [
  {
    what: "a property in Pulumi",
    pulumi: (document) => Object.assign(properties(document, "aws:lambda/function:Function"), { timeout: 29 }),
    says: [/aws_lambda_function\.speak/, /timeout/, /Terraform 30, Pulumi 29/],
  },
  {
    what: "a property in Terraform",
    terraform: (document) => Object.assign(values(document, "aws_lambda_function"), { memory_size: 512 }),
    says: [/memory_size \/ memorySize/, /Terraform 512, Pulumi 256/],
  },
  {
    what: "a nested property",
    pulumi: (document) =>
      Object.assign(properties(document, "aws:s3/bucketVersioningV2:BucketVersioningV2"), {
        versioningConfiguration: { status: "Suspended" },
      }),
    says: [/aws_s3_bucket_versioning\.audio/, /versioning_configuration\[0\]\.status/, /"Enabled", Pulumi "Suspended"/],
  },
  {
    what: "a member of a set of blocks",
    pulumi: (document) =>
      Object.assign(properties(document, "aws:cloudfront/distribution:Distribution"), {
        origins: [{ domainName: "elsewhere.example.com", originId: "audio", originAccessControlId: "E327GJI25M56DG" }],
      }),
    says: [/origin\[0\]\.domain_name/, /ttsslsguru-audio\.s3/, /elsewhere\.example\.com/],
  },
  {
    what: "a tag changed",
    terraform: (document) =>
      Object.assign(values(document, "aws_sqs_queue"), { tags_all: { Project: "other", Environment: "dev" } }),
    says: [/aws_sqs_queue\.failed/, /tags_all\.Project/, /"other", Pulumi "text-to-speech"/],
  },
  {
    what: "a tag added with an empty value",
    pulumi: (document) =>
      Object.assign(properties(document, "aws:sqs/queue:Queue"), {
        tagsAll: { Project: "text-to-speech", Environment: "dev", Owner: "" },
      }),
    says: [/tags_all\.Owner/, /Terraform \(not set\), Pulumi ""/],
  },
  {
    what: "a policy action",
    pulumi: (document) => {
      const policy = properties(document, "aws:iam/rolePolicy:RolePolicy");
      policy.policy = String(policy.policy).replace("polly:SynthesizeSpeech", "polly:*");
    },
    says: [/aws_iam_role_policy\.speak/, /policy/, /polly:SynthesizeSpeech/, /polly:\*/],
  },
  {
    what: "a policy condition",
    terraform: (document) => {
      const policy = values(document, "aws_s3_bucket_policy");
      policy.policy = String(policy.policy).replace("StringEquals", "StringLike");
    },
    says: [/aws_s3_bucket_policy\.audio/, /StringLike/, /StringEquals/],
  },
  {
    what: "a physical name",
    terraform: (document) => Object.assign(values(document, "aws_dynamodb_table"), { name: "other" }),
    says: [/aws_dynamodb_table\.requests/, /name/, /"other", Pulumi "ttsslsguru"/],
  },
  {
    what: "an output of Pulumi",
    pulumi: (document) => Object.assign(heldIn(document, "pulumi:pulumi:Stack").outputs, { audioUrl: "https://else" }),
    says: [/^output: audioUrl: Terraform "https:\/\/d111111abcdef8.cloudfront.net", Pulumi "https:\/\/else"/],
  },
  {
    what: "an output that only Terraform has",
    pulumi: (document) => delete heldIn(document, "pulumi:pulumi:Stack").outputs.tableArn,
    says: [/^output: tableArn: .*Pulumi \(not set\)/],
  },
  {
    what: "an output that only Pulumi has",
    terraform: (document) => delete document.values.outputs.bucketName,
    says: [/^output: bucketName: Terraform \(not set\), Pulumi "ttsslsguru-audio"/],
  },
  {
    what: "a resource dropped from Pulumi",
    pulumi: (document) => {
      document.deployment.resources = document.deployment.resources.filter(
        ({ type }) => type !== "aws:sqs/queue:Queue",
      );
    },
    says: [/aws_sqs_queue\.failed.*Pulumi's state does not have this resource/],
  },
  {
    what: "a resource dropped from Terraform",
    terraform: (document) => {
      for (const module of document.values.root_module.child_modules) {
        module.resources = module.resources.filter(({ type }) => type !== "aws_iam_role");
      }
    },
    says: [/aws_iam_role\.speak.*Terraform's state does not have this resource/],
  },
  {
    what: "two ids swapped",
    pulumi: (document) => {
      const [one, other] = [
        heldIn(document, "aws:iam/role:Role"),
        heldIn(document, "aws:cloudwatch/logGroup:LogGroup"),
      ];
      [one.id, other.id] = [other.id ?? "", one.id ?? ""];
    },
    says: [/aws_iam_role\.speak.*: id: Terraform "ttsslsguru-speak", Pulumi "\/aws\/lambda\/ttsslsguru-speak"/],
  },
  {
    what: "a program input that says something else than what was read",
    pulumi: (document) => {
      heldIn(document, "aws:lambda/function:Function").inputs = { timeout: 31, memorySize: 256 };
    },
    says: [/timeout.*Terraform 30, Pulumi 31.*program's input/],
  },
  {
    what: "a property that the mapping does not know",
    pulumi: (document) => Object.assign(properties(document, "aws:sqs/queue:Queue"), { novelty: "x" }),
    says: [/novelty.*mapping does not know/],
  },
  {
    what: "force_destroy on, though never returned, when Pulumi says off",
    terraform: (document) => Object.assign(values(document, "aws_s3_bucket"), { force_destroy: true }),
    pulumi: (document) => Object.assign(properties(document, "aws:s3/bucketV2:BucketV2"), { forceDestroy: false }),
    says: [/force_destroy \/ forceDestroy: Terraform true, Pulumi false/],
  },
];

for (const { what, terraform, pulumi, says } of breaks) {
  test(`broken: ${what}`, () => {
    const [one, other] = [show(), exported()];
    terraform?.(one);
    pulumi?.(other);
    const text = differencesIn(compare(one, other)).map(describeRow).join("\n");
    for (const expected of says) assert.match(text, new RegExp(expected.source, "m"));
  });
}

test("the code archive may differ only while its hash is the live one", () => {
  const rows = differencesIn(compare(show(), exported(), "b3RoZXI="));
  assert.deepEqual(rows.map(({ terraformName }) => terraformName).sort(), ["filename", "source_code_hash"]);
  assert.match(rows[0]?.reason ?? "", /hash is b3RoZXI=, the live code's is n4bQ/);
});

test("what AWS never returns may be missing in Pulumi, and its reason is given", () => {
  const terraform = show();
  Object.assign(resourceIn(terraform, "aws_s3_bucket").values, { force_destroy: true });
  const row = rowFor(compare(terraform, exported()), "aws_s3_bucket", "force_destroy");
  assert.equal(row.verdict, "never-returned");
  assert.match(row.reason, /AWS does not store it/);
});

test("default tags may stand in tags or only in tagsAll; a tag of another value may not", () => {
  const pulumi = exported();
  const queue = properties(pulumi, "aws:sqs/queue:Queue");
  queue.tags = { Project: "text-to-speech" };
  const row = rowFor(compare(show(), pulumi), "aws_sqs_queue", "tags.Project");
  assert.equal(row.verdict, "equal-by-meaning");
  queue.tags = { Project: "else" };
  assert.equal(rowFor(compare(show(), pulumi), "aws_sqs_queue", "tags.Project").verdict, "different");
});

test("secrets are compared and never shown", () => {
  const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  const sides = (terraformSecret: string, envelope: object): ComparisonRow => {
    const [terraform, pulumi] = [show(), exported()];
    const role = resourceIn(terraform, "aws_iam_role");
    role.values.description = terraformSecret;
    role.sensitive_values = { description: true };
    properties(pulumi, "aws:iam/role:Role").description = { ...signature, ...envelope };
    const rows = compare(terraform, pulumi);
    assert.ok(!JSON.stringify(rows).includes("hunter2"), "a secret is in the rows");
    return rowFor(rows, "aws_iam_role", "description");
  };
  assert.equal(sides("hunter2!", { plaintext: '"hunter2!"' }).verdict, "equal");
  assert.equal(sides("hunter2!", { plaintext: '"hunter2?"' }).verdict, "different");
  assert.equal(sides("hunter2!", { plaintext: '"hunter2?"' }).pulumiValue, "(sensitive)");
  assert.match(sides("hunter2!", { ciphertext: "v1:abc" }).reason, /encrypted/);
});

test.run();
