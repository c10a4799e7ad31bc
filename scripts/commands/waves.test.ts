import { strict as assert } from "node:assert";
import { suite } from "uvu";
import type { OwnershipSnapshot, WaveState } from "../plan/types";
import { chooseWaves, givingBack, listBefore, listUpTo, requireOrder, requireWave } from "./waves";

const test = suite("which waves, and in which order");

const snapshot = (...states: WaveState[]): OwnershipSnapshot => ({
  version: 1,
  environment: "dev",
  stage: 0,
  resources: [],
  problems: [],
  next: "",
  waves: ["delivery", "speech", "storage"].map((wave, index) => ({
    wave,
    state: states[index] ?? "terraform",
    released: false,
    owned: false,
    resources: 1,
  })),
});

const refusal = (work: () => void): string => {
  try {
    work();
    return "";
  } catch (error) {
    const { message, fix } = error as Error & { fix?: string };
    return `${message} | ${fix}`;
  }
};

test("an unknown wave is answered with the known ones", () => {
  assert.match(
    refusal(() => requireWave("deliver", ["delivery", "speech"])),
    /unknown wave "deliver" \| .*delivery, speech, all/,
  );
  requireWave("all", ["delivery"]);
  requireWave("delivery", ["delivery"]);
});

test("all means what is left to do for the command", () => {
  const half = snapshot("pulumi", "adopting", "terraform");
  assert.deepEqual(chooseWaves("all", "adopt", half), ["speech", "storage"]);
  assert.deepEqual(chooseWaves("all", "rollback", half), ["delivery", "speech"]);
  assert.deepEqual(chooseWaves("speech", "adopt", half), ["speech"]);
});

test("consumers go first: an earlier wave that has not moved stops a later one, with the command to give", () => {
  const order = (command: "plan" | "adopt" | "cutover", ...states: WaveState[]) =>
    refusal(() => requireOrder(command, ["speech"], snapshot(...states)));
  assert.match(
    order("plan"),
    /speech cannot be planned while delivery is Terraform's \| .*-- plan --environment dev --wave delivery$/,
  );
  assert.match(
    order("adopt", "adopting"),
    /while delivery is adopted and not cut over \| .*-- cutover .*--wave delivery --execute$/,
  );
  assert.match(order("cutover", "between"), /while delivery is half-way \| .*cutover/);
  assert.equal(order("adopt", "pulumi"), "");
  assert.equal(
    refusal(() => requireOrder("adopt", ["delivery", "speech", "storage"], snapshot())),
    "",
  );
});

test("consumers come back last: a later wave that has moved stops an earlier one", () => {
  const order = (wave: string, ...states: WaveState[]) =>
    refusal(() => requireOrder("rollback", [wave], snapshot(...states)));
  assert.match(
    order("delivery", "pulumi", "adopting"),
    /delivery cannot be given back while speech is adopted .* rollback .*--wave speech/,
  );
  assert.match(order("speech", "pulumi", "pulumi", "pulumi"), /while storage is Pulumi's/);
  assert.equal(order("speech", "pulumi", "pulumi"), "");
});

test("both lists are always a beginning of the order", () => {
  const order = ["delivery", "speech", "storage"];
  assert.deepEqual(listUpTo(order, ["speech"]), ["delivery", "speech"]);
  assert.deepEqual(listUpTo(order, order), order);
  assert.deepEqual(listUpTo(order, []), []);
  assert.deepEqual(listBefore(order, ["storage"]), ["delivery", "speech"]);
  assert.deepEqual(listBefore(order, order), []);
});

test("several waves are given back by one command each, last first", () => {
  assert.equal(
    givingBack("dev", ["speech", "storage"]),
    "npm run migrate -- rollback --environment dev --wave storage --execute, then " +
      "npm run migrate -- rollback --environment dev --wave speech --execute",
  );
});

test.run();
