import { strict as assert } from "node:assert";
import { test } from "uvu";
import { compareOutputs, withoutReleasedOutputs } from "./compare-outputs";

const MODULES = { audioUrl: ["delivery"], lambdaArn: ["speech"], both: ["delivery", "speech"], plain: [] };

/** Which outputs are still compared when only Pulumi has them and these modules are released. */
const left = (released: readonly string[]): string[] => {
  const pulumi = Object.fromEntries(Object.keys(MODULES).map((name) => [name, { value: name, sensitive: false }]));
  return withoutReleasedOutputs(compareOutputs({}, pulumi), MODULES, released).map(
    ({ terraformName }) => terraformName,
  );
};

test("an output that Terraform lost is missed unless every module behind it is released", () => {
  assert.deepEqual(left([]), ["audioUrl", "both", "lambdaArn", "plain"]);
  assert.deepEqual(left(["delivery"]), ["both", "lambdaArn", "plain"]);
  assert.deepEqual(left(["delivery", "speech"]), ["plain"]);
});

test("what both sides have is compared, released or not", () => {
  const rows = compareOutputs(
    { audioUrl: { value: "a", sensitive: false } },
    { audioUrl: { value: "b", sensitive: false } },
  );
  const [row] = withoutReleasedOutputs(rows, MODULES, ["delivery"]);
  assert.equal(row?.verdict, "different");
});

test.run();
