import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { stateOf } from "./identity";
import { type Holder, heldBy, inherit, type Lock } from "./lock";

export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
}

interface Found<T> {
  readonly body: T;
  readonly etag: string;
}

const status = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;

/** An object's JSON with its version, or undefined when there is none. */
export const readObject = async <T>(s3: S3Client, at: ObjectAddress): Promise<Found<T> | undefined> => {
  try {
    const answer = await s3.send(new GetObjectCommand({ Bucket: at.bucket, Key: at.key }));
    return { body: JSON.parse((await answer.Body?.transformToString()) ?? "") as T, etag: answer.ETag ?? "" };
  } catch (error) {
    if (status(error) === 404) return undefined;
    throw error;
  }
};

/** Writes an object only if it is not there, or only if it still is the version that was read. False: someone was faster. */
const putIf = async (s3: S3Client, at: ObjectAddress, body: string, etag?: string): Promise<boolean> => {
  const condition = etag === undefined ? { IfNoneMatch: "*" } : { IfMatch: etag };
  try {
    await s3.send(new PutObjectCommand({ Bucket: at.bucket, Key: at.key, Body: body, ...condition }));
    return true;
  } catch (error) {
    if ([404, 409, 412].includes(status(error) ?? 0)) return false;
    throw error;
  }
};

export const deleteObject = async (s3: S3Client, at: ObjectAddress): Promise<void> => {
  await s3.send(new DeleteObjectCommand({ Bucket: at.bucket, Key: at.key }));
};

const migrationLock = (state: ObjectAddress): ObjectAddress => ({
  bucket: state.bucket,
  key: `${state.key}.migration-lock`,
});

const releaser = (s3: S3Client, at: ObjectAddress, holder: Holder) => async (): Promise<void> => {
  const current = await readObject<Holder>(s3, at);
  if (current?.body.id === holder.id) await deleteObject(s3, at);
};

/**
 * The same lock as the local one, beside Terraform's state, for operators on different machines or checkouts.
 * @throws UserError naming the holder when it is alive or on another machine.
 */
export const takeRemoteLock = async (
  s3: S3Client,
  state: ObjectAddress,
  holder: Holder,
  fix: string,
): Promise<Lock> => {
  const at = migrationLock(state);
  const release = releaser(s3, at, holder);
  for (;;) {
    if (await putIf(s3, at, JSON.stringify(holder))) return { holder, release };
    const current = await readObject<Holder>(s3, at);
    if (!current) continue;
    if ((await stateOf(current.body)) !== "dead") throw heldBy(current.body, fix);
    const mine = inherit(holder, current.body);
    if (await putIf(s3, at, JSON.stringify(mine), current.etag))
      return { holder: mine, takenFrom: current.body, release };
  }
};

/** Terraform's own lock object, in Terraform's own words, so that a plain `terraform apply` is refused too. */
interface TerraformLock {
  readonly ID: string;
  readonly Operation: string;
  readonly Info: string;
  readonly Who: string;
  readonly Version: string;
  readonly Created: string;
  readonly Path: string;
}

const asTerraformLock = (at: ObjectAddress, holder: Holder): TerraformLock => ({
  ID: holder.id,
  Operation: `migration: ${holder.command} ${holder.environment} ${holder.waves.join(",")}`,
  Info: "",
  Who: `${holder.user}@${holder.host} (process ${holder.pid})`,
  Version: "1.10.0",
  Created: holder.since,
  Path: `${at.bucket}/${at.key}`,
});

/**
 * Holds Terraform's lock over several commands, which Terraform itself cannot. The caller holds the migration lock, so
 * a Terraform lock that a dead predecessor left is known by its id. Terraform is then run with `-lock=false`.
 * @returns how to give it back
 * @throws the given error when someone runs Terraform at this moment
 */
export const takeTerraformLock = async (
  s3: S3Client,
  state: ObjectAddress,
  lock: Lock,
  refuse: (who: string, operation: string, id: string) => Error,
): Promise<() => Promise<void>> => {
  const at = { bucket: state.bucket, key: `${state.key}.tflock` };
  const body = JSON.stringify(asTerraformLock(state, lock.holder));
  const release = async (): Promise<void> => {
    const current = await readObject<TerraformLock>(s3, at);
    if (current?.body.ID === lock.holder.id) await deleteObject(s3, at);
  };
  if (await putIf(s3, at, body)) return release;
  const current = await readObject<TerraformLock>(s3, at);
  const left = current && lock.holder.tookOver.includes(current.body.ID);
  if (left && (await putIf(s3, at, body, current.etag))) return release;
  if (!current && (await putIf(s3, at, body))) return release;
  throw refuse(current?.body.Who ?? "someone", current?.body.Operation ?? "a command", current?.body.ID ?? "");
};

/** Whoever holds the lock beside this state; undefined when nobody does. */
export const readRemoteLock = async (s3: S3Client, state: ObjectAddress): Promise<Holder | undefined> =>
  (await readObject<Holder>(s3, migrationLock(state)))?.body;

/** Ends the locks of these holders, Terraform's included, and nobody else's: only after a person said so. */
export const breakRemoteLocks = async (
  s3: S3Client,
  state: ObjectAddress,
  holders: readonly Holder[],
): Promise<void> => {
  const ids = new Set(holders.flatMap(({ id, tookOver }) => [id, ...tookOver]));
  const terraform = { bucket: state.bucket, key: `${state.key}.tflock` };
  const held = await readObject<TerraformLock>(s3, terraform);
  if (held && ids.has(held.body.ID)) await deleteObject(s3, terraform);
  const current = await readObject<Holder>(s3, migrationLock(state));
  if (current && ids.has(current.body.id)) await deleteObject(s3, migrationLock(state));
};
