import { strict as assert } from "node:assert";
import { readFile } from "node:fs/promises";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { paths } from "../../lib/paths";
import { deleteObject } from "../../lib/remote-lock";
import { type Cloud, describeCloud } from "../../rehearsal/cloud-digest";
import { readSnapshot } from "../snapshot";
import { verify } from "../verify";
import { type MigrationBench, withMigration } from "./bench";
import { readPulumiFile, readTerraformObject, type StatePlaces } from "./saved";

export const ADOPT = ["adopt", "--wave", "delivery", "--execute"];
export const CUTOVER = ["cutover", "--wave", "delivery", "--execute", "--yes"];
export const ROLLBACK = ["rollback", "--wave", "delivery", "--execute", "--yes"];

/** A bench over several tests of a file; the last one closes it. */
export const openBench = (): Promise<{ bench: MigrationBench; close: () => Promise<void> }> =>
  new Promise((resolve, reject) => {
    const over = withMigration(
      (bench) =>
        new Promise<void>((end) => {
          const close = (): Promise<void> => {
            end();
            return over;
          };
          resolve({ bench, close });
        }),
    );
    over.catch(reject);
  });

/** Everything that the emulated AWS says of the pipeline. */
export const cloudOf = ({ endpoint }: MigrationBench): Promise<Cloud> =>
  describeCloud({ endpoint, region: "us-east-1", name: "ttsslsguru" });

const bytesOf = async ({ places, context }: MigrationBench): Promise<string[]> => [
  await readTerraformObject(places),
  await readPulumiFile(places),
  await readFile(paths(context).tfvars, "utf8"),
  await readFile(paths(context).stackConfig, "utf8"),
];

/** Exit 1, one message, a next command, no stack trace; both states and both lists untouched byte for byte. */
export const assertRefused = async (
  bench: MigrationBench,
  args: readonly string[],
  message: RegExp,
  next: RegExp,
): Promise<void> => {
  const before = await bytesOf(bench);
  const { exitCode, stderr } = await bench.cli(args);
  assert.equal(exitCode, 1, stderr);
  assert.match(stderr, message);
  assert.match(stderr, next);
  assert.doesNotMatch(stderr, /\n {4}at /);
  assert.deepEqual(await bytesOf(bench), before);
};

/** Both tools have nothing to do, this many waves have moved, and nothing is wrong. */
export const assertClean = async ({ context }: MigrationBench, stage: number): Promise<void> => {
  const { exitCode, text } = await verify(context, { wave: "all" });
  assert.equal(exitCode, 0, text);
  const snapshot = await readSnapshot(context);
  assert.deepEqual([snapshot.stage, snapshot.problems], [stage, []]);
};

/** Writes an object beside Terraform's state, or the state itself when the suffix is empty. */
export const putBeside = ({ s3, state }: StatePlaces, suffix: string, body: string): Promise<unknown> =>
  s3.send(new PutObjectCommand({ Bucket: state.bucket, Key: `${state.key}${suffix}`, Body: Buffer.from(body) }));

export const dropBeside = ({ s3, state }: StatePlaces, suffix: string): Promise<void> =>
  deleteObject(s3, { bucket: state.bucket, key: `${state.key}${suffix}` });
