import type { S3Client } from "@aws-sdk/client-s3";
import { s3Client } from "../lib/aws";
import type { Checked } from "../lib/context";
import type { ObjectAddress } from "../lib/remote-lock";

/** Works beside Terraform's state object; undefined where the state is a local file. */
export const onRemote = async <T>(
  context: Checked,
  work: (s3: S3Client, state: ObjectAddress) => Promise<T>,
): Promise<T | undefined> => {
  const state = context.settings.stateObject;
  if (!state) return undefined;
  const s3 = s3Client(context.env, state.region);
  try {
    return await work(s3, state);
  } finally {
    s3.destroy();
  }
};
