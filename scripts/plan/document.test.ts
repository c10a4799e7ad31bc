import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { buildPlan } from "./build-plan";
import { movedSince, readPlan, sealPlan } from "./document";
import { loadPlan } from "./document-file";
import { importFile } from "./import-file";
import {
  checkpointOf,
  exported,
  inventoryOf,
  planInput,
  registered,
  resourceIn,
  show,
  WAVES,
} from "./testing/factories";
import type { Finding, PlanDocument } from "./types";

const plan = (change: Parameters<typeof planInput>[0] = {}): PlanDocument => {
  const { document, findings } = buildPlan(planInput(change));
  assert.ok(document, JSON.stringify(findings));
  return document;
};

const everything = { waves: [...WAVES], owned: [...WAVES], registered: registered() };

const against = (change: Parameters<typeof planInput>[0]): string => {
  const { document, findings } = buildPlan(planInput(change));
  assert.equal(document, undefined, "a plan was made all the same");
  return findings.map(({ category, message }: Finding) => `${category}: ${message}`).join("\n");
};

test("a wave becomes a document with URNs, parents and import ids", () => {
  const document = plan();
  assert.deepEqual(
    document.resources.map(({ address, importId }) => [address.split(".")[2], importId]),
    [
      ["aws_cloudfront_origin_access_control", "E327GJI25M56DG"],
      ["aws_cloudfront_distribution", "E74FTE3EXAMPLE"],
      ["aws_s3_bucket_policy", "ttsslsguru-audio"],
    ],
  );
  const [component] = document.components;
  assert.equal(component?.urn, "urn:pulumi:dev::text-to-speech::text-to-speech:index:Delivery::delivery");
  assert.ok(document.resources.every(({ parent }) => parent === component?.urn));
  assert.equal(
    document.resources[1]?.urn,
    "urn:pulumi:dev::text-to-speech::text-to-speech:index:Delivery$aws:cloudfront/distribution:Distribution::audio",
  );
});

test("URNs are those that an import leaves in the state", () => {
  const urns = new Set(checkpointOf(exported()).resources.map(({ urn }) => urn));
  for (const { urn } of plan(everything).resources) assert.ok(urns.has(urn), urn);
});

test("a document reads back, and the smallest edit is noticed", () => {
  const text = JSON.stringify(plan(), null, 2);
  assert.deepEqual(readPlan(text, "the plan"), JSON.parse(text));
  for (const [from, to] of [
    ["E327GJI25M56DG", "E327GJI25M56DH"],
    ['"serial": 7', '"serial": 8'],
    ['"111111111111"', '"222222222222"'],
    ["module.delivery[0].aws_s3_bucket_policy.audio", "module.delivery[0].aws_s3_bucket_policy.other"],
  ] as const) {
    assert.ok(text.includes(from));
    assert.throws(
      () => readPlan(text.replace(from, to), "the plan"),
      /the plan was edited: its content has sha256/,
      from,
    );
  }
  assert.throws(() => readPlan(text.replace('"version": 1', '"version": 2'), "the plan"), /version/);
  assert.throws(() => readPlan(text.slice(0, -20), "the plan"), /not valid JSON/);
  assert.throws(() => readPlan(text.replace('"created"', '"extra": 1, "created"'), "the plan"), /extra/);
});

test("the order of keys is no edit", () => {
  const document = plan();
  const reordered = Object.fromEntries(Object.entries(document).reverse());
  assert.deepEqual(readPlan(JSON.stringify(reordered), "the plan"), document);
});

test("names that lead out of a folder are refused even with a right hash", () => {
  const { sha256: _, ...rest } = plan();
  for (const environment of ["../prod", "dev/../prod", "/etc", ""]) {
    assert.throws(
      () => readPlan(JSON.stringify(sealPlan({ ...rest, environment })), "p"),
      /environment: expected letters/,
    );
  }
});

test("everything that moved since is named with both values", () => {
  const document = plan();
  const now = { environment: "dev", account: document.account, region: document.region, sources: document.sources };
  assert.deepEqual(movedSince(document, now), []);
  const terraform = { ...document.sources.terraform, serial: 8, lineage: "other" };
  const moved = movedSince(document, {
    ...now,
    account: "222222222222",
    sources: { ...now.sources, terraform, gitCommit: "x" },
  });
  const text = moved.map(({ message }) => message).join("\n");
  assert.match(text, /AWS account is 222222222222, the plan was made with 111111111111/);
  assert.match(text, /serial of Terraform's state is 8, the plan was made with 7/);
  assert.match(text, /lineage .*other.*3f2a/);
  assert.match(text, /git commit is x/);
  assert.equal(moved.length, 4);
});

test("each source is watched", () => {
  const document = plan();
  const { sources } = document;
  const now = { environment: "dev", account: document.account, region: document.region };
  for (const key of ["pulumi", "map", "program", "handler"] as const) {
    const changed = { ...sources, [key]: { sha256: "e".repeat(64) } };
    assert.equal(movedSince(document, { ...now, sources: changed }).length, 1, key);
  }
});

test("no attribute value, hence no secret, gets into a document", () => {
  const terraform = show();
  const policy = resourceIn(terraform, "aws_s3_bucket_policy");
  policy.values.policy = "hunter2";
  policy.sensitive_values = { policy: true };
  assert.ok(!JSON.stringify(plan({ inventory: inventoryOf(terraform) })).includes("hunter2"));
});

test("what stands against a plan is said all at once", () => {
  const terraform = show();
  resourceIn(terraform, "aws_cloudfront_distribution").values.arn = "arn:aws:cloudfront::222222222222:distribution/X";
  resourceIn(terraform, "aws_cloudfront_origin_access_control").values.id = null;
  const text = against({ inventory: inventoryOf(terraform), registered: [] });
  assert.match(text, /wrong-account: .*distribution\.audio is in account 222222222222/);
  assert.match(text, /not-importable: .*origin_access_control\.audio: its import id needs the attribute id/);
  assert.match(text, /missing: .*aws_s3_bucket_policy\.audio.*does not register/);
});

test("waves out of order, unknown, or moved already are refused with the right one", () => {
  const input = (waves: string[], released: string[] = []) =>
    against({
      waves,
      released,
      owned: [...released, ...waves],
      registered: registered(),
      inventory: inventoryOf(show()),
    });
  assert.match(input(["storage"]), /order: wave storage cannot move now: the order is delivery, speech, storage/);
  assert.match(input(["speech", "delivery"]), /order: /);
  assert.match(input(["delivery"], ["delivery"]), /order: wave delivery cannot move now.*delivery has moved/);
  assert.match(input(["cellar"]), /order: wave cellar/);
  assert.match(input([]), /order: wave \(none\)/);
});

test("two resources of one type with one import id are refused, several types with one id are not", () => {
  const terraform = show();
  const role = resourceIn(terraform, "aws_iam_role_policy");
  const map = planInput().map;
  const row = map.resources.find(({ terraformType }) => terraformType === "aws_iam_role_policy");
  assert.ok(row);
  const again = { ...row, address: "module.speech[0].aws_iam_role_policy.twin", name: "twin" };
  terraform.values.root_module.child_modules[1]?.resources.push({ ...role, address: again.address });
  const text = against({
    ...everything,
    map: { ...map, resources: [...map.resources, again] },
    inventory: inventoryOf(terraform),
  });
  assert.match(text, /duplicate: .*\.speak and .*\.twin both have the import id ttsslsguru-speak:ttsslsguru-speak/);
});

test("the import file has components first, unique names, logical names where they differ", () => {
  const { nameTable, resources } = importFile(plan(everything));
  assert.deepEqual(nameTable, {});
  assert.equal(resources.length, 17);
  assert.deepEqual(
    resources.slice(0, 3).map(({ component, name }) => [component, name]),
    [
      [true, "delivery"],
      [true, "speech"],
      [true, "storage"],
    ],
  );
  assert.equal(new Set(resources.map(({ name }) => name)).size, 17, "names repeat");
  const policy = resources.find(({ type }) => type === "aws:s3/bucketPolicy:BucketPolicy");
  assert.deepEqual(policy, {
    type: policy?.type,
    name: "audioBucketPolicy",
    id: "ttsslsguru-audio",
    parent: "delivery",
    logicalName: "audio",
  });
  assert.ok(resources.every(({ component, id }) => component || id));
});

test("after an import that stopped half-way only the rest is imported, below the component that is there", () => {
  const document = plan();
  const present = new Set([document.components[0]?.urn ?? "", document.resources[0]?.urn ?? ""]);
  const { nameTable, resources } = importFile(document, present);
  assert.deepEqual(nameTable, { delivery: document.components[0]?.urn });
  assert.deepEqual(
    resources.map(({ type }) => type),
    document.resources.slice(1).map(({ type }) => type),
  );
  assert.ok(resources.every(({ parent }) => parent === "delivery"));
});

test("documents are read from their folder alone, and never through a link", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plan-"));
  const elsewhere = await mkdtemp(join(tmpdir(), "else-"));
  try {
    const text = JSON.stringify(plan());
    await writeFile(join(folder, "delivery.plan.json"), text);
    await writeFile(join(elsewhere, "p.json"), text);
    await symlink(join(elsewhere, "p.json"), join(folder, "link.json"));
    await symlink(elsewhere, join(folder, "way"));
    assert.equal((await loadPlan(folder, "delivery.plan.json")).environment, "dev");
    await assert.rejects(loadPlan(folder, `../${elsewhere.split("/").at(-1)}/p.json`), /is outside of/);
    await assert.rejects(loadPlan(folder, join(elsewhere, "p.json")), /is outside of/);
    await assert.rejects(loadPlan(folder, "link.json"), /is a symbolic link/);
    await assert.rejects(loadPlan(folder, "way/p.json"), /leads out of/);
    await assert.rejects(loadPlan(folder, "none.json"), /cannot be read/);
  } finally {
    await rm(folder, { recursive: true });
    await rm(elsewhere, { recursive: true });
  }
});

test.run();
