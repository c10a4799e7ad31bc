import { resourcePolicy, stackPolicy, TYPES } from "./rules";

interface PublicAccessBlock {
  readonly [setting: string]: unknown;
}

interface Versioning {
  readonly versioningConfiguration?: { readonly status?: string };
}

interface Encryption {
  readonly rules?: readonly { readonly applyServerSideEncryptionByDefault?: { readonly sseAlgorithm?: string } }[];
}

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
const ALGORITHMS = ["AES256", "aws:kms", "aws:kms:dsse"];

export const bucketIsPrivate = resourcePolicy<PublicAccessBlock>(
  { name: "bucket-is-private", description: "The bucket refuses every kind of public access." },
  [TYPES.publicAccessBlock],
  (properties, report) => {
    for (const block of BLOCKS) if (properties[block] !== true) report(`${block} must be true.`);
  },
);

export const bucketKeepsVersions = resourcePolicy<Versioning>(
  { name: "bucket-keeps-versions", description: "The bucket keeps every version of an object." },
  [TYPES.versioning],
  ({ versioningConfiguration }, report) => {
    const status = versioningConfiguration?.status;
    if (status !== "Enabled") report(`versioningConfiguration.status is ${status ?? "missing"}; expected Enabled.`);
  },
);

export const bucketIsEncrypted = resourcePolicy<Encryption>(
  { name: "bucket-is-encrypted", description: "The bucket encrypts what is stored." },
  [TYPES.encryption],
  ({ rules = [] }, report) => {
    const algorithms = rules.map((rule) => rule.applyServerSideEncryptionByDefault?.sseAlgorithm ?? "missing");
    if (algorithms.length === 0) report("rules is empty; expected one with an algorithm.");
    for (const algorithm of algorithms)
      if (!ALGORITHMS.includes(algorithm))
        report(`sseAlgorithm is ${algorithm}; expected one of ${ALGORITHMS.join(", ")}.`);
  },
);

/** What is missing altogether has no properties to look at, hence a policy across the stack. */
export const bucketIsComplete = stackPolicy(
  { name: "bucket-is-complete", description: "Each bucket has its access block, versioning and encryption." },
  (stack, report) => {
    for (const { props, urn } of stack.all<{ readonly bucket?: string }>(TYPES.bucket)) {
      for (const [part, type] of Object.entries({
        "public access block": TYPES.publicAccessBlock,
        versioning: TYPES.versioning,
        encryption: TYPES.encryption,
      })) {
        const parts = stack.all<{ readonly bucket?: string }>(type);
        if (!parts.some((other) => other.props.bucket === props.bucket))
          report(`bucket ${props.bucket} has no ${part}.`, urn);
      }
    }
  },
);

export const bucketPolicies = [bucketIsPrivate, bucketKeepsVersions, bucketIsEncrypted, bucketIsComplete];
