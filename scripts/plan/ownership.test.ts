import assert from "node:assert/strict";
import { test } from "uvu";
import { type OwnershipInput, ownershipOf } from "./ownership";
import {
  checkpointOf,
  type Exported,
  exported,
  heldIn,
  inventoryOf,
  resourceIn,
  type Show,
  show,
  theMap,
  WAVES,
  type WaveName,
} from "./testing/factories";
import type { OwnershipSnapshot } from "./types";

interface Case {
  /** Waves in each state, and in each list. */
  terraform?: readonly WaveName[];
  pulumi?: readonly WaveName[];
  released?: readonly string[];
  owned?: readonly string[];
  journal?: Partial<OwnershipInput["journal"]>;
  change?: (terraform: Show, pulumi: Exported) => void;
}

const snapshot = ({
  terraform = WAVES,
  pulumi = [],
  released = [],
  owned = [],
  journal = {},
  change,
}: Case = {}): OwnershipSnapshot => {
  const [one, other] = [show(terraform), exported(pulumi)];
  change?.(one, other);
  return ownershipOf({
    environment: "dev",
    map: theMap(),
    inventory: inventoryOf(one),
    checkpoint: checkpointOf(other),
    released,
    owned,
    journal: { planned: [], verified: [], ...journal },
  });
};

const states = ({ waves }: OwnershipSnapshot): string[] => waves.map(({ state }) => state);
const command = (name: string, wave: string): string => `npm run migrate -- ${name} --environment dev --wave ${wave}`;
const said = ({ problems }: OwnershipSnapshot): string =>
  problems.map(({ category, message, fix }) => `${category}: ${message} [${fix}]`).join("\n");

test("nothing begun: Terraform owns and writes everything; plan the first wave", () => {
  const result = snapshot();
  assert.deepEqual(states(result), ["terraform", "terraform", "terraform"]);
  assert.equal(result.resources.length, 14);
  assert.ok(result.resources.every(({ owner, writer, id }) => owner === "terraform" && writer === "terraform" && id));
  assert.deepEqual([said(result), result.stage, result.next], ["", 0, command("plan", "delivery")]);
  assert.equal(snapshot({ journal: { planned: ["delivery"] } }).next, command("adopt", "delivery"));
});

test("adopted: both hold it, Terraform writes; verify, then cut over", () => {
  const adopted = { pulumi: ["delivery"], owned: ["delivery"] } as const;
  const result = snapshot(adopted);
  assert.deepEqual(states(result), ["adopting", "terraform", "terraform"]);
  const wave = result.resources.filter(({ wave }) => wave === "delivery");
  assert.ok(wave.every(({ owner, writer }) => owner === "both" && writer === "terraform"));
  assert.deepEqual([said(result), result.next], ["", command("verify", "delivery")]);
  assert.equal(snapshot({ ...adopted, journal: { verified: ["delivery"] } }).next, command("cutover", "delivery"));
});

test("each stage in turn, until nothing is left to do", () => {
  WAVES.forEach((_wave, index) => {
    const moved = WAVES.slice(0, index + 1);
    const result = snapshot({ terraform: WAVES.slice(index + 1), pulumi: moved, released: moved, owned: moved });
    assert.equal(said(result), "");
    assert.equal(result.stage, index + 1);
    assert.equal(result.next, index === 2 ? "" : command("plan", WAVES[index + 1] ?? ""));
    assert.ok(
      result.resources
        .filter(({ wave }) => moved.some((other) => other === wave))
        .every(({ writer }) => writer === "pulumi"),
    );
  });
});

test("adopting all at once is one order, too", () => {
  const result = snapshot({ pulumi: WAVES, owned: WAVES });
  assert.deepEqual([said(result), states(result).join()], ["", "adopting,adopting,adopting"]);
});

test("a killed adoption: some are in both, the same command goes on", () => {
  const result = snapshot({
    pulumi: ["delivery"],
    owned: ["delivery"],
    change: (_, pulumi) => {
      pulumi.deployment.resources = pulumi.deployment.resources.filter(({ type }) => !type.includes("distribution"));
    },
  });
  assert.deepEqual(states(result), ["between", "terraform", "terraform"]);
  assert.match(
    said(result),
    /pending: wave delivery is half-way: 2 both, 1 terraform; released no, owned by the stack yes/,
  );
  assert.equal(result.next, command("adopt", "delivery"));
});

test("a killed cutover: released and still there, or gone and not released", () => {
  const still = snapshot({ pulumi: ["delivery"], owned: ["delivery"], released: ["delivery"] });
  assert.deepEqual([states(still)[0], still.next], ["between", command("cutover", "delivery")]);
  const gone = snapshot({ terraform: ["speech", "storage"], pulumi: ["delivery"], owned: ["delivery"] });
  assert.deepEqual([states(gone)[0], gone.next], ["between", command("cutover", "delivery")]);
});

test("the journal knows which command stopped, where the states do not", () => {
  const unfinished = { command: "rollback", wave: "delivery", step: "forget" } as const;
  const result = snapshot({
    pulumi: ["delivery"],
    owned: ["delivery"],
    released: ["delivery"],
    journal: { unfinished },
  });
  assert.equal(result.next, command("rollback", "delivery"));
  assert.match(said(result), /rollback --environment dev --wave delivery/);
});

test("nobody owns a resource: an alarm that names it and says what to do", () => {
  const result = snapshot({ terraform: ["speech", "storage"] });
  const lost = result.resources.filter(({ owner }) => owner === "none");
  assert.equal(lost.length, 3);
  assert.ok(lost.every(({ writer }) => writer === "none"));
  assert.match(
    said(result),
    /no-owner: module\.delivery\[0\]\.aws_cloudfront_distribution\.audio .* is in neither state: nobody owns it \[Restore the newest backup/,
  );
});

test("two writers: a copy that is not protected", () => {
  const result = snapshot({
    pulumi: ["delivery"],
    owned: ["delivery"],
    change: (_, pulumi) => {
      heldIn(pulumi, "aws:s3/bucketPolicy:BucketPolicy").protect = false;
    },
  });
  assert.match(
    said(result),
    /difference: .*BucketPolicy::audio is not protected while Terraform still owns module\.delivery\[0\]\.aws_s3_bucket_policy/,
  );
});

test("swapped ids: one row of the map is two physical resources", () => {
  const result = snapshot({
    pulumi: ["delivery"],
    owned: ["delivery"],
    change: (_, pulumi) => {
      heldIn(pulumi, "aws:cloudfront/distribution:Distribution").id = "EOTHER";
    },
  });
  assert.match(
    said(result),
    /difference: .*distribution\.audio is E74FTE3EXAMPLE in Terraform and .* is EOTHER in Pulumi: two physical resources/,
  );
});

test("wrong order: a wave that is ahead goes back first", () => {
  const result = snapshot({ pulumi: ["storage"], owned: ["storage"] });
  assert.match(said(result), /order: wave storage is ahead \(adopting\) of wave speech \(terraform\)/);
  assert.equal(result.next, command("rollback", "storage"));
});

test("lists and states that contradict each other are half-way, not done", () => {
  assert.equal(states(snapshot({ owned: ["delivery"] }))[0], "between");
  assert.equal(
    states(snapshot({ terraform: ["speech", "storage"], pulumi: ["delivery"], released: ["delivery"] }))[0],
    "between",
  );
});

test("unfinished operations and strangers on either side are told", () => {
  const result = snapshot({
    pulumi: ["delivery"],
    owned: ["delivery"],
    change: (terraform, pulumi) => {
      const { urn } = heldIn(pulumi, "aws:s3/bucketPolicy:BucketPolicy");
      pulumi.deployment.pending_operations.push({ type: "importing", resource: { urn } });
      pulumi.deployment.resources.push({ ...heldIn(pulumi, urn), urn: `${urn}2` });
      resourceIn(terraform, "aws_sqs_queue").address = "aws_sqs_queue.stranger";
    },
  });
  assert.match(said(result), /pending: Pulumi's state has an unfinished operation: importing .*BucketPolicy::audio/);
  assert.match(said(result), /extra: .*BucketPolicy::audio2 is in Pulumi's state and not in the map/);
  assert.match(said(result), /unmapped: aws_sqs_queue\.stranger/);
  assert.match(said(result), /no-owner: module\.speech\[0\]\.aws_sqs_queue\.failed/);
});

test.run();
