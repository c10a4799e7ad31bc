import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "uvu";
import { type Decision, decide, type Request } from "../../plan/iam/decide";
import type { JsonObject } from "../../plan/types";
import { stackSettings } from "./program";
import { readFixture } from "./shown";
import { migrationMap, programIn, ROOT } from "./sides";

/** Each policy document of the pipeline: Terraform type, its attribute, and Pulumi's property. */
const DOCUMENTS = [
  ["aws_iam_role", "assume_role_policy", "assumeRolePolicy"],
  ["aws_iam_role_policy", "policy", "policy"],
  ["aws_s3_bucket_policy", "policy", "policy"],
] as const;

interface Documents {
  readonly terraform: JsonObject;
  readonly pulumi: JsonObject;
}

const readDocuments = async (environment: string): Promise<readonly Documents[]> => {
  const terraform = readFixture(environment);
  const program = await programIn(terraform, await stackSettings(ROOT, environment));
  return DOCUMENTS.map(([type, attribute, property]) => {
    const resource = terraform.inventory.resources.find((each) => each.type === type);
    const mapped = migrationMap().resources.find(({ address }) => address === resource?.address);
    const registered = program.resources.find((each) => each.type === mapped?.type && each.name === mapped?.name);
    assert.ok(resource && registered, type);
    return {
      terraform: JSON.parse(String(resource.attributes[attribute])) as JsonObject,
      pulumi: JSON.parse(String(registered.inputs[property])) as JsonObject,
    };
  });
};

const textsIn = (value: unknown): string[] => {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** A text as a policy has it, or one that is close: somebody else's, longer, shorter, or a part of it. */
const near = (text: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(text.replace("*", "7.mp3")) },
    fc.constant(`${text}x`),
    fc.constant(text.slice(0, -1)),
    fc.constant(text.replace(/\d{12}/, "999999999999")),
    fc.constant(text.replace("ttsslsguru", "ttsslsguru-other")),
    fc.constant(text.replace(/:[^:]*$/, ":*")),
  );

const STRANGERS = [
  "s3:DeleteObject",
  "s3:ListBucket",
  "sqs:ReceiveMessage",
  "logs:CreateLogGroup",
  "polly:DescribeVoices",
  "iam:PassRole",
];

/** Requests made of what both documents speak of, so that a good part of them is allowed. */
const requestsFor = ({ terraform, pulumi }: Documents): fc.Arbitrary<Request> => {
  const texts = [...new Set([...textsIn(terraform.Statement ?? null), ...textsIn(pulumi.Statement ?? null)])];
  const actions = texts.filter((text) => /^[a-z0-9]+:[A-Z]\w+$/.test(text));
  const arns = texts.filter((text) => text.startsWith("arn:"));
  const services = texts.filter((text) => text.endsWith(".amazonaws.com"));
  const regions = ["us-east-1", "eu-west-1"];
  return fc.record({
    principal: fc.oneof(
      fc.constantFrom(...services, "lambda.amazonaws.com").map((name) => `Service:${name}`),
      fc.constant("AWS:arn:aws:iam::999999999999:root"),
    ),
    action: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...actions) }, fc.constantFrom(...STRANGERS)),
    resource: fc.constantFrom(...arns, "arn:aws:s3:::other/7.mp3").chain(near),
    context: fc.record(
      {
        "aws:RequestedRegion": fc.constantFrom(...regions),
        "AWS:SourceArn": fc.constantFrom(...arns, "arn:aws:cloudfront::1:distribution/OTHER").chain(near),
      },
      { requiredKeys: [] },
    ),
  });
};

for (const environment of ["dev", "prod"]) {
  test(`${environment}: whatever is asked, both documents decide alike`, async () => {
    for (const documents of await readDocuments(environment)) {
      const seen = new Set<Decision>();
      fc.assert(
        fc.property(requestsFor(documents), (request) => {
          const decision = decide(documents.terraform, request);
          seen.add(decision);
          assert.equal(decide(documents.pulumi, request), decision, JSON.stringify(request));
        }),
        { numRuns: 2_000 },
      );
      // Requests that are all refused would prove nothing.
      assert.deepEqual([...seen].sort(), ["allowed", "implicitDeny"]);
    }
  });
}

test("a document that decides one request differently is found out", async () => {
  const [, role, bucket] = await readDocuments("dev");
  assert.ok(role && bucket);
  const changes: readonly (readonly [Documents, from: string, to: string])[] = [
    [role, '"s3:PutObject"', '"s3:PutObjectAcl"'],
    [role, '"aws:RequestedRegion":"us-east-1"', '"aws:RequestedRegion":"eu-west-1"'],
    [role, 'arn:aws:s3:::ttsslsguru-audio/*"', 'arn:aws:s3:::ttsslsguru*"'],
    [bucket, "cloudfront.amazonaws.com", "lambda.amazonaws.com"],
    [bucket, "AWS:SourceArn", "AWS:SourceAccount"],
  ];
  for (const [documents, from, to] of changes) {
    const text = JSON.stringify(documents.pulumi);
    assert.ok(text.includes(from), from);
    const changed = JSON.parse(text.replaceAll(from, to)) as JsonObject;
    const same = fc.check(
      fc.property(
        requestsFor(documents),
        (request) => decide(changed, request) === decide(documents.terraform, request),
      ),
      { numRuns: 2_000 },
    );
    assert.ok(same.failed, `${from} → ${to} went unnoticed`);
  }
});

test.run();
