import { ids, servePolicy, speakPolicy } from "./pipeline";

/**
 * The same pipeline as Pulumi's state has it after an import, written out by hand: were it made from Terraform's side by
 * the code under test, nothing would be tested. Policies are written as another tool would write them.
 */
type Properties = Record<string, unknown>;

interface Held {
  readonly type: string;
  readonly id: string;
  readonly outputs: Properties;
}

const name = "ttsslsguru";
const bucket = `${name}-audio`;
const tagged = { tags: {}, tagsAll: { Environment: "dev", Project: "text-to-speech" } };

/** Other order, other spacing, scalars for lists of one: the same meaning. */
const rewritten = (policy: { Statement: readonly object[] }): string =>
  JSON.stringify({ Statement: [...policy.Statement].reverse(), Version: "2012-10-17" }, null, 1);

const trust =
  '{"Statement":[{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com"]}}],"Version":"2012-10-17"}';

export const held: Readonly<Record<string, Readonly<Record<string, Held>>>> = {
  storage: {
    "aws_dynamodb_table.requests": {
      type: "aws:dynamodb/table:Table",
      id: name,
      outputs: {
        name,
        arn: ids.table,
        billingMode: "PAY_PER_REQUEST",
        hashKey: "Id",
        attributes: [{ name: "Id", type: "N" }],
        streamEnabled: true,
        streamViewType: "NEW_IMAGE",
        streamArn: ids.stream,
        deletionProtectionEnabled: true,
        pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 },
        ttl: { enabled: false },
        ...tagged,
      },
    },
    "aws_s3_bucket.audio": {
      type: "aws:s3/bucketV2:BucketV2",
      id: bucket,
      outputs: { id: bucket, bucket, arn: ids.bucket, region: "us-east-1", ...tagged },
    },
    "aws_s3_bucket_public_access_block.audio": {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      id: bucket,
      outputs: {
        bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    },
    "aws_s3_bucket_versioning.audio": {
      type: "aws:s3/bucketVersioningV2:BucketVersioningV2",
      id: bucket,
      outputs: { bucket, versioningConfiguration: { status: "Enabled" } },
    },
    "aws_s3_bucket_server_side_encryption_configuration.audio": {
      type: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
      id: bucket,
      outputs: { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    },
  },
  speech: {
    "aws_cloudwatch_log_group.speak": {
      type: "aws:cloudwatch/logGroup:LogGroup",
      id: `/aws/lambda/${name}-speak`,
      outputs: { name: `/aws/lambda/${name}-speak`, arn: ids.logGroup, retentionInDays: 14, ...tagged },
    },
    "aws_sqs_queue.failed": {
      type: "aws:sqs/queue:Queue",
      id: `https://sqs.us-east-1.amazonaws.com/${ids.account}/${name}-failed`,
      outputs: {
        url: `https://sqs.us-east-1.amazonaws.com/${ids.account}/${name}-failed`,
        name: `${name}-failed`,
        arn: ids.queue,
        messageRetentionSeconds: 1209600,
        sqsManagedSseEnabled: true,
        ...tagged,
      },
    },
    "aws_iam_role.speak": {
      type: "aws:iam/role:Role",
      id: `${name}-speak`,
      outputs: {
        name: `${name}-speak`,
        arn: ids.role,
        description: "Lets the function speak requests and store the audio",
        assumeRolePolicy: trust,
        inlinePolicies: [{ name: `${name}-speak`, policy: rewritten(speakPolicy) }],
        ...tagged,
      },
    },
    "aws_iam_role_policy.speak": {
      type: "aws:iam/rolePolicy:RolePolicy",
      id: `${name}-speak:${name}-speak`,
      outputs: { name: `${name}-speak`, role: `${name}-speak`, policy: rewritten(speakPolicy) },
    },
    "aws_lambda_function.speak": {
      type: "aws:lambda/function:Function",
      id: `${name}-speak`,
      outputs: {
        name: `${name}-speak`,
        arn: ids.function,
        role: ids.role,
        runtime: "nodejs22.x",
        handler: "index.handler",
        architectures: ["arm64"],
        timeout: 30,
        memorySize: 256,
        codeSha256: ids.codeSha256,
        environment: { variables: { VOICE_ID: "Joey", AUDIO_BUCKET: bucket, ENVIRONMENT: "dev" } },
        ...tagged,
      },
    },
    "aws_lambda_event_source_mapping.requests": {
      type: "aws:lambda/eventSourceMapping:EventSourceMapping",
      id: "5a1f1c52-5a0f-4d3c-9f6e-0d7f4f1f2a11",
      outputs: {
        uuid: "5a1f1c52-5a0f-4d3c-9f6e-0d7f4f1f2a11",
        arn: `arn:aws:lambda:us-east-1:${ids.account}:event-source-mapping:5a1f1c52-5a0f-4d3c-9f6e-0d7f4f1f2a11`,
        eventSourceArn: ids.stream,
        functionName: ids.function,
        startingPosition: "TRIM_HORIZON",
        batchSize: 10,
        enabled: true,
        functionResponseTypes: ["ReportBatchItemFailures"],
        destinationConfig: { onFailure: { destinationArn: ids.queue } },
        ...tagged,
      },
    },
  },
  delivery: {
    "aws_cloudfront_origin_access_control.audio": {
      type: "aws:cloudfront/originAccessControl:OriginAccessControl",
      id: "E327GJI25M56DG",
      outputs: {
        name: bucket,
        description: `Lets the distribution read ${bucket}`,
        originAccessControlOriginType: "s3",
        signingBehavior: "always",
        signingProtocol: "sigv4",
      },
    },
    "aws_cloudfront_distribution.audio": {
      type: "aws:cloudfront/distribution:Distribution",
      id: "E74FTE3EXAMPLE",
      outputs: {
        arn: ids.distribution,
        comment: `Spoken requests of ${name}`,
        domainName: "d111111abcdef8.cloudfront.net",
        enabled: true,
        origins: [
          {
            domainName: `${bucket}.s3.us-east-1.amazonaws.com`,
            originId: "audio",
            originAccessControlId: "E327GJI25M56DG",
          },
        ],
        defaultCacheBehavior: {
          targetOriginId: "audio",
          viewerProtocolPolicy: "redirect-to-https",
          allowedMethods: ["HEAD", "GET"],
          cachedMethods: ["GET", "HEAD"],
          compress: false,
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        viewerCertificate: { cloudfrontDefaultCertificate: true },
        ...tagged,
      },
    },
    "aws_s3_bucket_policy.audio": {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      id: bucket,
      outputs: { bucket, policy: rewritten(servePolicy) },
    },
  },
};
