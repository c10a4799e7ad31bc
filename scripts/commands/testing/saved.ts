import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Context } from "../../lib/context";
import { paths } from "../../lib/paths";
import { deleteObject } from "../../lib/remote-lock";

/** Where a workspace's states lie, for putting them back without asking the tools. */
export interface StatePlaces {
  readonly context: Context;
  readonly s3: S3Client;
  readonly state: { readonly bucket: string; readonly key: string };
  /** Folder of Pulumi's file backend. */
  readonly pulumiState: string;
  /** Folder for the copies. */
  readonly folder: string;
}

export const readTerraformObject = async ({ s3, state }: StatePlaces): Promise<string> => {
  const answer = await s3.send(new GetObjectCommand({ Bucket: state.bucket, Key: state.key }));
  return (await answer.Body?.transformToString()) ?? "";
};

export const readPulumiFile = ({ pulumiState, context }: StatePlaces): Promise<string> =>
  readFile(join(pulumiState, ".pulumi", "stacks", "text-to-speech", `${context.environment}.json`), "utf8");

/** Everything that a migration command changes; the emulated cloud is not among it. */
export interface Saved {
  readonly name: string;
  readonly terraform: string;
  readonly tfvars: string;
  readonly stack: string;
}

/** Terraform's own working folder is large and never changes. */
const KEPT = "terraform";

export const save = async (places: StatePlaces, name: string): Promise<Saved> => {
  const files = paths(places.context);
  const target = join(places.folder, name);
  await rm(target, { recursive: true, force: true });
  await cp(places.pulumiState, join(target, "pulumi"), { recursive: true });
  await mkdir(files.migration, { recursive: true });
  for (const entry of await readdir(files.migration)) {
    if (entry !== KEPT) await cp(join(files.migration, entry), join(target, "migration", entry), { recursive: true });
  }
  return {
    name,
    terraform: await readTerraformObject(places),
    tfvars: await readFile(files.tfvars, "utf8"),
    stack: await readFile(files.stackConfig, "utf8"),
  };
};

export const restore = async (places: StatePlaces, saved: Saved): Promise<void> => {
  const { context, s3, state, pulumiState, folder } = places;
  const files = paths(context);
  await rm(pulumiState, { recursive: true, force: true });
  await cp(join(folder, saved.name, "pulumi"), pulumiState, { recursive: true });
  for (const entry of await readdir(files.migration)) {
    if (entry !== KEPT) await rm(join(files.migration, entry), { recursive: true, force: true });
  }
  await cp(join(folder, saved.name, "migration"), files.migration, { recursive: true }).catch(() => undefined);
  await s3.send(new PutObjectCommand({ Bucket: state.bucket, Key: state.key, Body: saved.terraform }));
  for (const lock of ["migration-lock", "tflock"]) {
    await deleteObject(s3, { bucket: state.bucket, key: `${state.key}.${lock}` });
  }
  await writeFile(files.tfvars, saved.tfvars);
  await writeFile(files.stackConfig, saved.stack);
};
