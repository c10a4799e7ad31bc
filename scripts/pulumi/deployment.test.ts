import { strict as assert } from "node:assert";
import { suite } from "uvu";
import { allProtected, readDeployment, resourcesOf, without, withProtection } from "./deployment";

const test = suite("edits of an exported stack");

const PROVIDER = "urn:pulumi:dev::p::pulumi:providers:aws::default";
const OTHER = "urn:pulumi:dev::p::pulumi:providers:aws::other";
const stack = { urn: "s", type: "pulumi:pulumi:Stack" };
const provider = { urn: PROVIDER, type: "pulumi:providers:aws", id: "1" };
const other = { urn: OTHER, type: "pulumi:providers:aws", id: "2" };
const component = { urn: "delivery", type: "c", parent: "s" };
const bucket = { urn: "bucket", type: "b", parent: "delivery", provider: `${PROVIDER}::1`, outputs: { secret: "🔒" } };
const table = { urn: "table", type: "t", parent: "s", provider: `${OTHER}::2`, dependencies: ["s"] };
const text = JSON.stringify({
  version: 3,
  deployment: {
    manifest: { time: "t" },
    secrets_providers: { type: "passphrase" },
    resources: [stack, provider, other, component, bucket, table],
  },
});

test("forgets exactly what is named, and providers that nothing uses any more", () => {
  const left = without(readDeployment(text), new Set(["delivery", "bucket"]));
  assert.deepEqual(
    resourcesOf(left).map(({ urn }) => urn),
    ["s", OTHER, "table"],
  );
  assert.deepEqual(left.deployment.secrets_providers, { type: "passphrase" });
});

test("refuses to leave a child without its parent", () => {
  assert.throws(() => without(readDeployment(text), new Set(["delivery"])), /bucket stays in the stack and is a child/);
});

test("what stays forgets that it depended on what goes, and nothing else", () => {
  const policy = {
    urn: "policy",
    type: "p",
    parent: "s",
    dependencies: ["bucket", "table"],
    propertyDependencies: { bucket: ["bucket"], policy: ["bucket", "table"], name: null },
    deletedWith: "bucket",
  };
  const state = readDeployment(
    JSON.stringify({ version: 3, deployment: { resources: [stack, component, bucket, table, policy] } }),
  );
  const left = resourcesOf(without(state, new Set(["bucket"]))).find(({ urn }) => urn === "policy");
  assert.deepEqual(JSON.parse(JSON.stringify(left)), {
    urn: "policy",
    type: "p",
    parent: "s",
    dependencies: ["table"],
    propertyDependencies: { bucket: [], policy: ["table"], name: null },
  });
});

test("protects exactly what is named and changes nothing else", () => {
  const urns = new Set(["bucket"]);
  const state = readDeployment(text);
  const after = withProtection(state, urns);
  assert.deepEqual([allProtected(state, urns), allProtected(after, urns)], [false, true]);
  assert.deepEqual(
    resourcesOf(after).find(({ urn }) => urn === "bucket"),
    { ...bucket, protect: true },
  );
  assert.deepEqual(
    resourcesOf(after).find(({ urn }) => urn === "table"),
    table,
  );
});

test("an empty stack has no resources; something else is refused", () => {
  assert.deepEqual(resourcesOf(readDeployment('{"version":3,"deployment":{}}')), []);
  assert.throws(() => readDeployment("{}"), /`pulumi stack export`: version/);
  assert.throws(() => readDeployment(""), /empty/);
});

test.run();
