import assert from "node:assert/strict";
import { inspect } from "node:util";
import { test } from "uvu";
import { UserError } from "../lib/errors";
import { parseAddress, withoutKeys } from "./address";
import { identifyState, readInventory, readRefreshed } from "./inventory";
import { inventoryOf, pulled, resourceIn, show } from "./testing/factories";

const refusal = (work: () => unknown): UserError => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof UserError, `no UserError but ${inspect(error)}`);
    assert.ok(error.fix, "no fix");
    return error;
  }
  throw new assert.AssertionError({ message: "it was accepted" });
};

test("resources of all modules are found, data sources are not", () => {
  const document = show();
  document.values.root_module.child_modules[0]?.resources.push({
    ...resourceIn(document, "aws_s3_bucket"),
    address: "module.delivery[0].data.aws_region.here",
    mode: "data",
  });
  const { resources, terraformVersion } = inventoryOf(document);
  assert.equal(resources.length, 14);
  assert.equal(terraformVersion, "1.11.4");
  const table = resources.find(({ type }) => type === "aws_dynamodb_table");
  assert.equal(table?.address, "module.storage[0].aws_dynamodb_table.requests");
  assert.equal(table?.module, "module.storage[0]");
});

test("an empty state is an empty inventory, as Terraform prints it", () => {
  const { resources, outputs } = readInventory('{"format_version":"1.0"}', "the state");
  assert.deepEqual([resources, outputs], [[], {}]);
});

test("a plan's planned values are read instead of a state's", () => {
  const { values, ...rest } = show();
  assert.equal(inventoryOf({ ...rest, planned_values: values }).resources.length, 14);
});

test("what a plan found is read from its prior state, not from what it plans", () => {
  const found = show();
  resourceIn(found, "aws_lambda_function").values.last_modified = "now";
  const { values, ...rest } = show();
  const plan = JSON.stringify({ ...rest, planned_values: values, prior_state: found });
  const { resources } = readRefreshed(plan, "the plan");
  assert.equal(resources.find(({ type }) => type === "aws_lambda_function")?.attributes.last_modified, "now");
  assert.deepEqual(readRefreshed(JSON.stringify({ ...rest, planned_values: values }), "the plan").resources, []);
  const newer = { ...rest, prior_state: { ...found, format_version: "2.0" } };
  assert.match(refusal(() => readRefreshed(JSON.stringify(newer), "the plan")).message, /format_version is 2\.0/);
});

test("a plan tells which modules each output is made from", () => {
  const outputs = {
    audioUrl: { expression: { references: ["module.delivery"] } },
    both: { expression: { references: ["module.speech[0].lambda_arn", "module.speech[0]", "module.storage"] } },
    name: { expression: { references: ["var.name"] } },
    constant: { expression: { constant_value: "c" } },
  };
  const plan = { format_version: "1.2", prior_state: show(), configuration: { root_module: { outputs } } };
  const expected = { audioUrl: ["delivery"], both: ["speech", "storage"], name: [], constant: [] };
  assert.deepEqual(readRefreshed(JSON.stringify(plan), "the plan").outputModules, expected);
  const { prior_state: _, ...empty } = plan;
  assert.deepEqual(readRefreshed(JSON.stringify(empty), "the plan").outputModules, expected);
});

for (let part = 0; part < 16; part += 1) {
  test(`a state cut off after ${part}/16 is refused in both forms`, () => {
    for (const [text, read] of [
      [JSON.stringify(show()), readInventory],
      [JSON.stringify(pulled()), identifyState],
    ] as const) {
      const cut = text.slice(0, Math.floor((text.length * part) / 16));
      const error = refusal(() => read(cut, "state of dev"));
      assert.match(error.message, part === 0 ? /state of dev is empty/ : /state of dev is not valid JSON/);
    }
  });
}

test("torn JSON is described without quoting it", () => {
  const error = refusal(() => readInventory('{"password": hunter2hunter2}', "the state"));
  assert.ok(!error.message.includes("hunter2"), error.message);
});

test("newer formats and versions are refused by name and number", () => {
  assert.match(
    refusal(() => inventoryOf({ ...show(), format_version: "2.0" })).message,
    /format_version is 2\.0; expected 1\.x/,
  );
  assert.match(
    refusal(() => identifyState(JSON.stringify({ ...pulled(), version: 5 }), "s")).message,
    /version is 5; expected 4/,
  );
  assert.equal(inventoryOf({ ...show(), format_version: "1.9" }).resources.length, 14, "minor versions only add");
});

test("a field of another shape is named", () => {
  const document = show();
  resourceIn(document, "aws_s3_bucket").mode = "imagined";
  assert.match(refusal(() => inventoryOf(document)).message, /resources\.1\.mode/);
  assert.match(refusal(() => identifyState('{"version":4,"serial":1}', "s")).message, /lineage/);
});

test("lineage, serial and the hash of the very bytes identify a state", () => {
  const text = JSON.stringify(pulled(12));
  const { lineage, serial, sha256 } = identifyState(text, "s");
  assert.deepEqual([lineage, serial, sha256.length], ["3f2a", 12, 64]);
  assert.notEqual(identifyState(`${text} `, "s").sha256, sha256);
});

test("sensitive leaves and outputs print as a marker in every way there is", () => {
  const document = show();
  const role = resourceIn(document, "aws_iam_role");
  role.values.inline_policy = [{ name: "open", policy: "hunter2-policy" }];
  role.sensitive_values = { inline_policy: [{ policy: true }] };
  document.values.outputs.token = { value: { deep: ["hunter2-token"] }, sensitive: true };
  const inventory = inventoryOf(document);
  for (const text of [
    JSON.stringify(inventory),
    inspect(inventory, { depth: null }),
    `${inventory.outputs.token?.value}`,
  ]) {
    assert.ok(!text.includes("hunter2"), text);
  }
  assert.match(JSON.stringify(inventory), /"open"/);
});

test("addresses come apart, whatever their keys hold", () => {
  assert.deepEqual(parseAddress('module.a["x.y[0]"].module.b[1].aws_sqs_queue.q["k\\"]"]'), {
    module: 'module.a["x.y[0]"].module.b[1]',
    modulePath: "module.a.module.b",
    type: "aws_sqs_queue",
    name: "q",
    key: '["k\\"]"]',
  });
  assert.equal(withoutKeys('module.a[0].aws_sqs_queue.q["x"]'), "module.a.aws_sqs_queue.q");
  assert.deepEqual(parseAddress("aws_sqs_queue.q")?.module, "");
  for (const wrong of ["aws_sqs_queue", "module.a", "module.a.b", "data.aws_region.x.y", "a b..c", ""]) {
    assert.equal(parseAddress(wrong), undefined, wrong);
  }
});

test.run();
