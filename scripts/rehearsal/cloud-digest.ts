import * as cloudfront from "@aws-sdk/client-cloudfront";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as iam from "@aws-sdk/client-iam";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as sqs from "@aws-sdk/client-sqs";
import { sha256 } from "../lib/files";
import { clientSettings } from "./isolation";

/** Everything that AWS says about the pipeline, by resource; what changes by itself is left out. */
export type Cloud = Readonly<Record<string, unknown>>;

/** Changes with use or with every look, or by the one listed write-back of the same code. */
const RESTLESS = new Set([
  ..."$metadata ETag LastModified LastModifiedTime LastModifiedDate RevisionId LastProcessingResult".split(" "),
  ..."ItemCount TableSizeBytes LatestRestorableDateTime EarliestRestorableDateTime RoleLastUsed storedBytes".split(" "),
  ..."ApproximateNumberOfMessages ApproximateNumberOfMessagesNotVisible ApproximateNumberOfMessagesDelayed".split(" "),
  // A signed address of the code, new with each look; the code's hash is kept.
  "Location",
]);

/** Sorted keys, no restless fields, policies as documents instead of text. */
export const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string") return asDocument(value);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name, field]) => !RESTLESS.has(name) && field !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, canonical(field)]),
  );
};

const asDocument = (text: string): unknown => {
  const decoded = text.startsWith("%7B") ? decodeURIComponent(text) : text;
  if (!decoded.startsWith("{")) return text;
  try {
    return canonical(JSON.parse(decoded));
  } catch {
    return text;
  }
};

export interface CloudAddress {
  readonly endpoint: string;
  readonly region: string;
  /** The environment's name: the table's, and the beginning of all others. */
  readonly name: string;
}

/** What a describe call returned; that a resource is not there is an answer too, any other failure is not. */
const described = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    return canonical(await call);
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404 || /NonExistent|DoesNotExist|NotFound|NoSuch/.test(name))
      return { missing: name };
    throw error;
  }
};

const bucketParts = (client: s3.S3Client, Bucket: string): Record<string, Promise<unknown>> => ({
  "bucket location": client.send(new s3.GetBucketLocationCommand({ Bucket })),
  "bucket policy": client.send(new s3.GetBucketPolicyCommand({ Bucket })),
  "bucket versioning": client.send(new s3.GetBucketVersioningCommand({ Bucket })),
  "bucket encryption": client.send(new s3.GetBucketEncryptionCommand({ Bucket })),
  "bucket public access block": client.send(new s3.GetPublicAccessBlockCommand({ Bucket })),
  "bucket tags": client.send(new s3.GetBucketTaggingCommand({ Bucket })),
  "bucket lifecycle": client.send(new s3.GetBucketLifecycleConfigurationCommand({ Bucket })),
});

const tableParts = async (
  client: dynamodb.DynamoDBClient,
  TableName: string,
): Promise<Record<string, Promise<unknown>>> => {
  const table = client.send(new dynamodb.DescribeTableCommand({ TableName }));
  const arn = await table.then(
    ({ Table }) => Table?.TableArn,
    () => undefined,
  );
  return {
    table,
    "table backups": client.send(new dynamodb.DescribeContinuousBackupsCommand({ TableName })),
    ...(arn ? { "table tags": client.send(new dynamodb.ListTagsOfResourceCommand({ ResourceArn: arn })) } : {}),
  };
};

const roleParts = (client: iam.IAMClient, RoleName: string): Record<string, Promise<unknown>> => ({
  role: client.send(new iam.GetRoleCommand({ RoleName })),
  "role policies": client.send(new iam.ListRolePoliciesCommand({ RoleName })),
  "role policy": client.send(new iam.GetRolePolicyCommand({ RoleName, PolicyName: RoleName })),
  "role attached policies": client.send(new iam.ListAttachedRolePoliciesCommand({ RoleName })),
});

const functionParts = (client: lambda.LambdaClient, FunctionName: string): Record<string, Promise<unknown>> => ({
  function: client.send(new lambda.GetFunctionCommand({ FunctionName })),
  mappings: client.send(new lambda.ListEventSourceMappingsCommand({ FunctionName })),
});

const queueParts = async (client: sqs.SQSClient, QueueName: string): Promise<unknown> => {
  const { QueueUrl } = await client.send(new sqs.GetQueueUrlCommand({ QueueName }));
  const [attributes, tags] = await Promise.all([
    client.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] })),
    client.send(new sqs.ListQueueTagsCommand({ QueueUrl })),
  ]);
  return { QueueUrl, attributes: attributes.Attributes, tags: tags.Tags };
};

const originAccessControl = async (client: cloudfront.CloudFrontClient, name: string): Promise<unknown> => {
  const { OriginAccessControlList } = await client.send(new cloudfront.ListOriginAccessControlsCommand({}));
  const found = OriginAccessControlList?.Items?.filter((item) => item.Name === name) ?? [];
  return Promise.all(found.map(({ Id }) => client.send(new cloudfront.GetOriginAccessControlCommand({ Id }))));
};

const distributions = async (client: cloudfront.CloudFrontClient, bucket: string): Promise<unknown> => {
  const { DistributionList } = await client.send(new cloudfront.ListDistributionsCommand({}));
  const reads = (domain = ""): boolean => domain.startsWith(`${bucket}.s3.`);
  const found =
    DistributionList?.Items?.filter(({ Origins }) => Origins?.Items?.some((o) => reads(o.DomainName))) ?? [];
  return Promise.all(
    found.map(async ({ Id, ARN }) => ({
      distribution: await client.send(new cloudfront.GetDistributionCommand({ Id })),
      tags: await client.send(new cloudfront.ListTagsForResourceCommand({ Resource: ARN })),
    })),
  );
};

/** Describes every resource of the pipeline as AWS returns it. Reads only. */
export const describeCloud = async ({ endpoint, region, name }: CloudAddress): Promise<Cloud> => {
  const settings = clientSettings(endpoint, region);
  const edge = new cloudfront.CloudFrontClient(settings);
  const parts: Record<string, Promise<unknown>> = {
    ...(await tableParts(new dynamodb.DynamoDBClient(settings), name)),
    ...bucketParts(new s3.S3Client(settings), `${name}-audio`),
    ...roleParts(new iam.IAMClient(settings), `${name}-speak`),
    ...functionParts(new lambda.LambdaClient(settings), `${name}-speak`),
    queue: queueParts(new sqs.SQSClient(settings), `${name}-failed`),
    "origin access control": originAccessControl(edge, `${name}-audio`),
    distribution: distributions(edge, `${name}-audio`),
    "log group": new logs.CloudWatchLogsClient(settings).send(
      new logs.DescribeLogGroupsCommand({ logGroupNamePrefix: `/aws/lambda/${name}-speak` }),
    ),
  };
  const answers = Object.entries(parts).map(async ([part, call]) => [part, await described(call)] as const);
  return Object.fromEntries(await Promise.all(answers));
};

/** Equal for two descriptions of the same cloud, and only then. */
export const digestOf = (cloud: Cloud): string => sha256(JSON.stringify(canonical(cloud)));

const flatten = (value: unknown, path: string): [string, string][] => {
  if (typeof value !== "object" || value === null) return [[path, JSON.stringify(value)]];
  const entries = Object.entries(value);
  if (entries.length === 0) return [[path, Array.isArray(value) ? "[]" : "{}"]];
  return entries.flatMap(([name, field]) => flatten(field, path === "" ? name : `${path}.${name}`));
};

/** Each value that differs, as `path: before → after`. */
export const differencesBetween = (before: Cloud, after: Cloud): string[] => {
  const [old, now] = [new Map(flatten(canonical(before), "")), new Map(flatten(canonical(after), ""))];
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  const differing = paths.filter((path) => old.get(path) !== now.get(path));
  return differing.map((path) => `${path}: ${old.get(path) ?? "absent"} → ${now.get(path) ?? "absent"}`);
};
