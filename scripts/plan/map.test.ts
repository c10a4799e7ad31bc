import assert from "node:assert/strict";
import { test } from "uvu";
import { UserError } from "../lib/errors";
import { checkAgainstInventory } from "./inventory-check";
import { readMap } from "./map";
import { checkMap } from "./map-check";
import { providerMapping } from "./mapping-files";
import { checkAgainstProgram } from "./program-check";
import {
  inventoryOf,
  MAP_FILE,
  mapText,
  registered,
  resourceIn,
  type Show,
  show,
  theMap,
  WAVES,
} from "./testing/factories";
import type { Finding, RegisteredResource } from "./types";

const said = (findings: readonly Finding[]): string => {
  for (const { fix } of findings) assert.ok(fix.length > 10, "a finding without a way out");
  return findings.map(({ category, message }) => `${category}: ${message}`).join("\n");
};

const refused = (change: (text: string) => string): string => {
  try {
    readMap(change(mapText()), MAP_FILE);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message;
  }
  throw new assert.AssertionError({ message: "the map was accepted" });
};

const againstState = (change: (document: Show) => void, released: readonly string[] = []): string => {
  const document = show();
  change(document);
  return said(checkAgainstInventory(theMap(), inventoryOf(document), released));
};

const againstProgram = (
  change: (resources: RegisteredResource[]) => RegisteredResource[],
  owned: readonly string[] = WAVES,
): string => said(checkAgainstProgram(theMap(), change(registered()), owned));

test("the map of the pipeline is in order and fits both sides", () => {
  assert.equal(said(checkMap(theMap(), providerMapping())), "");
  assert.equal(
    againstState(() => undefined),
    "",
  );
  assert.equal(
    againstProgram((resources) => resources),
    "",
  );
});

test("form: every fault is named with its line, all at once", () => {
  const text = refused((map) =>
    map.replace("version: 1", "version: 2").replace("type: aws:sqs/queue:Queue", "type: Queue"),
  );
  assert.match(text, /migration-map\.yaml:\d+: version: .*expected 1/);
  assert.match(text, /migration-map\.yaml:\d+: resources\.4\.type: is no Pulumi type token/);
  const line = Number(/yaml:(\d+): resources/.exec(text)?.[1]);
  assert.match(mapText().split("\n")[line - 1] ?? "", /aws:sqs\/queue:Queue/);
});

test("form: torn YAML, repeated keys, unknown fields, references to nowhere", () => {
  assert.match(
    refused((map) => map.replace("resources:", "resources: [")),
    /migration-map\.yaml:\d+: /,
  );
  assert.match(
    refused((map) => `${map}\nversion: 1\n`),
    /unique/,
  );
  assert.match(
    refused((map) => map.replace("    name: failed", "    name: failed\n    nmae: x")),
    /nmae/,
  );
  assert.match(
    refused((map) => map.replace("parent: storage", "parent: cellar")),
    /"cellar" is not under components/,
  );
  assert.match(
    refused((map) => map.replace("wave: storage", "wave: speech")),
    /storage: its resources are in waves speech, storage/,
  );
  assert.match(
    refused((map) => map.replace("module.storage[0].aws_dynamodb_table.requests", "the table")),
    /no address/,
  );
  assert.match(
    refused(() => ""),
    /migration-map/,
  );
});

test("the map by itself: the same twice, types that do not belong together, types nobody knows", () => {
  const map = theMap();
  const [first, second] = map.resources;
  assert.ok(first && second);
  const twice = { ...map, resources: [...map.resources, first] };
  assert.match(said(checkMap(twice, providerMapping())), /duplicate: .*origin_access_control.* on lines \d+ and \d+/);
  const wrong = { ...map, resources: [{ ...first, type: second.type, name: "x" }] };
  assert.match(
    said(checkMap(wrong, providerMapping())),
    /different-type: .*is aws:cloudfront\/originAccessControl.*the map says aws:cloudfront\/distribution/,
  );
  const alien = { ...map, resources: [{ ...first, terraformType: "random_pet" }] };
  assert.match(said(checkMap(alien, providerMapping())), /unmapped: .*random_pet is not in provider-mapping/);
});

test("Terraform: missing, extra and unknown types name both sides", () => {
  const text = againstState((document) => {
    resourceIn(document, "aws_sqs_queue").address = "module.speech[0].aws_sqs_queue.renamed";
    const pet = {
      ...resourceIn(document, "aws_iam_role"),
      address: "random_pet.name",
      type: "random_pet",
      values: { id: "cat" },
    };
    document.values.root_module.child_modules[0]?.resources.push(pet);
  });
  assert.match(text, /missing: .*aws_sqs_queue\.failed.*pairs it with aws:sqs\/queue:Queue "failed"/);
  assert.match(
    text,
    /unmapped: module\.speech\[0\]\.aws_sqs_queue\.renamed is in Terraform's state, but neither mapped nor skipped/,
  );
  assert.match(text, /unmapped: random_pet\.name/);
});

test("Terraform: instances of a block are named with their module and what to do", () => {
  const text = againstState((document) => {
    const queue = resourceIn(document, "aws_sqs_queue");
    queue.address = 'module.speech[0].aws_sqs_queue.failed["eu"]';
    const module = document.values.root_module.child_modules[1];
    module?.resources.push({
      ...queue,
      address: 'module.speech[0].aws_sqs_queue.failed["us"]',
      values: { id: "other" },
    });
  });
  assert.match(text, /instances: module\.speech\.aws_sqs_queue\.failed in module\.speech\[0\] has 2 instance\(s\)/);
  assert.match(text, /missing: .*The state has .*failed\["eu"\]/);
});

test("Terraform: an instance that the map names is an address like any other", () => {
  const text = mapText().replace("aws_sqs_queue.failed", 'aws_sqs_queue.failed["eu"]');
  const document = show();
  resourceIn(document, "aws_sqs_queue").address = 'module.speech[0].aws_sqs_queue.failed["eu"]';
  assert.equal(said(checkAgainstInventory(readMap(text, MAP_FILE), inventoryOf(document), [])), "");
});

test("Terraform: a skipped address is accepted, with its reason in the map", () => {
  const text = `${mapText()}\nskipped:\n  - terraform: aws_sqs_queue.old\n    reason: deleted after the move\n`;
  const document = show();
  const old = { ...resourceIn(document, "aws_sqs_queue"), address: "aws_sqs_queue.old", values: { id: "old" } };
  document.values.root_module.child_modules[0]?.resources.push(old);
  assert.equal(said(checkAgainstInventory(readMap(text, MAP_FILE), inventoryOf(document), [])), "");
});

test("Terraform: one physical resource twice, the same address twice, tainted and deposed", () => {
  const text = againstState((document) => {
    const queue = resourceIn(document, "aws_sqs_queue");
    const module = document.values.root_module.child_modules[1];
    module?.resources.push({ ...queue, address: "module.speech[0].aws_sqs_queue.again" });
    module?.resources.push({ ...resourceIn(document, "aws_iam_role"), deposed_key: "ab12", values: { id: "x" } });
    resourceIn(document, "aws_lambda_function").tainted = true;
  });
  assert.match(text, /duplicate: .*aws_sqs_queue\.failed and .*aws_sqs_queue\.again are one physical resource/);
  assert.match(text, /duplicate: module\.speech\[0\]\.aws_iam_role\.speak is 2 times/);
  assert.match(text, /pending: .*aws_lambda_function\.speak is tainted/);
  assert.match(text, /pending: .*aws_iam_role\.speak is deposed/);
});

test("Terraform: what is released must be gone, and is not missed", () => {
  const text = said(checkAgainstInventory(theMap(), inventoryOf(show(["speech", "storage"])), ["delivery"]));
  assert.equal(text, "");
  assert.match(
    againstState(() => undefined, ["delivery"]),
    /moved: .*aws_cloudfront_distribution\.audio is still in Terraform's state/,
  );
});

test("program: missing, extra, twice, and of another type", () => {
  const queue = "aws:sqs/queue:Queue";
  assert.match(
    againstProgram((all) => all.filter(({ type }) => type !== queue)),
    /missing: .*aws_sqs_queue\.failed.*which the program does not register/,
  );
  const extra = againstProgram((all) => {
    const [first] = all.filter(({ type }) => type === queue);
    return first ? [...all, { ...first, urn: first.urn.replace(/failed$/, "second"), name: "second" }] : [];
  });
  assert.match(extra, /extra: the program registers .*second, which no row .* pairs/);
  assert.match(
    againstProgram((all) => [...all, ...all.slice(1, 2)]),
    /duplicate: the program registers .* 2 times/,
  );
  const other = againstProgram((all) =>
    all.map((resource) =>
      resource.type === queue
        ? { ...resource, type: "aws:sns/topic:Topic", urn: resource.urn.replace(queue, "aws:sns/topic:Topic") }
        : resource,
    ),
  );
  assert.match(
    other,
    /^different-type: .*is mapped to aws:sqs\/queue:Queue "failed", the program registers aws:sns\/topic:Topic "failed"$/,
  );
});

test("program: one stranger is not taken for two that are missing under its name", () => {
  const table = "aws:dynamodb/table:Table";
  const text = againstProgram((all) =>
    all.flatMap((each) => {
      if (each.name !== "audio" || !each.urn.includes("Storage")) return [each];
      if (!each.type.includes("bucketV2")) return [];
      return [{ ...each, type: table, urn: each.urn.replace(each.type, table) }];
    }),
  );
  assert.equal(text.match(/^missing/gm)?.length, 4);
  assert.equal(text.match(/^extra/gm)?.length, 1);
  assert.ok(!text.includes("different-type"));
});

test("program: a lost component, a lost parent, a wave that is not owned yet", () => {
  assert.match(
    againstProgram((all) => all.filter(({ custom, name }) => custom || name !== "speech")),
    /missing: component .*Speech "speech"/,
  );
  const orphan = againstProgram((all) =>
    all.map((each) => ({ ...each, urn: each.urn.replace("text-to-speech:index:Speech$aws:sqs", "aws:sqs") })),
  );
  assert.match(orphan, /missing: .*aws_sqs_queue/);
  assert.match(orphan, /extra: .*::aws:sqs\/queue:Queue::failed/);
  assert.match(
    againstProgram((all) => all, ["delivery"]),
    /order: .*belongs to wave speech/,
  );
});

test("program: providers and reads of the other state are nobody's resources", () => {
  const bookkeeping = ["pulumi:providers:aws", "pulumi:pulumi:Stack", "terraform:state:RemoteStateReference"].map(
    (type) => ({
      urn: `urn:pulumi:dev::text-to-speech::${type}::x`,
      type,
      name: "x",
      custom: true,
      inputs: {},
    }),
  );
  assert.equal(
    againstProgram((all) => [...all, ...bookkeeping]),
    "",
  );
});

test.run();
