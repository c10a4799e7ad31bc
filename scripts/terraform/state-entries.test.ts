import { strict as assert } from "node:assert";
import { suite } from "uvu";
import {
  addressesOf,
  entriesOf,
  moduleOf,
  type RawEntry,
  readRawState,
  storedInventory,
  withEntries,
} from "./state-entries";

const test = suite("entries of a Terraform state");

const entry = (module: string, mode: "managed" | "data", name: string, key?: string | number): RawEntry => ({
  ...(module ? { module } : {}),
  mode,
  type: "aws_thing",
  name,
  instances: [{ ...(key === undefined ? {} : { index_key: key }), attributes: { id: name } }],
});

const state = (serial: number, resources: RawEntry[], lineage = "l1") => ({
  version: 4 as const,
  serial,
  lineage,
  outputs: { audioUrl: { value: "https://…", type: "string" } },
  resources,
  check_results: null,
});

const delivery = entry("module.delivery[0]", "managed", "audio");
const policy = entry("module.delivery[0]", "data", "policy");
const table = entry("module.storage[0]", "managed", "requests");
const wave = new Set(["module.delivery[0].aws_thing.audio"]);

test("addresses are written as Terraform writes them", () => {
  assert.deepEqual(addressesOf(delivery), ["module.delivery[0].aws_thing.audio"]);
  assert.deepEqual(addressesOf(policy), ["module.delivery[0].data.aws_thing.policy"]);
  assert.deepEqual(addressesOf(entry("", "managed", "a", "b c")), ['aws_thing.a["b c"]']);
  assert.deepEqual(addressesOf(entry("", "managed", "a", 3)), ["aws_thing.a[3]"]);
  assert.equal(moduleOf("module.a[0].module.b.aws_thing.x"), "module.a[0].module.b");
  assert.equal(moduleOf("aws_thing.x"), "");
});

test("data sources of a module leave with it, and nothing of another module does", () => {
  assert.deepEqual(entriesOf(state(1, [delivery, policy, table]), wave), [delivery, policy]);
});

test("putting entries back keeps everything that is there, counts one serial on, and does nothing twice", () => {
  const saved = state(7, [delivery, policy, table]);
  const current = state(9, [table]);
  const back = withEntries(current, saved, wave);
  assert.deepEqual([back.serial, back.resources], [10, [table, delivery, policy]]);
  assert.deepEqual(withEntries(back, saved, wave).resources, back.resources);
  assert.throws(() => withEntries(state(9, [], "l2"), saved, wave), /belong to state l1, and this is state l2/);
});

test("the stored inventory has every managed instance with its address and attributes, and no data source", () => {
  const { resources } = storedInventory(state(1, [delivery, policy, table]));
  assert.deepEqual(
    resources.map(({ address, module, attributes }) => [address, module, attributes.id]),
    [
      ["module.delivery[0].aws_thing.audio", "module.delivery[0]", "audio"],
      ["module.storage[0].aws_thing.requests", "module.storage[0]", "requests"],
    ],
  );
});

test("a torn, empty or unknown state is refused and named", () => {
  const text = JSON.stringify(state(1, [delivery]));
  assert.equal(readRawState(text, "dev").serial, 1);
  for (let cut = 0; cut < text.length; cut += Math.ceil(text.length / 16)) {
    assert.throws(() => readRawState(text.slice(0, cut), "the state of dev"), /the state of dev/);
  }
  assert.throws(() => readRawState(text.replace('"version":4', '"version":5'), "dev"), /dev: version/);
});

test.run();
