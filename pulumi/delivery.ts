import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Names } from "./names";
import type { StorageOutputs } from "./storage";

/** What the rest needs of the delivery module, whoever owns it. */
export interface DeliveryOutputs {
  readonly audioUrl: pulumi.Output<string>;
}

export interface DeliveryArgs {
  /** The pipeline's name, for a person who reads the list of distributions. */
  readonly name: string;
  readonly names: Names;
  readonly storage: StorageOutputs;
}

const ORIGIN_ID = "audio";
/** AWS's managed policy CachingOptimized: caches by path alone, for a day unless the object says otherwise. */
const CACHE_POLICY_ID = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/** From the audio in the bucket to its listeners. */
export class Delivery extends pulumi.ComponentResource implements DeliveryOutputs {
  readonly audioUrl: pulumi.Output<string>;

  constructor(name: string, args: DeliveryArgs, options?: pulumi.ComponentResourceOptions) {
    super("text-to-speech:index:Delivery", name, {}, options);

    const accessControl = originAccessControl(args, this);
    const distribution = audioDistribution(args, accessControl, this);
    audioBucketPolicy(args, distribution, this);

    this.audioUrl = pulumi.interpolate`https://${distribution.domainName}`;
    this.registerOutputs({ audioUrl: this.audioUrl });
  }
}

const originAccessControl = (
  { names, storage }: DeliveryArgs,
  parent: pulumi.Resource,
): aws.cloudfront.OriginAccessControl =>
  new aws.cloudfront.OriginAccessControl(
    "audio",
    {
      name: names.originAccessControl,
      description: pulumi.interpolate`Lets the distribution read ${storage.bucketName}`,
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    },
    { parent },
  );

const audioDistribution = (
  { name, storage }: DeliveryArgs,
  accessControl: aws.cloudfront.OriginAccessControl,
  parent: pulumi.Resource,
): aws.cloudfront.Distribution =>
  new aws.cloudfront.Distribution(
    "audio",
    {
      comment: `Spoken requests of ${name}`,
      enabled: true,
      isIpv6Enabled: true,
      httpVersion: "http2and3",
      priceClass: "PriceClass_100",
      origins: [
        {
          originId: ORIGIN_ID,
          domainName: storage.bucketRegionalDomainName,
          originAccessControlId: accessControl.id,
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: ORIGIN_ID,
        viewerProtocolPolicy: "redirect-to-https",
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        cachePolicyId: CACHE_POLICY_ID,
        compress: false, // mp3 is compressed already
      },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
    },
    { parent },
  );

/** Lets this distribution, and no other, read the audio. */
export const serveThrough = (bucketArn: string, distributionArn: string): aws.iam.PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "ServeThroughThisDistributionOnly",
      Effect: "Allow",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${bucketArn}/*`,
      Condition: { StringEquals: { "AWS:SourceArn": distributionArn } },
    },
  ],
});

const audioBucketPolicy = (
  { storage }: DeliveryArgs,
  distribution: aws.cloudfront.Distribution,
  parent: pulumi.Resource,
): aws.s3.BucketPolicy =>
  new aws.s3.BucketPolicy(
    "audio",
    {
      bucket: storage.bucketName,
      policy: pulumi
        .all([storage.bucketArn, distribution.arn])
        .apply(([bucketArn, distributionArn]) => JSON.stringify(serveThrough(bucketArn, distributionArn))),
    },
    { parent },
  );
