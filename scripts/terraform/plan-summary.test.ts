import { strict as assert } from "node:assert";
import { suite } from "uvu";
import { summarisePlan } from "./plan-summary";

const test = suite("what a Terraform plan would do");

const plan = (fields: object): string => JSON.stringify({ format_version: "1.2", ...fields });
const resource = (actions: string[], more: object = {}) => ({
  address: "aws_thing.a",
  mode: "managed",
  change: { actions },
  ...more,
});

test("nothing, reads of data sources and kept outputs are no changes", () => {
  const json = plan({
    resource_changes: [resource(["no-op"]), resource(["read"], { mode: "data" })],
    output_changes: { tableArn: { actions: ["no-op"] } },
  });
  assert.deepEqual(summarisePlan(json), { resources: [], outputs: [], drift: [] });
});

test("every kind of change is seen, moves and changed outputs too", () => {
  for (const actions of [["create"], ["update"], ["delete"], ["delete", "create"], ["forget"]]) {
    assert.deepEqual(summarisePlan(plan({ resource_changes: [resource(actions)] })).resources, [
      { name: "aws_thing.a", actions },
    ]);
  }
  const moved = summarisePlan(plan({ resource_changes: [resource(["no-op"], { previous_address: "aws_thing.b" })] }));
  assert.equal(moved.resources.length, 1);
  const outputs = summarisePlan(plan({ output_changes: { audioUrl: { actions: ["delete"] } } })).outputs;
  assert.deepEqual(outputs, [{ name: "audioUrl", actions: ["delete"] }]);
});

test("an answer that cannot be read is never a clean plan", () => {
  assert.throws(() => summarisePlan(""), /empty/);
  assert.throws(() => summarisePlan("Error: no"), /not valid JSON/);
  assert.throws(() => summarisePlan("[]"), /unknown shape/);
  assert.throws(() => summarisePlan("{}"), /unknown shape/);
  assert.throws(() => summarisePlan(plan({ errored: true })), /incomplete/);
});

test.run();
