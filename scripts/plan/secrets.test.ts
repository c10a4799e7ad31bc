import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "uvu";
import { readCheckpoint, SIGNATURE } from "./checkpoint";
import { leaksIn, secretsOf } from "./leaks";
import { MASK, Sensitive } from "./sensitive";
import { checkpointOf, exported, heldIn, inventoryOf, resourceIn, show } from "./testing/factories";
import { formatUrn, parseUrn } from "./urn";
import { canonical } from "./values";

const SECRET = 'pa"ss\nword';
const envelope = (content: object): object => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ...content });

const withSecrets = () => {
  const document = show();
  const role = resourceIn(document, "aws_iam_role");
  role.values.inline_policy = [{ name: "n", policy: SECRET }];
  role.sensitive_values = { inline_policy: [{ policy: true }] };
  document.values.outputs.token = { value: ["another-secret"], sensitive: true };
  return inventoryOf(document);
};

test("a secret is a marker to everything but a comparison", () => {
  const secret = Sensitive.of(SECRET);
  for (const text of [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }),
    canonical({ secret }),
  ]) {
    assert.ok(text.includes(MASK) && !text.includes("ss"), text);
  }
  assert.equal(canonical(secret, true), canonical(SECRET));
  assert.equal(new Sensitive().reveal(), undefined);
  assert.deepEqual(Object.keys(secret), []);
});

test("secrets are found in a text in each form that a file may give them", () => {
  const secrets = secretsOf(withSecrets());
  assert.deepEqual(
    secrets.map(({ from }) => from),
    ["module.speech[0].aws_iam_role.speak.inline_policy[0].policy", "output token.0"],
  );
  const forms = [
    SECRET,
    JSON.stringify({ a: SECRET }),
    JSON.stringify({ a: JSON.stringify({ b: SECRET }) }),
    Buffer.from(SECRET).toString("base64"),
  ];
  for (const text of forms) assert.deepEqual(leaksIn(`before ${text} after`, secrets), [secrets[0]?.from], text);
  assert.deepEqual(leaksIn(JSON.stringify(withSecrets()), secrets), [], "an inventory that is printed");
  assert.deepEqual(leaksIn("", secrets), []);
});

test("a checkpoint's secrets are wrapped, with their content where it is exported", () => {
  const document = exported();
  heldIn(document, "aws:iam/role:Role").outputs.description = envelope({ ciphertext: "v1:x" });
  heldIn(document, "aws:iam/role:Role").inputs.nested = [{ deep: envelope({ plaintext: JSON.stringify(SECRET) }) }];
  heldIn(document, "pulumi:pulumi:Stack").outputs.token = envelope({ plaintext: '"t"' });
  const checkpoint = checkpointOf(document);
  const role = checkpoint.resources.find(({ type }) => type === "aws:iam/role:Role");
  assert.ok(role?.outputs.description instanceof Sensitive);
  assert.equal(role.outputs.description.reveal(), undefined);
  assert.ok(!JSON.stringify(role.inputs).includes("ss"));
  assert.ok(canonical(role.inputs, true).includes(JSON.stringify(SECRET)));
  assert.equal(checkpoint.outputs.token?.sensitive, true);
});

test("a checkpoint knows project, pending operations and what is plumbing", () => {
  const document = exported(["delivery"]);
  const urn = "urn:pulumi:dev::text-to-speech::pulumi:providers:aws::default";
  document.deployment.resources.push({
    urn,
    type: "pulumi:providers:aws",
    custom: true,
    id: "x",
    inputs: {},
    outputs: {},
  });
  document.deployment.pending_operations.push({ type: "importing", resource: { urn } });
  const checkpoint = checkpointOf(document);
  assert.deepEqual([checkpoint.project, checkpoint.stack, checkpoint.resources.length], ["text-to-speech", "dev", 4]);
  assert.deepEqual(checkpoint.pending, [{ urn, type: "importing" }]);
  assert.equal(checkpointOf({ version: 3, deployment: {} }).resources.length, 0);
});

test("checkpoints that are torn, newer or of another shape are refused", () => {
  const text = JSON.stringify(exported());
  const read = (content: string) => () => readCheckpoint(content, "dev", "the stack");
  for (let part = 0; part < 16; part += 1) {
    assert.throws(read(text.slice(0, Math.floor((text.length * part) / 16))), /the stack is (empty|not valid JSON)/);
  }
  assert.throws(read(text.replace('"version":3', '"version":5')), /version is 5; expected 3 or 4/);
  assert.throws(read('{"version":3}'), /deployment/);
  assert.throws(read(text.replace("urn:pulumi:dev", "nonsense")), /is not a Pulumi URN/);
});

test("URNs come apart and together, names with colons included", () => {
  for (const urn of [
    "urn:pulumi:dev::p::a:b:C::name",
    "urn:pulumi:dev::p::x:y:Z$a:b/c:D::na::me",
    "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev",
  ]) {
    assert.equal(formatUrn(parseUrn(urn)), urn);
  }
  assert.deepEqual(parseUrn("urn:pulumi:dev::p::x:y:Z$a:b/c:D::na::me"), {
    stack: "dev",
    project: "p",
    parentTypes: ["x:y:Z"],
    type: "a:b/c:D",
    name: "na::me",
  });
  for (const wrong of ["", "urn:pulumi:dev", "urn:pulumi:dev::p::t", "arn:aws:s3:::b"])
    assert.throws(() => parseUrn(wrong), /is not a Pulumi URN/);
});

test.run();
