import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import { importIdFormats, notImportable } from "./import-id-formats";
import { buildImportId, checkHome, importIdOf } from "./import-ids";
import type { InventoryResource, ValueObject } from "./types";

const typings = join(__dirname, "../../node_modules/@pulumi/aws");

const importSection = (module: string): string => {
  const text = readFileSync(join(typings, `${module}.d.ts`), "utf8");
  const start = text.indexOf("## Import");
  return start < 0 ? "" : text.slice(start, text.indexOf("*/", start));
};

const documentedIds = (section: string): string[] =>
  [...section.matchAll(/\$ pulumi import \S+ \S+ (.+)$/gm)].map(([, id]) =>
    (id ?? "").trim().replace(/^["']|["']$/g, ""),
  );

/** A format as a pattern: each attribute is any text, each optional part may be absent. */
const patternOf = (format: string): RegExp => {
  const literal = (text: string): string => text.replace(/[.*+?^$()|\\/{}]/g, "\\$&");
  const source = format
    .split(/(\{[^}]*\}|[[\]])/)
    .map((piece) => (piece === "[" ? "(?:" : piece === "]" ? ")?" : piece.startsWith("{") ? "(.+?)" : literal(piece)))
    .join("");
  return new RegExp(`^${source}$`);
};

const resource = (type: string, attributes: ValueObject): InventoryResource => ({
  address: `module.a[0].${type}.b`,
  type,
  name: "b",
  module: "module.a[0]",
  attributes,
});

const idOf = (type: string, attributes: ValueObject): string => {
  const result = importIdOf(resource(type, attributes));
  assert.ok("id" in result, JSON.stringify(result));
  return result.id;
};

for (const [type, { module, format }] of importIdFormats) {
  test(`${type}: the format is the documented one`, () => {
    assert.ok(existsSync(join(typings, `${module}.d.ts`)), `${module} is no module of @pulumi/aws`);
    const section = importSection(module);
    const ids = documentedIds(section);
    assert.ok(
      ids.some((id) => patternOf(format).test(id)),
      `${format} fits none of ${ids.join(" ; ")}`,
    );
    if (/^\{[a-z_]+\}$/.test(format)) singleAttribute(format.slice(1, -1), section, ids);
  });
}

/** A single attribute fits every example, so its kind and its mention in the text are compared instead. */
const singleAttribute = (attribute: string, section: string, ids: readonly string[]): void => {
  const said = section.toLowerCase().replaceAll(/[`_-]/g, " ");
  const word = attribute.replaceAll("_", " ").split(" ").at(-1) ?? "";
  assert.ok(said.includes(word), `the documentation does not mention ${attribute}`);
  const isArn = ids[0]?.startsWith("arn:") ?? false;
  assert.equal(attribute === "arn", isArn, `${attribute} for ${ids[0]}`);
  assert.equal(/url$/.test(attribute), ids[0]?.startsWith("https://") ?? false);
};

test("types listed as impossible to import have no documented import", () => {
  const modules: Record<string, string> = {
    aws_lb_target_group_attachment: "lb/targetGroupAttachment",
    aws_dynamodb_table_item: "dynamodb/tableItem",
    aws_vpn_gateway_attachment: "ec2/vpnGatewayAttachment",
    aws_acm_certificate_validation: "acm/certificateValidation",
    aws_autoscaling_attachment: "autoscaling/attachment",
    aws_iam_policy_attachment: "iam/policyAttachment",
    aws_iam_group_membership: "iam/groupMembership",
    aws_lambda_invocation: "lambda/invocation",
    aws_main_route_table_association: "ec2/mainRouteTableAssociation",
    aws_kms_ciphertext: "kms/ciphertext",
    aws_s3_object_copy: "s3/objectCopy",
  };
  assert.deepEqual(Object.keys(modules).sort(), [...notImportable.keys()].sort());
  for (const [type, module] of Object.entries(modules)) {
    assert.deepEqual(documentedIds(importSection(module)), [], type);
  }
});

test("the ids of the pipeline come from attributes, whatever the state's id says", () => {
  const id = "something else";
  assert.equal(idOf("aws_s3_bucket", { id, bucket: "ttsslsguru-audio" }), "ttsslsguru-audio");
  assert.equal(idOf("aws_s3_bucket_versioning", { id, bucket: "b", expected_bucket_owner: "" }), "b");
  assert.equal(
    idOf("aws_s3_bucket_versioning", { id, bucket: "b", expected_bucket_owner: "111111111111" }),
    "b,111111111111",
  );
  assert.equal(idOf("aws_iam_role_policy", { id, role: "r", name: "p" }), "r:p");
  assert.equal(idOf("aws_sqs_queue", { id, url: "http://127.0.0.1:1/1/q" }), "http://127.0.0.1:1/1/q");
  assert.equal(idOf("aws_lambda_event_source_mapping", { id, uuid: "u-1" }), "u-1");
});

test("composite ids: alternatives, lists, ARNs and optional parts", () => {
  assert.equal(
    idOf("aws_route", { route_table_id: "rtb-1", destination_cidr_block: "", destination_prefix_list_id: "pl-1" }),
    "rtb-1_pl-1",
  );
  assert.equal(idOf("aws_iam_user_group_membership", { user: "u", groups: ["a", "b"] }), "u/a/b");
  assert.equal(idOf("aws_ecs_service", { cluster: "arn:aws:ecs:us-east-1:1:cluster/main", name: "web" }), "main/web");
  assert.equal(
    idOf("aws_lambda_permission", {
      function_name: "arn:aws:lambda:us-east-1:1:function:f",
      statement_id: "s",
      qualifier: null,
    }),
    "f/s",
  );
  assert.equal(idOf("aws_lambda_permission", { function_name: "f", statement_id: "s", qualifier: "q" }), "f:q/s");
  assert.equal(
    idOf("aws_network_acl_rule", { network_acl_id: "acl-1", rule_number: 100, protocol: "6", egress: false }),
    "acl-1:100:6:false",
  );
  assert.equal(
    idOf("aws_security_group_rule", {
      security_group_id: "sg-1",
      type: "ingress",
      protocol: "-1",
      from_port: 0,
      to_port: 0,
      cidr_blocks: ["10.0.0.0/8", "10.1.0.0/16"],
      ipv6_cidr_blocks: null,
      prefix_list_ids: [],
      self: true,
      source_security_group_id: null,
    }),
    "sg-1_ingress_all_0_0_10.0.0.0/8_10.1.0.0/16_self",
  );
});

test("what cannot be imported, is unknown, or lacks an attribute is a finding that names the resource", () => {
  for (const [type, attributes, text] of [
    ["aws_lb_target_group_attachment", {}, "cannot be imported"],
    ["aws_brand_new_thing", {}, "no import id is known"],
    ["aws_sqs_queue", { id: "q", url: null }, "needs the attribute url"],
    ["aws_iam_role_policy", { name: "p" }, "needs the attribute role"],
    [
      "aws_security_group_rule",
      { security_group_id: "sg", type: "egress", protocol: "tcp", from_port: 1, to_port: 1 },
      "cidr_blocks",
    ],
  ] as const) {
    const result = importIdOf(resource(type, attributes as ValueObject));
    assert.ok("finding" in result);
    assert.match(result.finding.message, new RegExp(`module\\.a\\[0\\]\\.${type}\\.b.*${text}`));
    assert.ok(result.finding.fix.length > 10);
  }
});

test("a missing attribute in the middle is never filled with nothing", () => {
  assert.throws(() => buildImportId("{a}:{b}", { a: "x" }));
  assert.equal(buildImportId("{a}[:{b}]", { a: "x[1]" }), "x[1]");
});

test("account and region are read from the ARN", () => {
  const home = { account: "111111111111", region: "us-east-1" };
  const at = (arn: string): string[] =>
    checkHome(resource("aws_sqs_queue", { arn }), home).map(({ category }) => category);
  assert.deepEqual(at("arn:aws:sqs:us-east-1:111111111111:q"), []);
  assert.deepEqual(at("arn:aws:s3:::bucket"), []);
  assert.deepEqual(at("arn:aws:iam::222222222222:role/r"), ["wrong-account"]);
  assert.deepEqual(at("arn:aws:sqs:eu-west-1:222222222222:q"), ["wrong-account", "wrong-region"]);
  assert.deepEqual(checkHome(resource("aws_iam_role_policy", {}), home), []);
});

test.run();
