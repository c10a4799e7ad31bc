import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { messageOf, UserError } from "./errors";

// The SDK would warn on every run about Node.js versions of the year after next.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Clients that follow the given environment, which need not be that of this process. */
const clientSettings = (env: NodeJS.ProcessEnv, service: "S3" | "STS", region: string) => {
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
  return {
    region,
    maxAttempts: 4,
    ...(endpoint ? { endpoint } : {}),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(token ? { sessionToken: token } : {}) } }
      : {}),
  };
};

export const s3Client = (env: NodeJS.ProcessEnv, region: string): S3Client => {
  const settings = clientSettings(env, "S3", region);
  // A host that is an address has no room for a bucket in front of it.
  return new S3Client({ ...settings, forcePathStyle: /^https?:\/\/(\d|\[|localhost)/.test(settings.endpoint ?? "") });
};

const LOGIN =
  "log in (`aws sso login`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY), then repeat";

/** The account that the credentials belong to. */
export const callerAccount = async (env: NodeJS.ProcessEnv, region: string): Promise<string> => {
  const client = new STSClient(clientSettings(env, "STS", region));
  try {
    const { Account } = await client.send(new GetCallerIdentityCommand({}));
    if (!Account) throw new UserError("AWS did not say which account the credentials belong to", { fix: LOGIN });
    return Account;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const missing = (error as Error).name === "CredentialsProviderError";
    const what = missing ? "there are no AWS credentials" : `AWS did not accept the credentials: ${messageOf(error)}`;
    throw new UserError(what, { fix: LOGIN, cause: error });
  } finally {
    client.destroy();
  }
};
