import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { z } from "zod";
import { messageOf } from "../../../lib/errors";
import type { Bag } from "../aws/wire";
import { outputsOf } from "./outputs";

/** Reads the outputs of one kind of state; `args` are those of the function of `@pulumi/terraform`. */
export type Reader = (args: Bag) => Promise<Bag>;

const localShape = z.strictObject({
  path: z.string().default("terraform.tfstate"),
  workspaceDir: z.string().optional(),
});

/** Arguments of the S3 reader that are served; any other is refused, so that none is silently without effect. */
const s3Shape = z.strictObject({
  bucket: z.string(),
  key: z.string(),
  region: z.string().optional(),
  encrypt: z.boolean().optional(),
  endpoint: z.string().optional(),
  forcePathStyle: z.boolean().optional(),
  accessKey: z.string().optional(),
  secretKey: z.string().optional(),
  token: z.string().optional(),
  workspace: z.string().default("default"),
  workspaceKeyPrefix: z.string().default("env:"),
  skipCredentialsValidation: z.boolean().optional(),
  skipMetadataApiCheck: z.boolean().optional(),
  skipRegionValidation: z.boolean().optional(),
});

const parse = <T>(shape: z.ZodType<T>, args: Bag, name: string): T => {
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null && value !== undefined));
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${name}: ${[issue?.path.join("."), issue?.message].filter(Boolean).join(": ")}`);
};

export const localReader =
  (programFolders: readonly string[]): Reader =>
  async (args) => {
    const { path, workspaceDir } = parse(localShape, args, "getLocalReference");
    const relative = workspaceDir ? join(workspaceDir, path) : path;
    const candidates = isAbsolute(relative) ? [relative] : programFolders.map((base) => resolve(base, relative));
    const file = candidates.find((candidate) => existsSync(candidate));
    if (!file) throw new Error(`getLocalReference: there is no Terraform state at ${candidates.join(" or ")}`);
    return outputsOf(await readFile(file, "utf8"), file);
  };

/** With an endpoint of our own the bucket belongs into the path: `bucket.127.0.0.1` is no name. */
const clientFor = (args: z.infer<typeof s3Shape>, env: NodeJS.ProcessEnv): S3Client => {
  const endpoint = args.endpoint ?? env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  const { accessKey, secretKey, token } = args;
  return new S3Client({
    ...(args.region || env.AWS_REGION ? { region: args.region ?? env.AWS_REGION } : {}),
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    ...(args.forcePathStyle ? { forcePathStyle: true } : {}),
    ...(accessKey && secretKey
      ? {
          credentials: {
            accessKeyId: accessKey,
            secretAccessKey: secretKey,
            ...(token ? { sessionToken: token } : {}),
          },
        }
      : {}),
  });
};

export const s3Reader =
  (env: NodeJS.ProcessEnv): Reader =>
  async (given) => {
    const args = parse(s3Shape, given, "getS3Reference");
    const key = args.workspace === "default" ? args.key : `${args.workspaceKeyPrefix}/${args.workspace}/${args.key}`;
    const where = `s3://${args.bucket}/${key}`;
    const client = clientFor(args, env);
    try {
      const object = await client.send(new GetObjectCommand({ Bucket: args.bucket, Key: key }));
      return outputsOf((await object.Body?.transformToString()) ?? "", where);
    } catch (error) {
      throw new Error(`getS3Reference: the Terraform state ${where} cannot be read: ${messageOf(error)}`);
    } finally {
      client.destroy();
    }
  };

export const readersFor = (
  env: NodeJS.ProcessEnv,
  programFolders: readonly string[],
): Readonly<Record<string, Reader>> => ({
  "terraform:state:getLocalReference": localReader(programFolders),
  "terraform:state:getS3Reference": s3Reader(env),
});
