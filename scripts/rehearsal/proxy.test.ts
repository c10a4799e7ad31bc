import { strict as assert } from "node:assert";
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as cloudfront from "@aws-sdk/client-cloudfront";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as dynamodb from "@aws-sdk/client-dynamodb";
import * as iam from "@aws-sdk/client-iam";
import * as lambda from "@aws-sdk/client-lambda";
import * as s3 from "@aws-sdk/client-s3";
import * as sqs from "@aws-sdk/client-sqs";
import * as sts from "@aws-sdk/client-sts";
import { test } from "uvu";
import { clientSettings } from "./isolation";
import {
  ACCESS_DENIED,
  type ApiCall,
  EXPIRED_TOKEN,
  type RecordingProxy,
  SERVICE_UNAVAILABLE,
  startProxy,
  THROTTLED,
} from "./proxy";
import { classify } from "./proxy/classify";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: number;
  readonly sha256: string;
}

interface Setting {
  readonly proxy: RecordingProxy;
  readonly upstream: readonly Seen[];
  readonly upstreamUrl: string;
  readonly logFile: string;
  /** Settings for SDK clients that talk through the proxy and never retry. */
  readonly aws: ReturnType<typeof clientSettings>;
}

/** An upstream that accepts everything and answers with nothing, or with a megabyte for keys that say so. */
const withProxy = async (work: (setting: Setting) => Promise<void>): Promise<void> => {
  const upstream: Seen[] = [];
  const big = randomBytes(1_000_000);
  const server = createServer(async (request, response) => {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of request) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
    const { method = "", url = "", headers } = request;
    upstream.push({ method, url, headers, bytes, sha256: hash.digest("hex") });
    response.end(url.includes("big") ? big : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const upstreamUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), "proxy-test-"));
  const logFile = join(folder, "calls.jsonl");
  const proxy = await startProxy({ target: upstreamUrl, logFile });
  try {
    const aws = { ...clientSettings(proxy.endpoint, "us-east-1"), maxAttempts: 1 };
    await work({ proxy, upstream, upstreamUrl, logFile, aws });
  } finally {
    await proxy.stop();
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
};

type Send = () => Promise<unknown>;

/** The name of the error that a client makes of the answer, or what came back. */
const outcome = (send: Promise<unknown>): Promise<string> =>
  send.then(
    () => "ok",
    (error: Error) => error.name,
  );

const READS = false;
const CHANGES = true;

/** Real clients, what they call, its name, whether it changes something, and what it is about. */
const examples = (aws: Setting["aws"]): readonly (readonly [Send, string, boolean, string?])[] => {
  const bucket = new s3.S3Client(aws);
  const table = new dynamodb.DynamoDBClient(aws);
  const roles = new iam.IAMClient(aws);
  const functions = new lambda.LambdaClient(aws);
  const queues = new sqs.SQSClient(aws);
  const edge = new cloudfront.CloudFrontClient(aws);
  const log = new logs.CloudWatchLogsClient(aws);
  const Bucket = "audio";
  const QueueUrl = "http://127.0.0.1:1/111111111111/failed";
  const FunctionName = "speak";
  const policy = { RoleName: "speak", PolicyName: "p" };
  return [
    [() => bucket.send(new s3.ListBucketsCommand({})), "s3 ListBuckets", READS],
    [() => bucket.send(new s3.CreateBucketCommand({ Bucket })), "s3 CreateBucket", CHANGES, "audio"],
    [() => bucket.send(new s3.HeadBucketCommand({ Bucket })), "s3 HeadBucket", READS, "audio"],
    [() => bucket.send(new s3.DeleteBucketCommand({ Bucket })), "s3 DeleteBucket", CHANGES, "audio"],
    [() => bucket.send(new s3.GetBucketPolicyCommand({ Bucket })), "s3 GetBucketPolicy", READS, "audio"],
    [
      () => bucket.send(new s3.PutBucketPolicyCommand({ Bucket, Policy: "{}" })),
      "s3 PutBucketPolicy",
      CHANGES,
      "audio",
    ],
    [() => bucket.send(new s3.DeleteBucketPolicyCommand({ Bucket })), "s3 DeleteBucketPolicy", CHANGES, "audio"],
    [() => bucket.send(new s3.GetBucketVersioningCommand({ Bucket })), "s3 GetBucketVersioning", READS, "audio"],
    [() => bucket.send(new s3.GetBucketEncryptionCommand({ Bucket })), "s3 GetBucketEncryption", READS, "audio"],
    [() => bucket.send(new s3.GetPublicAccessBlockCommand({ Bucket })), "s3 GetPublicAccessBlock", READS, "audio"],
    [
      () => bucket.send(new s3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "a", Value: "b" }] } })),
      "s3 PutBucketTagging",
      CHANGES,
      "audio",
    ],
    [() => bucket.send(new s3.ListObjectsV2Command({ Bucket })), "s3 ListObjectsV2", READS, "audio"],
    [() => bucket.send(new s3.GetObjectCommand({ Bucket, Key: "a/7.mp3" })), "s3 GetObject", READS, "audio/a/7.mp3"],
    [() => bucket.send(new s3.HeadObjectCommand({ Bucket, Key: "7.mp3" })), "s3 HeadObject", READS, "audio/7.mp3"],
    [
      () => bucket.send(new s3.PutObjectCommand({ Bucket, Key: "7.mp3", Body: "x" })),
      "s3 PutObject",
      CHANGES,
      "audio/7.mp3",
    ],
    [
      () => bucket.send(new s3.CopyObjectCommand({ Bucket, Key: "8.mp3", CopySource: "audio/7.mp3" })),
      "s3 CopyObject",
      CHANGES,
      "audio/8.mp3",
    ],
    [
      () => bucket.send(new s3.DeleteObjectCommand({ Bucket, Key: "7.mp3" })),
      "s3 DeleteObject",
      CHANGES,
      "audio/7.mp3",
    ],
    [
      () => bucket.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "7.mp3" }] } })),
      "s3 DeleteObjects",
      CHANGES,
      "audio",
    ],
    [
      () => bucket.send(new s3.CreateMultipartUploadCommand({ Bucket, Key: "7.mp3" })),
      "s3 CreateMultipartUpload",
      CHANGES,
      "audio/7.mp3",
    ],
    [
      () => bucket.send(new s3.GetObjectTaggingCommand({ Bucket, Key: "7.mp3" })),
      "s3 GetObjectTagging",
      READS,
      "audio/7.mp3",
    ],
    [() => table.send(new dynamodb.DescribeTableCommand({ TableName: "t" })), "dynamodb DescribeTable", READS, "t"],
    [
      () => table.send(new dynamodb.DescribeContinuousBackupsCommand({ TableName: "t" })),
      "dynamodb DescribeContinuousBackups",
      READS,
      "t",
    ],
    [() => table.send(new dynamodb.ScanCommand({ TableName: "t" })), "dynamodb Scan", READS, "t"],
    [
      () => table.send(new dynamodb.PutItemCommand({ TableName: "t", Item: { Id: { N: "1" } } })),
      "dynamodb PutItem",
      CHANGES,
      "t",
    ],
    [
      () => table.send(new dynamodb.UpdateTableCommand({ TableName: "t", DeletionProtectionEnabled: false })),
      "dynamodb UpdateTable",
      CHANGES,
      "t",
    ],
    [() => table.send(new dynamodb.DeleteTableCommand({ TableName: "t" })), "dynamodb DeleteTable", CHANGES, "t"],
    [
      () => table.send(new dynamodb.TagResourceCommand({ ResourceArn: "arn:t", Tags: [{ Key: "a", Value: "b" }] })),
      "dynamodb TagResource",
      CHANGES,
      "arn:t",
    ],
    [() => roles.send(new iam.GetRoleCommand({ RoleName: "speak" })), "iam GetRole", READS, "speak"],
    [() => roles.send(new iam.ListRolePoliciesCommand({ RoleName: "speak" })), "iam ListRolePolicies", READS, "speak"],
    [
      () => roles.send(new iam.PutRolePolicyCommand({ ...policy, PolicyDocument: "{}" })),
      "iam PutRolePolicy",
      CHANGES,
      "speak",
    ],
    [() => roles.send(new iam.DeleteRoleCommand({ RoleName: "speak" })), "iam DeleteRole", CHANGES, "speak"],
    [
      () => roles.send(new iam.SimulatePrincipalPolicyCommand({ PolicySourceArn: "arn:r", ActionNames: ["a:b"] })),
      "iam SimulatePrincipalPolicy",
      READS,
      "arn:r",
    ],
    [() => new sts.STSClient(aws).send(new sts.GetCallerIdentityCommand({})), "sts GetCallerIdentity", READS],
    [() => functions.send(new lambda.GetFunctionCommand({ FunctionName })), "lambda GetFunction", READS, "speak"],
    [
      () => functions.send(new lambda.UpdateFunctionCodeCommand({ FunctionName, ZipFile: randomBytes(200_000) })),
      "lambda UpdateFunctionCode",
      CHANGES,
      "speak",
    ],
    [
      () => functions.send(new lambda.UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 31 })),
      "lambda UpdateFunctionConfiguration",
      CHANGES,
      "speak",
    ],
    [
      () => functions.send(new lambda.DeleteFunctionCommand({ FunctionName })),
      "lambda DeleteFunction",
      CHANGES,
      "speak",
    ],
    [() => functions.send(new lambda.InvokeCommand({ FunctionName })), "lambda Invoke", CHANGES, "speak"],
    [
      () => functions.send(new lambda.GetEventSourceMappingCommand({ UUID: "u" })),
      "lambda GetEventSourceMapping",
      READS,
      "u",
    ],
    [
      () => functions.send(new lambda.UpdateEventSourceMappingCommand({ UUID: "u", Enabled: false })),
      "lambda UpdateEventSourceMapping",
      CHANGES,
      "u",
    ],
    [
      () => functions.send(new lambda.DeleteEventSourceMappingCommand({ UUID: "u" })),
      "lambda DeleteEventSourceMapping",
      CHANGES,
      "u",
    ],
    [() => queues.send(new sqs.GetQueueAttributesCommand({ QueueUrl })), "sqs GetQueueAttributes", READS, QueueUrl],
    [
      () => queues.send(new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes: {} })),
      "sqs SetQueueAttributes",
      CHANGES,
      QueueUrl,
    ],
    [() => queues.send(new sqs.ReceiveMessageCommand({ QueueUrl })), "sqs ReceiveMessage", CHANGES, QueueUrl],
    [() => queues.send(new sqs.DeleteQueueCommand({ QueueUrl })), "sqs DeleteQueue", CHANGES, QueueUrl],
    [() => edge.send(new cloudfront.GetDistributionCommand({ Id: "E1" })), "cloudfront GetDistribution", READS, "E1"],
    [
      () => edge.send(new cloudfront.GetDistributionConfigCommand({ Id: "E1" })),
      "cloudfront GetDistributionConfig",
      READS,
      "E1",
    ],
    [
      () => edge.send(new cloudfront.DeleteDistributionCommand({ Id: "E1" })),
      "cloudfront DeleteDistribution",
      CHANGES,
      "E1",
    ],
    [
      () => edge.send(new cloudfront.DeleteOriginAccessControlCommand({ Id: "O1" })),
      "cloudfront DeleteOriginAccessControl",
      CHANGES,
      "O1",
    ],
    [
      () => edge.send(new cloudfront.ListTagsForResourceCommand({ Resource: "arn:d" })),
      "cloudfront ListTagsForResource",
      READS,
    ],
    [
      () => edge.send(new cloudfront.TagResourceCommand({ Resource: "arn:d", Tags: { Items: [] } })),
      "cloudfront POST /2020-05-31/tagging",
      CHANGES,
    ],
    [
      () => log.send(new logs.DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws" })),
      "logs DescribeLogGroups",
      READS,
      "/aws",
    ],
    [
      () => log.send(new logs.PutRetentionPolicyCommand({ logGroupName: "/aws", retentionInDays: 7 })),
      "logs PutRetentionPolicy",
      CHANGES,
      "/aws",
    ],
    [() => log.send(new logs.FilterLogEventsCommand({ logGroupName: "/aws" })), "logs FilterLogEvents", READS, "/aws"],
    [() => log.send(new logs.DeleteLogGroupCommand({ logGroupName: "/aws" })), "logs DeleteLogGroup", CHANGES, "/aws"],
  ];
};

test("the calls of real clients get their names, and each that changes something is known as such", async () => {
  await withProxy(async ({ proxy, aws }) => {
    for (const [send, name, mutating, resource] of examples(aws)) {
      const since = proxy.position();
      await outcome(send());
      const [call, ...more] = proxy.calls({ since });
      assert.deepEqual(more, [], name);
      assert.equal(`${call?.service} ${call?.action}`, name);
      assert.equal(call?.mutating, mutating, name);
      assert.equal(call?.resource, resource, name);
      assert.equal(call?.status, 200, name);
      assert.equal(proxy.mutations({ since }).length, mutating ? 1 : 0, name);
    }
  });
});

const head = (method: string, url: string, service?: string, headers = {}, body = "") =>
  classify({
    method,
    url,
    body,
    headers: service
      ? { authorization: `AWS4-HMAC-SHA256 Credential=K/20260101/us-east-1/${service}/aws4_request`, ...headers }
      : headers,
  });

test("what nobody has heard of counts as a change, unless HTTP itself says that it only reads", () => {
  assert.deepEqual(head("POST", "/2099/new", "quantum"), {
    service: "quantum",
    action: "POST /2099/new",
    mutating: true,
  });
  assert.equal(head("PATCH", "/x").mutating, true);
  assert.equal(head("GET", "/x").mutating, false);
  assert.equal(head("POST", "/", "dynamodb", { "x-amz-target": "DynamoDB_20120810.Obliterate" }).mutating, true);
  assert.equal(head("POST", "/", "dynamodb", { "x-amz-target": "DynamoDB_20120810.Getaway" }).mutating, true);
  assert.equal(head("POST", "/", "dynamodb", { "x-amz-target": "DynamoDB_20120810.ExecuteStatement" }).mutating, true);
  assert.equal(head("POST", "/b/k?restore", "s3").mutating, true);
  assert.equal(head("PUT", "/b?somethingNew", "s3").mutating, true);
  // A read-only name in the query of a form request does not hide what its body says.
  const form = { "content-type": "application/x-www-form-urlencoded" };
  assert.equal(head("POST", "/?Action=GetRole", "iam", form, "Action=DeleteRole&RoleName=r").action, "DeleteRole");
  assert.equal(head("POST", "/?Action=GetRole", "iam", form, "").mutating, true);
});

test("writes of state can be told from writes to the pipeline, and everything else still counts", async () => {
  await withProxy(async ({ proxy, aws }) => {
    const client = new s3.S3Client(aws);
    await client.send(new s3.PutObjectCommand({ Bucket: "state", Key: "dev.tfstate", Body: "{}" }));
    await client.send(new s3.PutObjectCommand({ Bucket: "audio", Key: "1.mp3", Body: "x" }));
    await client.send(new s3.PutObjectCommand({ Bucket: "state-2", Key: "1.mp3", Body: "x" }));
    const seen = proxy.mutations({ ignoreBuckets: ["state"] }).map(({ resource }) => resource);
    assert.deepEqual(seen, ["audio/1.mp3", "state-2/1.mp3"]);
    assert.equal(proxy.mutations().length, 3);
  });
});

test("a change sneaked in between two looks is seen, and only that", async () => {
  await withProxy(async ({ proxy, upstreamUrl, aws }) => {
    const table = new dynamodb.DynamoDBClient(aws);
    const look = (): Promise<unknown> => outcome(table.send(new dynamodb.DescribeTableCommand({ TableName: "t" })));
    await look();
    const since = proxy.position();
    await look();
    assert.deepEqual(proxy.mutations({ since }), []);
    await outcome(table.send(new dynamodb.UpdateTableCommand({ TableName: "t", BillingMode: "PROVISIONED" })));
    await look();
    assert.deepEqual(
      proxy.mutations({ since }).map(({ action }) => action),
      ["UpdateTable"],
    );
    // Who goes to the emulator itself is not in the log: the traffic and the function.
    const direct = new dynamodb.DynamoDBClient({ ...aws, endpoint: upstreamUrl });
    await outcome(direct.send(new dynamodb.PutItemCommand({ TableName: "t", Item: { Id: { N: "1" } } })));
    assert.equal(proxy.mutations({ since }).length, 1);
  });
});

test("bodies of any size arrive unchanged, in both directions, with the host that the client signed", async () => {
  await withProxy(async ({ proxy, upstream, aws }) => {
    const client = new s3.S3Client({ ...aws, requestChecksumCalculation: "WHEN_REQUIRED" });
    const Body = randomBytes(3_000_000);
    await client.send(new s3.PutObjectCommand({ Bucket: "b", Key: "large", Body }));
    assert.equal(upstream[0]?.sha256, createHash("sha256").update(Body).digest("hex"));
    assert.equal(upstream[0]?.headers.host, proxy.endpoint.replace("http://", ""));
    assert.match(String(upstream[0]?.headers.authorization), /Signature=[0-9a-f]{64}/);
    const { Body: answer } = await client.send(new s3.GetObjectCommand({ Bucket: "b", Key: "big" }));
    assert.equal((await answer?.transformToByteArray())?.length, 1_000_000);
  });
});

test("a body sent in pieces of unknown length arrives whole", async () => {
  await withProxy(async ({ proxy, upstream }) => {
    await new Promise<void>((resolve, reject) => {
      const request = httpRequest(`${proxy.endpoint}/b/k`, { method: "PUT" }, (response) =>
        response.resume().on("end", resolve),
      );
      request.on("error", reject);
      for (let i = 0; i < 50; i += 1) request.write(Buffer.alloc(4_000, i));
      request.end();
    });
    assert.equal(upstream[0]?.bytes, 200_000);
  });
});

test("the log has a line for each call and keeps no signature and no body", async () => {
  await withProxy(async ({ proxy, logFile, aws }) => {
    await fetch(
      `${proxy.endpoint}/b/k?X-Amz-Signature=secret-signature&X-Amz-Credential=K/20260101/us-east-1/s3/aws4_request`,
    );
    const client = new s3.S3Client(aws);
    await client.send(new s3.PutObjectCommand({ Bucket: "b", Key: "k", Body: "secret-body" }));
    await proxy.stop();
    const text = await readFile(logFile, "utf8");
    assert.ok(!text.includes("secret"));
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as ApiCall);
    assert.deepEqual(
      lines.map(({ action, status, mutating }) => [action, status, mutating]),
      [
        ["GetObject", 200, false],
        ["PutObject", 200, true],
      ],
    );
    assert.equal(lines[1]?.client, "aws-sdk-js");
    assert.equal((await stat(logFile)).mode & 0o777, 0o600);
  });
});

test("each kind of service understands an injected error", async () => {
  await withProxy(async ({ proxy, upstream, aws }) => {
    const injected = proxy.inject({ effect: ACCESS_DENIED });
    const tried: readonly Send[] = [
      () => new s3.S3Client(aws).send(new s3.GetBucketPolicyCommand({ Bucket: "b" })),
      () => new dynamodb.DynamoDBClient(aws).send(new dynamodb.DescribeTableCommand({ TableName: "t" })),
      () => new iam.IAMClient(aws).send(new iam.GetRoleCommand({ RoleName: "r" })),
      () => new lambda.LambdaClient(aws).send(new lambda.GetFunctionCommand({ FunctionName: "f" })),
      () => new cloudfront.CloudFrontClient(aws).send(new cloudfront.GetDistributionCommand({ Id: "E" })),
      () => new logs.CloudWatchLogsClient(aws).send(new logs.DescribeLogGroupsCommand({})),
    ];
    for (const send of tried) assert.equal(await outcome(send()), "AccessDeniedException");
    assert.equal(upstream.length, 0);
    assert.ok(injected.struck() > 0);
    injected.end();
    assert.equal(await outcome(new iam.IAMClient(aws).send(new iam.DeleteRoleCommand({ RoleName: "r" }))), "ok");
  });
});

test("a fault hits the calls it names, after so many and so often", async () => {
  await withProxy(async ({ proxy, aws }) => {
    const table = new dynamodb.DynamoDBClient(aws);
    const describe = (): Promise<string> => outcome(table.send(new dynamodb.DescribeTableCommand({ TableName: "t" })));
    proxy.inject({ action: "DescribeTable", effect: EXPIRED_TOKEN, after: 1, times: 2 });
    assert.notEqual(await describe(), "ExpiredTokenException");
    assert.equal((await outcome(table.send(new dynamodb.ListTablesCommand({})))) === "ExpiredTokenException", false);
    assert.equal(await describe(), "ExpiredTokenException");
    assert.equal(await describe(), "ExpiredTokenException");
    assert.notEqual(await describe(), "ExpiredTokenException");
    for (const [effect, status] of [
      [THROTTLED, 429],
      [SERVICE_UNAVAILABLE, 503],
    ] as const) {
      const injected = proxy.inject({ effect });
      const since = proxy.position();
      await describe();
      assert.equal(proxy.calls({ since })[0]?.status, status);
      assert.ok(injected.struck() > 0);
      injected.end();
    }
  });
});

test("a cut connection is an error to the client after exactly the bytes before the cut", async () => {
  await withProxy(async ({ proxy }) => {
    proxy.inject({ action: "GetObject", effect: { kind: "reset", afterBytes: 100_000 } });
    const credential = { authorization: "AWS4-HMAC-SHA256 Credential=K/20260101/us-east-1/s3/aws4_request" };
    let received = 0;
    const code = await new Promise<string>((resolve) => {
      const request = httpRequest(`${proxy.endpoint}/b/big`, { headers: credential }, (response) => {
        response.on("data", (chunk: Buffer) => {
          received += chunk.length;
        });
        response.on("error", (error: NodeJS.ErrnoException) => resolve(String(error.code)));
        response.on("end", () => resolve("end"));
      });
      request.on("error", (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      request.end();
    });
    assert.equal(code, "ECONNRESET");
    assert.ok(received <= 100_000, `${received} bytes`);
  });
});

test("a stalled call never answers, counts at once, and does not keep the proxy from stopping", async () => {
  await withProxy(async ({ proxy, aws }) => {
    proxy.inject({ service: "iam", effect: { kind: "stall" } });
    const roles = new iam.IAMClient(aws);
    const pending = outcome(roles.send(new iam.DeleteRoleCommand({ RoleName: "r" })));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.deepEqual(
      proxy.mutations().map(({ action, status }) => [action, status]),
      [["DeleteRole", 0]],
    );
    assert.equal(await Promise.race([pending, Promise.resolve("waiting")]), "waiting");
    await proxy.stop();
    assert.notEqual(await pending, "ok");
  });
});

test("an emulator that is gone looks like a broken connection, and the call is written down", async () => {
  const folder = await mkdtemp(join(tmpdir(), "proxy-test-"));
  const proxy = await startProxy({ target: "http://127.0.0.1:9", logFile: join(folder, "calls.jsonl") });
  const aws = { ...clientSettings(proxy.endpoint, "us-east-1"), maxAttempts: 1 };
  assert.notEqual(await outcome(new sts.STSClient(aws).send(new sts.GetCallerIdentityCommand({}))), "ok");
  await proxy.stop();
  assert.match(await readFile(join(folder, "calls.jsonl"), "utf8"), /"status":0,.*"problem":"connect ECONNREFUSED/);
  await rm(folder, { recursive: true });
});

test("it stands only before an emulator on this machine", async () => {
  await assert.rejects(
    startProxy({ target: "https://sts.amazonaws.com", logFile: "/nowhere" }),
    /not an address of this machine/,
  );
});

test.run();
