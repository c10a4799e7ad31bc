import assert from "node:assert/strict";
import { test } from "uvu";
import { realSources } from "../testing/sources";
import { hclAttributes, hclBlocks } from "./hcl";
import { readConfiguration } from "./terraform";
import { constructorOfToken, programResources } from "./typescript";

const TRICKY = `# about nothing

# what it is
# in two lines
resource "aws_s3_bucket" "a" { # } not the end
  name = "}\${upper("{")}" // } nor this
  doc  = <<-EOT
    } resource "fake" "one" {
  EOT
  /* } */
  rule {
    inner = 1
  }
  tags = {
    one = "1"
  }
}
resource "aws_s3_bucket" "b" {}
`;

test("blocks end where their own brace closes, not at one in a string, template, heredoc or comment", () => {
  const [first, second, ...more] = hclBlocks({ path: "x.tf", text: TRICKY });
  assert.deepEqual([first?.labels, first?.from, first?.to], [["aws_s3_bucket", "a"], 3, 17]);
  assert.deepEqual([second?.labels, second?.from, second?.to], [["aws_s3_bucket", "b"], 18, 18]);
  assert.equal(more.length, 0);
  assert.deepEqual(
    hclAttributes(first?.body ?? "").map(({ name }) => name),
    ["name", "doc", "tags"],
  );
});

test("references are followed through locals, variables and outputs to the resources themselves", () => {
  const { terraform } = realSources();
  const configuration = readConfiguration(terraform, "legacy-terraform");
  assert.deepEqual(configuration.referencesOf("module.speech[0].aws_lambda_event_source_mapping.requests"), [
    "module.speech.aws_iam_role_policy.speak",
    "module.speech.aws_lambda_function.speak",
    "module.speech.aws_sqs_queue.failed",
    "module.storage.aws_dynamodb_table.requests",
  ]);
  assert.deepEqual(configuration.referencesOf("module.storage[0].aws_s3_bucket.audio"), []);
});

test("a block is shown with the locals that it names", () => {
  const configuration = readConfiguration(realSources().terraform, "legacy-terraform");
  const parts = configuration.partsOf("module.speech[0].aws_cloudwatch_log_group.speak");
  assert.deepEqual(
    parts.map(({ path }) => path),
    ["legacy-terraform/speech/main.tf", "legacy-terraform/speech/main.tf"],
  );
  assert.deepEqual(configuration.partsOf("module.speech[0].aws_sns_topic.none"), []);
});

const PROGRAM = `import * as aws from "@pulumi/aws";
import { policy } from "./policies";
class Thing extends pulumi.ComponentResource {
  constructor(name: string) {
    super("x:index:Thing", name);
    // beside it
    const a = new aws.s3.BucketV2("a", { bucket: "a" }, { parent: this });
    new aws.s3.BucketPolicy("a", { bucket: a.id, policy }, { parent: this });
  }
}

const SIZE = 3;

/** Makes a queue. */
const queue = (): aws.sqs.Queue => new aws.sqs.Queue("q", { delaySeconds: SIZE });
`;

test("a constructor is found in its declaration, or in its statement where several share one", () => {
  const policies = { path: "pulumi/policies.ts", text: "/** Nobody. */\nexport const policy = {};\n" };
  const found = programResources([{ path: "pulumi/thing.ts", text: PROGRAM }, policies]);
  assert.deepEqual(
    found.map(({ constructorName, name, component, range }) => [
      constructorName,
      name,
      component,
      range.from,
      range.to,
    ]),
    [
      ["aws.s3.BucketV2", "a", "x:index:Thing", 6, 7],
      ["aws.s3.BucketPolicy", "a", "x:index:Thing", 8, 8],
      ["aws.sqs.Queue", "q", "x:index:Thing", 14, 15],
    ],
  );
  assert.deepEqual(found[1]?.related, [{ path: "pulumi/policies.ts", from: 1, to: 2 }]);
  assert.deepEqual(found[2]?.related, [{ path: "pulumi/thing.ts", from: 12, to: 12 }]);
  assert.deepEqual(found[1]?.args, { bucket: "a.id", policy: "policy" });
});

test("type tokens name their constructors", () => {
  assert.equal(constructorOfToken("aws:dynamodb/table:Table"), "aws.dynamodb.Table");
  assert.equal(constructorOfToken("aws:index/provider:Provider"), "aws.Provider");
});

test.run();
