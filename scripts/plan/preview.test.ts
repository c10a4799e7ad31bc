import assert from "node:assert/strict";
import { test } from "uvu";
import { providerMapping } from "./mapping-files";
import { readPreview } from "./preview";
import { type AfterImport, checkAfterImport, checkClean } from "./preview-check";
import { exported, heldIn, inventoryOf, pairs, show } from "./testing/factories";
import { ids } from "./testing/pipeline";

type State = Record<string, unknown>;

interface Step {
  op: string;
  urn: string;
  oldState?: State;
  newState?: State;
  diffReasons?: string[];
  detailedDiff?: Record<string, { kind: string; inputDiff: boolean }>;
}

/** A step as `pulumi preview --json` prints it. */
const step = (op: string, type: string, before: State = {}, after: State = {}): Step => {
  const { urn, ...rest } = heldIn(exported(), type);
  const paths = Object.keys(after).filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]));
  return {
    op,
    urn,
    oldState: { ...rest, urn, outputs: before },
    newState: { ...rest, urn, inputs: after },
    detailedDiff: Object.fromEntries(paths.map((path) => [path, { kind: "update", inputDiff: false }])),
  };
};

const preview = (steps: readonly Step[], change: object = {}) => {
  const counts = new Map<string, number>([["same", 18 - steps.length]]);
  for (const { op } of steps) counts.set(op, (counts.get(op) ?? 0) + 1);
  return readPreview(JSON.stringify({ steps, changeSummary: Object.fromEntries(counts), ...change }));
};

const inventory = inventoryOf(show());
const byUrn = new Map(
  pairs().map(({ address, urn }) => [urn, inventory.resources.find((each) => each.address === address)]),
);

const check = (steps: readonly Step[], change: object = {}, codeSha256: string = ids.codeSha256): AfterImport =>
  checkAfterImport(preview(steps, change), {
    mapping: providerMapping(),
    terraform: (urn) => byUrn.get(urn),
    codeSha256,
  });

const FUNCTION = "aws:lambda/function:Function";
const BUCKET = "aws:s3/bucketV2:BucketV2";
const CODE = { sourceCodeHash: ids.codeSha256, code: { path: "handler.zip" } };

test("after an import only what AWS never returns may be written", () => {
  const { writeBacks, findings } = check([
    step("update", FUNCTION, {}, CODE),
    step("update", BUCKET, {}, { forceDestroy: true }),
  ]);
  assert.deepEqual(findings, []);
  assert.deepEqual(
    writeBacks.map(({ urn, property }) => [urn.split("::").at(-1), property]),
    [
      ["speak", "sourceCodeHash"],
      ["speak", "code"],
      ["audio", "forceDestroy"],
    ],
  );
  for (const { reason } of writeBacks) assert.ok(reason.length > 20);
});

test("another property in the same update is a finding with resource, property and both values", () => {
  const { writeBacks, findings } = check([step("update", FUNCTION, { timeout: 30 }, { ...CODE, timeout: 31 })]);
  assert.equal(writeBacks.length, 2);
  assert.equal(findings.length, 1);
  assert.match(findings[0]?.message ?? "", /Function::speak: pulumi preview would update it: timeout 30 → 31$/);
});

test("the time of the last change follows from a change, and is none by itself", () => {
  const modified = { lastModified: "2026-01-01T00:00:00.000+0000" };
  const withCode = { ...step("update", FUNCTION, modified, CODE), detailedDiff: undefined };
  const { writeBacks, findings } = check([{ ...withCode, diffReasons: ["code", "lastModified", "sourceCodeHash"] }]);
  assert.deepEqual(findings, []);
  assert.deepEqual(
    writeBacks.map(({ property }) => property),
    ["code", "sourceCodeHash"],
  );
  const alone = check([{ ...step("update", FUNCTION, modified), diffReasons: ["lastModified"] }]);
  assert.match(alone.findings[0]?.message ?? "", /does not say which property/);
  const said = check([{ ...step("update", FUNCTION, modified, { lastModified: "x" }), diffReasons: ["lastModified"] }]);
  assert.match(said.findings[0]?.message ?? "", /lastModified/);
});

test("paths into lists and maps find their values", () => {
  const before = { origins: [{ domainName: "a" }], tags: { "a.b": "1" } };
  const after = { origins: [{ domainName: "b" }], tags: { "a.b": "2" } };
  const one = { ...step("update", "aws:cloudfront/distribution:Distribution", before, after) };
  one.detailedDiff = {
    "origins[0].domainName": { kind: "update", inputDiff: false },
    'tags["a.b"]': { kind: "update", inputDiff: false },
  };
  const text = check([one])
    .findings.map(({ message }) => message)
    .join("\n");
  assert.match(text, /origins\[0\]\.domainName "a" → "b"/);
  assert.match(text, /tags\["a\.b"\] "1" → "2"/);
});

test("the code may be written only while its hash is the live one", () => {
  const { writeBacks, findings } = check([step("update", FUNCTION, {}, CODE)], {}, "b3RoZXI=");
  assert.deepEqual(writeBacks, []);
  assert.match(findings[0]?.message ?? "", /the archive's hash is b3RoZXI=, the live code's is/);
});

for (const op of [
  "create",
  "replace",
  "create-replacement",
  "delete",
  "delete-replaced",
  "import",
  "a word of the future",
]) {
  test(`after an import nothing may be: ${op}`, () => {
    const { findings } = check([step(op, BUCKET, {}, { forceDestroy: true })]);
    assert.match(findings[0]?.message ?? "", new RegExp(`BucketV2::audio: pulumi preview would ${op} it`));
  });
}

test("an update that does not say what it changes is no write-back", () => {
  assert.match(check([step("update", BUCKET)]).findings[0]?.message ?? "", /does not say which property/);
});

test("older engines give reasons instead of paths", () => {
  const one = step("update", BUCKET, {}, { forceDestroy: true });
  const { detailedDiff: _, ...rest } = one;
  assert.equal(check([{ ...rest, diffReasons: ["forceDestroy", "__defaults"] }]).writeBacks.length, 1);
});

test("changes that are counted and not shown are found", () => {
  const { findings } = check([], { changeSummary: { same: 17, update: 1 } });
  assert.match(findings[0]?.message ?? "", /counts 1 change\(s\) and shows 0/);
});

test("a clean preview changes nothing, not even a write-back", () => {
  assert.deepEqual(checkClean(preview([])), []);
  assert.equal(checkClean(preview([step("update", BUCKET, {}, { forceDestroy: true })])).length, 1);
  const failed = { diagnostics: [{ severity: "error", message: "no credentials\n" }] };
  assert.match(checkClean(preview([], failed))[0]?.message ?? "", /pulumi preview failed: no credentials$/);
});

test("what cannot be read is never no changes", () => {
  for (const text of ["", "garbage", "{}", "[]", '{"steps":[{}],"changeSummary":{}}', '{"steps":[]}']) {
    assert.throws(() => readPreview(text), /pulumi preview --json/, text);
  }
});

test("what the program registers comes out, without providers, and secrets stay masked", () => {
  const provider = {
    op: "same",
    urn: "urn:pulumi:dev::text-to-speech::pulumi:providers:aws::default",
    newState: {
      urn: "urn:pulumi:dev::text-to-speech::pulumi:providers:aws::default",
      type: "pulumi:providers:aws",
      custom: true,
    },
  };
  const { registered } = preview([
    provider,
    step("same", BUCKET, {}, { bucket: "[secret]" }),
    step("delete", FUNCTION),
  ]);
  assert.deepEqual(
    registered.map(({ type, name }) => [type, name]),
    [[BUCKET, "audio"]],
  );
  assert.equal(JSON.stringify(registered[0]?.inputs), '{"bucket":"(sensitive)"}');
});

test.run();
