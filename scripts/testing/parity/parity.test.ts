import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "uvu";
import { providerMapping } from "../../plan/mapping-files";
import type { ValueObject } from "../../plan/types";
import { compareSides, differences } from "./compare";
import { type ProgramSide, stackSettings } from "./program";
import { readFixture, type TerraformSide } from "./shown";
import { migrationMap, parityRows, programIn, ROOT } from "./sides";
import { anyVariables, settingsOf, terraformWith } from "./variables";

test("any valid variables give the same resources on both sides", async () => {
  await fc.assert(
    fc.asyncProperty(anyVariables, async (variables) => {
      assert.deepEqual(differences(await parityRows(terraformWith(variables), settingsOf(variables))), []);
    }),
    { numRuns: 8 },
  );
});

interface Sides {
  readonly terraform: TerraformSide;
  readonly program: ProgramSide;
}

const bothSides = async (): Promise<Sides> => {
  const terraform = readFixture("dev");
  return { terraform, program: await programIn(terraform, await stackSettings(ROOT, "dev")) };
};

const found = ({ terraform, program }: Sides): string =>
  differences(compareSides(terraform, program, migrationMap(), providerMapping())).join("\n");

const withInputs = (
  { terraform, program }: Sides,
  type: string,
  change: (inputs: ValueObject) => ValueObject,
): Sides => ({
  terraform,
  program: {
    ...program,
    resources: program.resources.map((each) => (each.type === type ? { ...each, inputs: change(each.inputs) } : each)),
  },
});

const FUNCTION = "aws:lambda/function:Function";
const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";

test("a property that differs is named with both values", async () => {
  const sides = withInputs(await bothSides(), FUNCTION, (inputs) => ({ ...inputs, timeout: 31 }));
  assert.match(found(sides), /module\.speech\[0\]\.aws_lambda_function\.speak .*: timeout: Terraform 30, Pulumi 31/);
});

test("an argument that the program leaves out is found, also where it says false or nothing new", async () => {
  const without = (key: string) => (inputs: ValueObject) => {
    const { [key]: _, ...rest } = inputs;
    return rest;
  };
  for (const [type, key] of [
    [MAPPING, "maximumBatchingWindowInSeconds"],
    [MAPPING, "destinationConfig"],
    [FUNCTION, "architectures"],
  ] as const) {
    assert.match(found(withInputs(await bothSides(), type, without(key))), /the program does not say it/, key);
  }
});

test("an input that the HCL does not have is found unless Terraform comes to the same", async () => {
  const sides = await bothSides();
  const reserved = withInputs(sides, FUNCTION, (inputs) => ({ ...inputs, reservedConcurrentExecutions: 5 }));
  assert.match(found(reserved), /reserved_concurrent_executions.*Terraform -1, Pulumi 5/);
  assert.equal(found(withInputs(sides, FUNCTION, (inputs) => ({ ...inputs, reservedConcurrentExecutions: -1 }))), "");
});

test("a policy that means something else is found; one that is only written differently is not", async () => {
  const sides = await bothSides();
  const rewrite = (change: (text: string) => string) =>
    withInputs(sides, "aws:iam/rolePolicy:RolePolicy", (inputs) => ({
      ...inputs,
      policy: change(String(inputs.policy)),
    }));
  assert.equal(found(rewrite((text) => JSON.stringify(JSON.parse(text), null, 4))), "");
  assert.equal(found(rewrite((text) => text.replace('"sqs:SendMessage"', '["sqs:SendMessage"]'))), "");
  assert.match(found(rewrite((text) => text.replace("sqs:SendMessage", "sqs:*"))), /policy: Terraform/);
});

test("a resource that only one side has is found", async () => {
  const { terraform, program } = await bothSides();
  const dropped = { ...program, resources: program.resources.slice(1) };
  assert.match(found({ terraform, program: dropped }), /the program does not have this resource/);
  const inventory = { ...terraform.inventory, resources: terraform.inventory.resources.slice(1) };
  assert.match(found({ terraform: { ...terraform, inventory }, program }), /Terraform does not have this resource/);
});

test("an order that the HCL asks for and the program does not keep is found", async () => {
  const { terraform, program } = await bothSides();
  const resources = program.resources.map((each) => ({ ...each, dependencies: [] }));
  assert.match(
    found({ terraform, program: { ...program, resources } }),
    /depends_on.*log_group.*the program may make it before/,
  );
});

test("an output that differs, or that one side lacks, is found", async () => {
  const { terraform, program } = await bothSides();
  const moved = { ...program, outputs: { ...program.outputs, audioUrl: "https://elsewhere" } };
  assert.match(
    found({ terraform, program: moved }),
    /output: audioUrl: Terraform "https:\/\/d11.*", Pulumi "https:\/\/elsewhere"/,
  );
  const { tableArn: _, ...rest } = program.outputs;
  assert.match(found({ terraform, program: { ...program, outputs: rest } }), /output: tableArn/);
});

test.run();
