import type {
  PolicyResource,
  PolicyResourceOptions,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";

/** Type tokens that policies speak of. */
export const TYPES = {
  table: "aws:dynamodb/table:Table",
  bucket: "aws:s3/bucketV2:BucketV2",
  publicAccessBlock: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  encryption: "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
  versioning: "aws:s3/bucketVersioningV2:BucketVersioningV2",
  bucketPolicy: "aws:s3/bucketPolicy:BucketPolicy",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  queue: "aws:sqs/queue:Queue",
  function: "aws:lambda/function:Function",
  mapping: "aws:lambda/eventSourceMapping:EventSourceMapping",
  originAccessControl: "aws:cloudfront/originAccessControl:OriginAccessControl",
  distribution: "aws:cloudfront/distribution:Distribution",
} as const;

export type Report = (message: string) => void;

interface Named {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
}

/** A policy on each resource of some types. It runs before the resource is made, so a violation makes nothing. */
export const resourcePolicy = <Properties>(
  { name, description }: Named,
  types: readonly string[],
  check: (properties: Properties, report: Report, resource: { type: string; opts: PolicyResourceOptions }) => void,
): ResourceValidationPolicy => ({
  name,
  description,
  enforcementLevel: "mandatory",
  validateResource: (args, report) => {
    if (types.includes(args.type)) check(args.props as Properties, report, args);
  },
});

/** A policy across the resources of the stack. */
export const stackPolicy = (
  { name, description }: Named,
  check: (stack: Stack, report: ReportViolation) => void,
): StackValidationPolicy => ({
  name,
  description,
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => check(new Stack(resources), report),
});

/** The resources of a stack, by type. */
export class Stack {
  constructor(private readonly resources: readonly PolicyResource[]) {}

  /** Properties and URN of each resource of a type. */
  all<Properties>(type: string): readonly { readonly props: Properties; readonly urn: string }[] {
    return this.resources.filter((resource) => resource.type === type) as never;
  }
}
