/**
 * The pipeline of `dev` as Terraform's state has it, small but with the shapes of the real one. Tests take a copy and
 * change one thing.
 */
const account = "111111111111";
const name = "ttsslsguru";
const bucket = `${name}-audio`;
const arn = (service: string, rest: string, region = "us-east-1"): string =>
  `arn:aws:${service}:${region}:${service === "s3" ? "" : account}:${rest}`;

export const ids = {
  account,
  table: arn("dynamodb", `table/${name}`),
  stream: arn("dynamodb", `table/${name}/stream/2026-01-01T00:00:00.000`),
  bucket: `arn:aws:s3:::${bucket}`,
  role: `arn:aws:iam::${account}:role/${name}-speak`,
  function: arn("lambda", `function:${name}-speak`),
  logGroup: arn("logs", `log-group:/aws/lambda/${name}-speak`),
  queue: arn("sqs", `${name}-failed`),
  distribution: `arn:aws:cloudfront::${account}:distribution/E74FTE3EXAMPLE`,
  codeSha256: "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=",
} as const;

const tagsAll = { Project: "text-to-speech", Environment: "dev" };
const tagged = { tags: {}, tags_all: tagsAll };

export const speakPolicy = {
  Version: "2012-10-17",
  Statement: [
    { Sid: "Speak", Effect: "Allow", Action: "polly:SynthesizeSpeech", Resource: "*" },
    { Sid: "Store", Effect: "Allow", Action: ["s3:PutObject"], Resource: `${ids.bucket}/*` },
    {
      Sid: "ReadStream",
      Effect: "Allow",
      Action: ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"],
      Resource: ids.stream,
    },
  ],
};

export const servePolicy = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${ids.bucket}/*`,
      Condition: { StringEquals: { "AWS:SourceArn": ids.distribution } },
    },
  ],
};

const trustPolicy = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

type Attributes = Record<string, unknown>;

/** By address below the module instance. */
const storage: Record<string, Attributes> = {
  "aws_dynamodb_table.requests": {
    id: name,
    name,
    arn: ids.table,
    billing_mode: "PAY_PER_REQUEST",
    hash_key: "Id",
    range_key: null,
    attribute: [{ name: "Id", type: "N" }],
    stream_enabled: true,
    stream_view_type: "NEW_IMAGE",
    stream_arn: ids.stream,
    deletion_protection_enabled: true,
    point_in_time_recovery: [{ enabled: true, recovery_period_in_days: 35 }],
    server_side_encryption: [],
    read_capacity: 0,
    ttl: [{ attribute_name: "", enabled: false }],
    timeouts: null,
    ...tagged,
  },
  "aws_s3_bucket.audio": { id: bucket, bucket, arn: ids.bucket, force_destroy: false, region: "us-east-1", ...tagged },
  "aws_s3_bucket_public_access_block.audio": {
    id: bucket,
    bucket,
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  },
  "aws_s3_bucket_versioning.audio": {
    id: bucket,
    bucket,
    expected_bucket_owner: "",
    mfa: null,
    versioning_configuration: [{ mfa_delete: "", status: "Enabled" }],
  },
  "aws_s3_bucket_server_side_encryption_configuration.audio": {
    id: bucket,
    bucket,
    expected_bucket_owner: "",
    rule: [
      {
        apply_server_side_encryption_by_default: [{ kms_master_key_id: "", sse_algorithm: "AES256" }],
        bucket_key_enabled: false,
      },
    ],
  },
};

const speech: Record<string, Attributes> = {
  "aws_cloudwatch_log_group.speak": {
    id: `/aws/lambda/${name}-speak`,
    name: `/aws/lambda/${name}-speak`,
    arn: ids.logGroup,
    retention_in_days: 14,
    skip_destroy: false,
    ...tagged,
  },
  "aws_sqs_queue.failed": {
    id: `https://sqs.us-east-1.amazonaws.com/${account}/${name}-failed`,
    url: `https://sqs.us-east-1.amazonaws.com/${account}/${name}-failed`,
    name: `${name}-failed`,
    arn: ids.queue,
    message_retention_seconds: 1209600,
    sqs_managed_sse_enabled: true,
    ...tagged,
  },
  "aws_iam_role.speak": {
    id: `${name}-speak`,
    name: `${name}-speak`,
    arn: ids.role,
    description: "Lets the function speak requests and store the audio",
    assume_role_policy: JSON.stringify(trustPolicy),
    force_detach_policies: false,
    managed_policy_arns: [],
    inline_policy: [{ name: `${name}-speak`, policy: JSON.stringify(speakPolicy) }],
    ...tagged,
  },
  "aws_iam_role_policy.speak": {
    id: `${name}-speak:${name}-speak`,
    name: `${name}-speak`,
    role: `${name}-speak`,
    policy: JSON.stringify(speakPolicy),
  },
  "aws_lambda_function.speak": {
    id: `${name}-speak`,
    function_name: `${name}-speak`,
    arn: ids.function,
    role: ids.role,
    runtime: "nodejs22.x",
    handler: "index.handler",
    architectures: ["arm64"],
    timeout: 30,
    memory_size: 256,
    publish: false,
    filename: "../handler/dist/handler.zip",
    source_code_hash: ids.codeSha256,
    code_sha256: ids.codeSha256,
    environment: [{ variables: { AUDIO_BUCKET: bucket, ENVIRONMENT: "dev", VOICE_ID: "Joey" } }],
    ...tagged,
  },
  "aws_lambda_event_source_mapping.requests": {
    id: "5a1f1c52-5a0f-4d3c-9f6e-0d7f4f1f2a11",
    uuid: "5a1f1c52-5a0f-4d3c-9f6e-0d7f4f1f2a11",
    arn: arn("lambda", "event-source-mapping:5a1f1c52-5a0f-4d3c-9f6e-0d7f4f1f2a11"),
    event_source_arn: ids.stream,
    function_name: ids.function,
    starting_position: "TRIM_HORIZON",
    batch_size: 10,
    enabled: true,
    function_response_types: ["ReportBatchItemFailures"],
    destination_config: [{ on_failure: [{ destination_arn: ids.queue }] }],
    ...tagged,
  },
};

const delivery: Record<string, Attributes> = {
  "aws_cloudfront_origin_access_control.audio": {
    id: "E327GJI25M56DG",
    name: bucket,
    description: `Lets the distribution read ${bucket}`,
    origin_access_control_origin_type: "s3",
    signing_behavior: "always",
    signing_protocol: "sigv4",
  },
  "aws_cloudfront_distribution.audio": {
    id: "E74FTE3EXAMPLE",
    arn: ids.distribution,
    comment: `Spoken requests of ${name}`,
    domain_name: "d111111abcdef8.cloudfront.net",
    enabled: true,
    aliases: [],
    origin: [
      {
        origin_id: "audio",
        domain_name: `${bucket}.s3.us-east-1.amazonaws.com`,
        origin_access_control_id: "E327GJI25M56DG",
      },
    ],
    default_cache_behavior: [
      {
        target_origin_id: "audio",
        viewer_protocol_policy: "redirect-to-https",
        allowed_methods: ["GET", "HEAD"],
        cached_methods: ["GET", "HEAD"],
        compress: false,
      },
    ],
    restrictions: [{ geo_restriction: [{ locations: [], restriction_type: "none" }] }],
    viewer_certificate: [{ cloudfront_default_certificate: true }],
    wait_for_deployment: true,
    retain_on_delete: false,
    ...tagged,
  },
  "aws_s3_bucket_policy.audio": { id: bucket, bucket, policy: JSON.stringify(servePolicy) },
};

export const modules = { delivery, speech, storage } as const;

export const outputs = {
  tableArn: ids.table,
  lambdaArn: ids.function,
  bucketName: bucket,
  audioUrl: "https://d111111abcdef8.cloudfront.net",
} as const;
