import { TYPES } from "../rules";
import type { Cases } from "./pipeline";

const { encryption, publicAccessBlock, versioning } = TYPES;

export const bucketCases: Cases = {
  "bucket-is-private": [
    {
      broken: "public policies",
      by: (p) => p.set(publicAccessBlock, { blockPublicPolicy: false }),
      says: /blockPublicPolicy/,
    },
    {
      broken: "public lists",
      by: (p) => p.set(publicAccessBlock, { blockPublicAcls: undefined }),
      says: /blockPublicAcls/,
    },
    {
      broken: "obeyed lists",
      by: (p) => p.set(publicAccessBlock, { ignorePublicAcls: false }),
      says: /ignorePublicAcls/,
    },
    {
      broken: "public buckets",
      by: (p) => p.set(publicAccessBlock, { restrictPublicBuckets: false }),
      says: /restrictPublic/,
    },
  ],
  "bucket-keeps-versions": [
    {
      broken: "suspended versions",
      by: (p) => p.set(versioning, { versioningConfiguration: { status: "Suspended" } }),
      says: /Suspended/,
    },
    { broken: "no status", by: (p) => p.set(versioning, { versioningConfiguration: undefined }), says: /missing/ },
  ],
  "bucket-is-encrypted": [
    { broken: "no rule", by: (p) => p.set(encryption, { rules: [] }), says: /rules is empty/ },
    {
      broken: "a rule without algorithm",
      by: (p) => p.set(encryption, { rules: [{}] }),
      says: /sseAlgorithm is missing/,
    },
    {
      broken: "an unknown algorithm",
      by: (p) => p.set(encryption, { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "ROT13" } }] }),
      says: /ROT13/,
    },
  ],
  "bucket-is-complete": [
    { broken: "no access block", by: (p) => p.drop(publicAccessBlock), says: /no public access block/ },
    { broken: "no versioning", by: (p) => p.drop(versioning), says: /no versioning/ },
    {
      broken: "the encryption of another bucket",
      by: (p) => p.set(encryption, { bucket: "other" }),
      says: /no encryption/,
    },
  ],
};
