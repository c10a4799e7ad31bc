import { strict as assert } from "node:assert";
import type { S3Client } from "@aws-sdk/client-s3";
import { suite } from "uvu";
import { type Objects, startObjectStore } from "../testing/object-store";
import { s3Client } from "./aws";
import { type Holder, newHolder } from "./lock";
import { breakRemoteLocks, readRemoteLock, takeRemoteLock, takeTerraformLock } from "./remote-lock";

const test = suite("lock beside the state");
const state = { bucket: "states", key: "text-to-speech/dev.tfstate" };
const LOCK = "/states/text-to-speech/dev.tfstate.migration-lock";
const TERRAFORM = "/states/text-to-speech/dev.tfstate.tflock";
const purpose = { environment: "dev", command: "cutover", waves: ["delivery"] };
const refuse = (who: string, operation: string): Error => new Error(`locked by ${who}: ${operation}`);
const DEAD = { pid: 2 ** 22 + 7, started: "1" };

const withStore = async (work: (s3: S3Client, objects: Objects) => Promise<void>): Promise<void> => {
  const store = await startObjectStore();
  const keys = { AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" };
  const s3 = s3Client({ AWS_ENDPOINT_URL: store.endpoint, ...keys }, "us-east-1");
  try {
    await work(s3, store.objects);
  } finally {
    s3.destroy();
    await store.stop();
  }
};

const holder = async (changes: Partial<Holder> = {}): Promise<Holder> => ({
  ...(await newHolder(purpose)),
  ...changes,
});

test("of five at once exactly one wins, with and without a dead holder to replace", () =>
  withStore(async (s3, objects) => {
    for (const before of [undefined, JSON.stringify(await holder(DEAD))]) {
      objects.clear();
      if (before) objects.set(LOCK, before);
      const tries = await Promise.allSettled(
        Array.from({ length: 5 }, async () => takeRemoteLock(s3, state, await holder(), "wait")),
      );
      assert.equal(tries.filter(({ status }) => status === "fulfilled").length, 1);
      for (const each of tries)
        if (each.status === "rejected") assert.match(String(each.reason), /someone else is at it/);
    }
  }));

test("a holder on another machine is named and never replaced", () =>
  withStore(async (s3, objects) => {
    objects.set(LOCK, JSON.stringify(await holder({ host: "elsewhere", user: "ann", ...DEAD })));
    await assert.rejects(
      takeRemoteLock(s3, state, await holder(), "wait"),
      /ann@elsewhere .*`cutover` of dev delivery/,
    );
  }));

test("release removes one's own lock and nobody else's", () =>
  withStore(async (s3, objects) => {
    const lock = await takeRemoteLock(s3, state, await holder(), "wait");
    objects.set(LOCK, JSON.stringify(await holder({ id: "another" })));
    await lock.release();
    assert.equal((await readRemoteLock(s3, state))?.id, "another");
  }));

test("Terraform's lock is held in its own words, and given back", () =>
  withStore(async (s3, objects) => {
    const lock = await takeRemoteLock(s3, state, await holder(), "wait");
    const release = await takeTerraformLock(s3, state, lock, refuse);
    const written = JSON.parse(objects.get(TERRAFORM) ?? "{}");
    assert.equal(written.Operation, "migration: cutover dev delivery");
    assert.equal(written.Path, "states/text-to-speech/dev.tfstate");
    await release();
    assert.equal(objects.has(TERRAFORM), false);
  }));

test("what a dead predecessor left is replaced, over several deaths; a running Terraform is not", () =>
  withStore(async (s3, objects) => {
    const first = await takeRemoteLock(s3, state, await holder(DEAD), "wait");
    await takeTerraformLock(s3, state, first, refuse);
    // Died between the two locks, so that Terraform's still bears the first one's id.
    await takeRemoteLock(s3, state, await holder(DEAD), "wait");
    const third = await takeRemoteLock(s3, state, await holder(), "wait");
    await takeTerraformLock(s3, state, third, refuse);
    assert.equal(JSON.parse(objects.get(TERRAFORM) ?? "{}").ID, third.holder.id);
    objects.set(TERRAFORM, JSON.stringify({ ID: "x", Who: "bob@laptop", Operation: "OperationTypeApply" }));
    await assert.rejects(takeTerraformLock(s3, state, third, refuse), /locked by bob@laptop: OperationTypeApply/);
  }));

test("a person can break the lock of a holder, and only of that one", () =>
  withStore(async (s3, objects) => {
    const lock = await takeRemoteLock(s3, state, await holder({ host: "elsewhere" }), "wait");
    await takeTerraformLock(s3, state, lock, refuse);
    await breakRemoteLocks(s3, state, [await holder()]);
    assert.equal(objects.size, 2);
    await breakRemoteLocks(s3, state, [lock.holder]);
    assert.equal(objects.size, 0);
  }));

test.run();
