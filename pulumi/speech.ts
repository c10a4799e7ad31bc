import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "./names";
import { speakPolicy, trustLambda } from "./speech-policy";
import type { StorageOutputs } from "./storage";

/** What the rest needs of the speech module, whoever owns it. */
export interface SpeechOutputs {
  readonly lambdaArn: pulumi.Output<string>;
}

export interface SpeechArgs {
  readonly names: Names;
  readonly storage: StorageOutputs;
  readonly environment: string;
  /** The only region in which the function may call Polly. */
  readonly region: string;
  /** Path of the bundled handler. */
  readonly handlerZip: string;
  /** Seconds. */
  readonly timeout: number;
  /** MiB. */
  readonly memorySize: number;
  readonly logRetentionInDays: number;
}

/** From the table's stream to the audio in the bucket. */
export class Speech extends pulumi.ComponentResource implements SpeechOutputs {
  readonly lambdaArn: pulumi.Output<string>;

  constructor(name: string, args: SpeechArgs, options?: pulumi.ComponentResourceOptions) {
    super("text-to-speech:index:Speech", name, {}, options);

    const logGroup = functionLog(args, this);
    const failed = failedQueue(args, this);
    const role = functionRole(args, this);
    const policy = rolePolicy(args, { role, logGroup, failed }, this);
    const speak = speakFunction(args, { role, logGroup, failed }, this);
    requestMapping(args, { speak, failed, policy }, this);

    this.lambdaArn = speak.arn;
    this.registerOutputs({ lambdaArn: this.lambdaArn });
  }
}

const functionLog = (args: SpeechArgs, parent: pulumi.Resource): aws.cloudwatch.LogGroup =>
  new aws.cloudwatch.LogGroup(
    "speak",
    { name: args.names.logGroup, retentionInDays: args.logRetentionInDays },
    { parent },
  );

/** Requests that cannot be spoken, with the reason: from the handler itself and from the mapping when it gives up. */
const failedQueue = (args: SpeechArgs, parent: pulumi.Resource): aws.sqs.Queue =>
  new aws.sqs.Queue(
    "failed",
    {
      name: args.names.failedQueue,
      messageRetentionSeconds: 1_209_600, // 14 days, the longest that SQS offers
      sqsManagedSseEnabled: true,
    },
    { parent },
  );

const functionRole = (args: SpeechArgs, parent: pulumi.Resource): aws.iam.Role =>
  new aws.iam.Role(
    "speak",
    {
      name: args.names.function,
      description: "Lets the function speak requests and store the audio",
      assumeRolePolicy: JSON.stringify(trustLambda()),
    },
    { parent },
  );

interface FunctionNeeds {
  readonly role: aws.iam.Role;
  readonly logGroup: aws.cloudwatch.LogGroup;
  readonly failed: aws.sqs.Queue;
}

const rolePolicy = (
  { names, region, storage }: SpeechArgs,
  { role, logGroup, failed }: FunctionNeeds,
  parent: pulumi.Resource,
): aws.iam.RolePolicy =>
  new aws.iam.RolePolicy(
    "speak",
    {
      name: names.function,
      role: role.name,
      policy: pulumi
        .all([storage.bucketArn, storage.streamArn, logGroup.arn, failed.arn])
        .apply(([bucketArn, streamArn, logGroupArn, queueArn]) =>
          JSON.stringify(speakPolicy({ region, bucketArn, streamArn, logGroupArn, queueArn })),
        ),
    },
    { parent },
  );

const speakFunction = (
  args: SpeechArgs,
  { role, logGroup, failed }: FunctionNeeds,
  parent: pulumi.Resource,
): aws.lambda.Function =>
  new aws.lambda.Function(
    "speak",
    {
      name: args.names.function,
      description: "Speaks each new request with Polly and stores the audio",
      role: role.arn,
      runtime: "nodejs22.x",
      handler: "index.handler",
      architectures: ["arm64"],
      code: new pulumi.asset.FileArchive(args.handlerZip),
      sourceCodeHash: sourceCodeHash(args.handlerZip),
      timeout: args.timeout,
      memorySize: args.memorySize,
      environment: {
        variables: {
          AUDIO_BUCKET: args.storage.bucketName,
          FAILED_QUEUE_URL: failed.url,
          VOICE_ID: "Joey",
          ENGINE: "standard",
          LANGUAGE_CODE: "en-US",
          ENVIRONMENT: args.environment,
        },
      },
    },
    // The log group first: the function has no right to make it.
    { parent, dependsOn: [logGroup] },
  );

/** What Lambda reports as the code's hash, so that a look at it shows whether the code is live. */
const sourceCodeHash = (zip: string): string => {
  try {
    return createHash("sha256").update(readFileSync(zip)).digest("base64");
  } catch (error) {
    throw new pulumi.RunError(`Speech: handlerZip ${zip} cannot be read (${String(error)}). Fix: build the handler.`);
  }
};

interface MappingNeeds {
  readonly speak: aws.lambda.Function;
  readonly failed: aws.sqs.Queue;
  readonly policy: aws.iam.RolePolicy;
}

const requestMapping = (
  { storage }: SpeechArgs,
  { speak, failed, policy }: MappingNeeds,
  parent: pulumi.Resource,
): aws.lambda.EventSourceMapping =>
  new aws.lambda.EventSourceMapping(
    "requests",
    {
      eventSourceArn: storage.streamArn,
      functionName: speak.arn,
      startingPosition: "TRIM_HORIZON", // A new mapping begins with the oldest request, so none is skipped.
      batchSize: 10,
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 5,
      maximumRecordAgeInSeconds: 43_200, // 12 h: given up to the queue well before the stream forgets it after 24 h
      maximumBatchingWindowInSeconds: 0,
      destinationConfig: { onFailure: { destinationArn: failed.arn } },
    },
    // Lambda checks at creation that the role may read the stream.
    { parent, dependsOn: [policy] },
  );
