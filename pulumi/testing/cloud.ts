import { namesFor } from "../names";

/** What AWS adds to what it is told, for one account and region. */
export interface Cloud {
  readonly account: string;
  readonly region: string;
}

type Inputs = Readonly<Record<string, unknown>>;
type Attributes = Readonly<Record<string, string>>;

const STREAM = "2026-01-01T00:00:00.000";
const DISTRIBUTION = "E2EXAMPLE";
const DOMAIN = "d111111abcdef8.cloudfront.net";

const bucketAttributes = (bucket: unknown, { region }: Cloud): Attributes => ({
  id: String(bucket),
  arn: `arn:aws:s3:::${bucket}`,
  bucketRegionalDomainName: `${bucket}.s3.${region}.amazonaws.com`,
});

const tableArn = (name: unknown, { account, region }: Cloud): string =>
  `arn:aws:dynamodb:${region}:${account}:table/${name}`;

const computed: Readonly<Record<string, (inputs: Inputs, cloud: Cloud) => Attributes>> = {
  "aws:dynamodb/table:Table": ({ name }, cloud) => ({
    arn: tableArn(name, cloud),
    streamArn: `${tableArn(name, cloud)}/stream/${STREAM}`,
  }),
  "aws:s3/bucketV2:BucketV2": ({ bucket }, cloud) => bucketAttributes(bucket, cloud),
  "aws:cloudwatch/logGroup:LogGroup": ({ name }, { account, region }) => ({
    arn: `arn:aws:logs:${region}:${account}:log-group:${name}`,
  }),
  "aws:sqs/queue:Queue": ({ name }, { account, region }) => ({
    arn: `arn:aws:sqs:${region}:${account}:${name}`,
    url: `https://sqs.${region}.amazonaws.com/${account}/${name}`,
  }),
  "aws:iam/role:Role": ({ name }, { account }) => ({ arn: `arn:aws:iam::${account}:role/${name}` }),
  "aws:lambda/function:Function": ({ name }, { account, region }) => ({
    arn: `arn:aws:lambda:${region}:${account}:function:${name}`,
  }),
  "aws:cloudfront/distribution:Distribution": (_, { account }) => ({
    arn: `arn:aws:cloudfront::${account}:distribution/${DISTRIBUTION}`,
    domainName: DOMAIN,
  }),
};

/** The attributes that only AWS can give, as it would give them. */
export const attributesOf = (type: string, inputs: Inputs, cloud: Cloud): Attributes =>
  computed[type]?.(inputs, cloud) ?? {};

/** The outputs of Terraform's state for a pipeline of this name. */
export const outputsOf = (name: string, cloud: Cloud): Record<string, string> => {
  const names = namesFor(name);
  return {
    tableArn: tableArn(names.table, cloud),
    streamArn: `${tableArn(names.table, cloud)}/stream/${STREAM}`,
    bucketName: names.bucket,
    bucketArn: `arn:aws:s3:::${names.bucket}`,
    bucketRegionalDomainName: `${names.bucket}.s3.${cloud.region}.amazonaws.com`,
    lambdaArn: `arn:aws:lambda:${cloud.region}:${cloud.account}:function:${names.function}`,
    audioUrl: `https://${DOMAIN}`,
  };
};
