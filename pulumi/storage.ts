import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "./names";

/** What the rest of the pipeline needs of the storage, whoever owns it. */
export interface StorageOutputs {
  readonly tableArn: pulumi.Output<string>;
  readonly streamArn: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly bucketRegionalDomainName: pulumi.Output<string>;
}

export interface StorageArgs {
  readonly names: Names;
}

/** What a person puts in, and what comes out: the requests and the audio. Everything else can be made again. */
export class Storage extends pulumi.ComponentResource implements StorageOutputs {
  readonly tableArn: pulumi.Output<string>;
  readonly streamArn: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  readonly bucketRegionalDomainName: pulumi.Output<string>;

  constructor(name: string, { names }: StorageArgs, options?: pulumi.ComponentResourceOptions) {
    super("text-to-speech:index:Storage", name, {}, options);

    const requests = requestTable(names, this);
    const audio = audioBucket(names, this);
    keepPrivate(audio, this);
    keepVersions(audio, this);
    encrypt(audio, this);

    this.tableArn = requests.arn;
    this.streamArn = requests.streamArn;
    this.bucketName = audio.bucket;
    this.bucketArn = audio.arn;
    this.bucketRegionalDomainName = audio.bucketRegionalDomainName;
    this.registerOutputs({
      tableArn: this.tableArn,
      streamArn: this.streamArn,
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      bucketRegionalDomainName: this.bucketRegionalDomainName,
    });
  }
}

const requestTable = (names: Names, parent: pulumi.Resource): aws.dynamodb.Table =>
  new aws.dynamodb.Table(
    "requests",
    {
      name: names.table,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "Id",
      streamEnabled: true,
      streamViewType: "NEW_IMAGE", // The function speaks the new text and never needs the old.
      deletionProtectionEnabled: true,
      attributes: [{ name: "Id", type: "N" }],
      pointInTimeRecovery: { enabled: true },
    },
    { parent, protect: true },
  );

const audioBucket = (names: Names, parent: pulumi.Resource): aws.s3.BucketV2 =>
  new aws.s3.BucketV2("audio", { bucket: names.bucket }, { parent, protect: true });

const keepPrivate = (audio: aws.s3.BucketV2, parent: pulumi.Resource): aws.s3.BucketPublicAccessBlock =>
  new aws.s3.BucketPublicAccessBlock(
    "audio",
    {
      bucket: audio.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    { parent },
  );

const keepVersions = (audio: aws.s3.BucketV2, parent: pulumi.Resource): aws.s3.BucketVersioningV2 =>
  new aws.s3.BucketVersioningV2(
    "audio",
    { bucket: audio.bucket, versioningConfiguration: { status: "Enabled" } },
    { parent },
  );

const encrypt = (audio: aws.s3.BucketV2, parent: pulumi.Resource): aws.s3.BucketServerSideEncryptionConfigurationV2 =>
  new aws.s3.BucketServerSideEncryptionConfigurationV2(
    "audio",
    { bucket: audio.bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    { parent },
  );
