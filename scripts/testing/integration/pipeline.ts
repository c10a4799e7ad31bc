import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, PutItemCommand, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import { IAMClient, PutRolePolicyCommand, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DeleteObjectsCommand, HeadObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { clientSettings } from "../../rehearsal/isolation";

/** What a person, or the pipeline's own user, does with a deployed pipeline. */
export interface Pipeline {
  put(id: number, text: string): Promise<void>;
  /** Whether the audio of a request is in the bucket. */
  isSpoken(id: number): Promise<boolean>;
  /** Bodies of the messages that the queue of failed requests holds. */
  failed(): Promise<readonly string[]>;
  /** What the function's log says of a request that it handed back to the stream: the kind of error. */
  handedBack(id: number): Promise<string | undefined>;
  memorySize(): Promise<number | undefined>;
  setPolicy(document: unknown): Promise<void>;
  /** What IAM says to one action of the role. */
  simulate(action: string, resource: string, region: string): Promise<string | undefined>;
  /** An operator's steps before a pipeline with data may be destroyed. */
  emptyBucket(): Promise<void>;
  allowDeletion(): Promise<void>;
}

const emptyBucket = async (s3: S3Client, Bucket: string): Promise<void> => {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
};

const messages = async (sqs: SQSClient, QueueName: string): Promise<string[]> => {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const settings = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(settings));
  return Messages.map(({ Body = "" }) => Body);
};

const handedBack = async (logs: CloudWatchLogsClient, name: string, id: number): Promise<string | undefined> => {
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}` }));
  const lines = events.flatMap(({ message = "" }) => message.split("\n"));
  const line = lines.find((text) => text.includes(`"id":"${id}"`) && text.includes('"outcome":"handed-back"'));
  return line && (JSON.parse(line) as { error: string }).error;
};

export const pipelineAt = (endpoint: string, region: string, name: string): Pipeline => {
  const settings = clientSettings(endpoint, region);
  const [table, s3, iam] = [new DynamoDBClient(settings), new S3Client(settings), new IAMClient(settings)];
  const [lambda, sqs] = [new LambdaClient(settings), new SQSClient(settings)];
  const logs = new CloudWatchLogsClient(settings);
  const [Bucket, role] = [`${name}-audio`, `${name}-speak`];
  return {
    put: async (id, text) => {
      await table.send(new PutItemCommand({ TableName: name, Item: { Id: { N: String(id) }, text: { S: text } } }));
    },
    isSpoken: (id) =>
      s3.send(new HeadObjectCommand({ Bucket, Key: `${id}.mp3` })).then(
        () => true,
        () => false,
      ),
    failed: () => messages(sqs, `${name}-failed`),
    handedBack: (id) => handedBack(logs, role, id),
    memorySize: async () => (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: role }))).MemorySize,
    setPolicy: async (document) => {
      const PolicyDocument = JSON.stringify(document);
      await iam.send(new PutRolePolicyCommand({ RoleName: role, PolicyName: role, PolicyDocument }));
    },
    simulate: async (action, resource, requested) => {
      const question = {
        PolicySourceArn: `arn:aws:iam::111111111111:role/${role}`,
        ActionNames: [action],
        ResourceArns: [resource],
        ContextEntries: [
          { ContextKeyName: "aws:RequestedRegion", ContextKeyType: "string" as const, ContextKeyValues: [requested] },
        ],
      };
      const { EvaluationResults } = await iam.send(new SimulatePrincipalPolicyCommand(question));
      return EvaluationResults?.[0]?.EvalDecision;
    },
    emptyBucket: () => emptyBucket(s3, Bucket),
    allowDeletion: async () => {
      await table.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
    },
  };
};
