import assert from "node:assert/strict";
import { test } from "uvu";
import { describeRow, differencesIn } from "./compare";
import { compareProgram } from "./compare-program";
import { providerMapping } from "./mapping-files";
import { isConfigured, readTerraformPlan, UNKNOWN } from "./terraform-plan";
import type { ComparisonRow, ValueObject } from "./types";

interface PlanChange {
  expressions?: object;
  after?: object;
  unknown?: object;
  inputs?: object;
}

const ADDRESS = "module.speech[0].aws_lambda_function.speak";

const hcl = {
  function_name: { references: ["local.function_name"] },
  timeout: { references: ["var.timeout"] },
  architectures: { constant_value: ["arm64"] },
  filename: { references: ["var.handler_zip"] },
  role: { references: ["aws_iam_role.speak.arn", "aws_iam_role.speak"] },
  environment: [{ variables: { references: ["var.bucket_name"] } }],
};

const planned = {
  function_name: "ttsslsguru-speak",
  timeout: 30,
  architectures: ["arm64"],
  filename: "../handler/dist/handler.zip",
  memory_size: 128,
  publish: false,
  environment: [{ variables: { AUDIO_BUCKET: "b", EMPTY: "" } }],
  description: null,
};

const unknown = { role: true, arn: true, environment: [{ variables: {} }] };

const said = {
  name: "ttsslsguru-speak",
  timeout: 30,
  architectures: ["arm64"],
  role: UNKNOWN,
  code: { "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", path: "x" },
  environment: { variables: { AUDIO_BUCKET: "b", EMPTY: "" } },
};

const change = (actions: string[], after: unknown, more: object = {}) => ({ actions, before: null, after, ...more });

const planText = ({ expressions = hcl, after = planned, unknown: after_unknown = unknown }: PlanChange = {}): string =>
  JSON.stringify({
    format_version: "1.2",
    resource_changes: [
      {
        address: ADDRESS,
        module_address: "module.speech[0]",
        mode: "managed",
        type: "aws_lambda_function",
        name: "speak",
        change: change(["create"], after, { after_unknown }),
      },
      { address: "data.aws_region.here", mode: "data", type: "aws_region", name: "here", change: change(["read"], {}) },
    ],
    configuration: {
      root_module: {
        module_calls: { speech: { module: { resources: [{ address: "aws_lambda_function.speak", expressions }] } } },
      },
    },
  });

const compare = (what: PlanChange = {}): ComparisonRow[] => {
  const plan = readTerraformPlan(planText(what), "the plan");
  const [terraform] = plan.resources;
  assert.ok(terraform);
  const urn = "urn:pulumi:dev::text-to-speech::text-to-speech:index:Speech$aws:lambda/function:Function::speak";
  const inputs = (what.inputs ?? said) as ValueObject;
  return compareProgram(
    [{ terraform, program: { urn, type: "aws:lambda/function:Function", name: "speak", custom: true, inputs } }],
    plan,
    providerMapping(),
  );
};

const differences = (what: PlanChange): string => differencesIn(compare(what)).map(describeRow).join("\n");

test("HCL and program that say the same are equal, references and archives included", () => {
  const rows = compare();
  assert.equal(differences({}), "");
  const verdicts = Object.fromEntries(rows.map(({ terraformName, verdict }) => [terraformName, verdict]));
  assert.deepEqual(verdicts, {
    architectures: "equal",
    "environment[0].variables.AUDIO_BUCKET": "equal",
    "environment[0].variables.EMPTY": "equal",
    filename: "never-returned",
    function_name: "equal",
    role: "equal-by-meaning",
    timeout: "equal",
  });
});

test("each side's own words must be the other's value or default", () => {
  const { timeout: _timeout, ...silent } = said;
  assert.match(
    differences({ inputs: silent }),
    /timeout: Terraform 30, Pulumi \(not set\) — set in Terraform's HCL only/,
  );
  assert.equal(
    differences({ inputs: { ...said, memorySize: 128, publish: false } }),
    "",
    "the planned default, said aloud",
  );
  assert.match(
    differences({ inputs: { ...said, memorySize: 256 } }),
    /memory_size \/ memorySize: Terraform 128, Pulumi 256/,
  );
  assert.match(differences({ inputs: { ...said, publish: true } }), /publish: Terraform false, Pulumi true/);
  assert.match(
    differences({ inputs: { ...said, description: "new" } }),
    /description: Terraform null, Pulumi "new" — set in the program only/,
  );
  assert.match(
    differences({ inputs: { ...said, handler: "index.handler" } }),
    /handler: Terraform \(not set\), Pulumi "index\.handler"/,
  );
});

test("values, keys, references that differ", () => {
  assert.match(differences({ inputs: { ...said, timeout: 29 } }), /timeout: Terraform 30, Pulumi 29/);
  assert.match(
    differences({ inputs: { ...said, role: "arn:aws:iam::1:role/x" } }),
    /role: .*known only after apply on one side/,
  );
  const variables = (entries: object) => ({ inputs: { ...said, environment: { variables: entries } } });
  assert.match(differences(variables({ AUDIO_BUCKET: "b" })), /variables\.EMPTY: Terraform "", Pulumi \(not set\)/);
  assert.match(
    differences(variables({ AUDIO_BUCKET: "b", EMPTY: "", MORE: "x" })),
    /variables\.MORE: Terraform \(not set\), Pulumi "x"/,
  );
});

test("what the HCL configures is read from its expressions", () => {
  const plan = readTerraformPlan(planText(), "the plan");
  for (const path of ["timeout", "architectures", "environment[0].variables.AUDIO_BUCKET"])
    assert.ok(isConfigured(plan, ADDRESS, path), path);
  for (const path of ["memory_size", "environment[0].other", "vpc_config[0].subnet_ids"])
    assert.ok(!isConfigured(plan, ADDRESS, path), path);
});

test("changes are counted and named with both values, secrets masked", () => {
  const document = JSON.stringify({
    format_version: "1.2",
    resource_changes: [
      { address: "a.b", mode: "managed", type: "a", name: "b", change: { actions: ["no-op"], before: {}, after: {} } },
      {
        address: "a.c",
        mode: "managed",
        type: "a",
        name: "c",
        change: {
          actions: ["update"],
          before: { t: 1, s: "hunter2", n: [{ x: 1 }] },
          after: { t: 2, s: "hunter3", n: [{}] },
          after_unknown: { n: [{ x: true }] },
          before_sensitive: { s: true },
          after_sensitive: { s: true },
        },
      },
      {
        address: "a.d",
        mode: "managed",
        type: "a",
        name: "d",
        change: { actions: ["delete", "create"], before: {}, after: {} },
      },
    ],
    output_changes: { same: { actions: ["no-op"] }, url: { actions: ["update"], before: "old", after: "new" } },
  });
  const messages = readTerraformPlan(document, "the plan").changes.map(({ message }) => message);
  assert.equal(messages.length, 3);
  assert.match(
    messages[0] ?? "",
    /^a\.c: terraform plan would update it: t 1 → 2; s "\(sensitive\)" → "\(sensitive\)"; n\[0\]\.x 1 → \(known after apply\)$/,
  );
  assert.match(messages[1] ?? "", /^a\.d: terraform plan would delete and create it$/);
  assert.match(messages[2] ?? "", /^output url: terraform plan would update it: value "old" → "new"$/);
});

test("what is no plan is refused", () => {
  for (const text of ["", "{}", '{"format_version":"2.0"}', "null"]) {
    assert.throws(() => readTerraformPlan(text, "the plan"), /^UserError: the plan/, text);
  }
});

test.run();
