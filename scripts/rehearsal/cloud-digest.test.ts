import { strict as assert } from "node:assert";
import { test } from "uvu";
import { canonical, differencesBetween, digestOf } from "./cloud-digest";

const cloud = {
  table: { Table: { TableName: "t", ItemCount: 3, DeletionProtectionEnabled: true } },
  "role policy": { PolicyDocument: "%7B%22Statement%22%3A%5B%7B%22Action%22%3A%22s3%3APutObject%22%7D%5D%7D" },
  function: { Configuration: { Timeout: 30, RevisionId: "a", CodeSha256: "x" }, $metadata: { requestId: "1" } },
};

test("order of fields, use and bookkeeping do not count; a policy is compared as a document", () => {
  const same = {
    function: { $metadata: { requestId: "2" }, Configuration: { RevisionId: "b", CodeSha256: "x", Timeout: 30 } },
    "role policy": { PolicyDocument: '{ "Statement": [ { "Action": "s3:PutObject" } ] }' },
    table: { Table: { DeletionProtectionEnabled: true, ItemCount: 4, TableName: "t" } },
  };
  assert.equal(digestOf(same), digestOf(cloud));
  assert.deepEqual(differencesBetween(cloud, same), []);
});

test("each other change is seen and told with both values", () => {
  const changes: [object, string][] = [
    [
      { table: { Table: { TableName: "t", DeletionProtectionEnabled: false } } },
      "table.Table.DeletionProtectionEnabled: true → false",
    ],
    [{ function: { Configuration: { Timeout: 31, CodeSha256: "x" } } }, "function.Configuration.Timeout: 30 → 31"],
    [{ function: { Configuration: { Timeout: 30, CodeSha256: "y" } } }, 'function.Configuration.CodeSha256: "x" → "y"'],
    [
      { "role policy": { PolicyDocument: '{"Statement":[{"Action":"s3:*"}]}' } },
      'role policy.PolicyDocument.Statement.0.Action: "s3:PutObject" → "s3:*"',
    ],
    [{ distribution: [] }, "distribution: absent → []"],
  ];
  for (const [change, told] of changes) {
    const after = { ...cloud, ...change };
    assert.notEqual(digestOf(after), digestOf(cloud), told);
    assert.deepEqual(differencesBetween(cloud, after), [told]);
  }
});

test("text that only begins like a document stays text", () => {
  assert.equal(canonical("{not json"), "{not json");
  assert.equal(canonical("%7B"), "%7B");
});

test.run();
