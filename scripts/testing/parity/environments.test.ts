import assert from "node:assert/strict";
import { test } from "uvu";
import { differences, tagDifferences } from "./compare";
import { defaultTags, exportedNames, stackConfig, stackSettings } from "./program";
import { readFixture } from "./shown";
import { besideSample, parityRows, ROOT } from "./sides";

for (const environment of ["dev", "prod"]) {
  test(`${environment}: the program says what Terraform says, resource by resource and property by property`, async () => {
    const terraform = readFixture(environment);
    const rows = await parityRows(terraform, await stackSettings(ROOT, environment));
    assert.deepEqual(differences(rows), []);
    assert.equal(new Set(rows.map(({ address }) => address).filter(Boolean)).size, 14, "every resource was compared");
    assert.ok(rows.length >= 80, `only ${rows.length} properties were compared`);
  });

  test(`${environment}: both providers put the same tags on everything, in the same account and region`, () => {
    const { inventory } = readFixture(environment);
    assert.ok(inventory.resources.filter(({ attributes }) => "tags_all" in attributes).length >= 6);
    const tags = defaultTags(ROOT, environment);
    assert.deepEqual(tagDifferences(inventory, tags), []);
    assert.match(
      tagDifferences(inventory, { ...(tags as object), Owner: "me" }).join(),
      /tags_all: Terraform .*, Pulumi .*Owner/,
    );
    const { "aws:region": region, "aws:allowedAccountIds": accounts } = stackConfig(ROOT, environment);
    const arn = String(inventory.outputs.lambdaArn?.value).split(":");
    assert.deepEqual([arn[3], [arn[4]]], [region, accounts]);
  });
}

test("the stack exports what Terraform puts out, under the same names", async () => {
  const outputs = Object.keys(readFixture("dev").inventory.outputs);
  assert.deepEqual((await besideSample(() => exportedNames(ROOT, "dev"))).sort(), outputs.sort());
});

test.run();
