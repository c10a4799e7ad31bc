import { TYPES } from "../rules";
import type { Cases, Pipeline } from "./pipeline";

const { bucketPolicy, distribution, originAccessControl } = TYPES;

const serve = (pipeline: Pipeline, change: Record<string, unknown>): void =>
  pipeline.edit(bucketPolicy, "policy", ([statement]) => Object.assign(statement, change));

export const deliveryCases: Cases = {
  "distribution-only-https": [
    {
      broken: "HTTP as well",
      by: (p) => p.set(distribution, { defaultCacheBehavior: { viewerProtocolPolicy: "allow-all" } }),
      says: /allow-all/,
    },
    {
      broken: "HTTP on one path",
      by: (p) => p.set(distribution, { orderedCacheBehaviors: [{ viewerProtocolPolicy: "allow-all" }] }),
      says: /allow-all/,
    },
    { broken: "no behaviour", by: (p) => p.set(distribution, { defaultCacheBehavior: undefined }), says: /missing/ },
  ],
  "distribution-signs-requests": [
    {
      broken: "an unsigned origin",
      by: (p) => p.set(distribution, { origins: [{ originId: "audio" }] }),
      says: /origin audio/,
    },
    { broken: "no origin", by: (p) => p.set(distribution, { origins: [] }), says: /origins is empty/ },
  ],
  "origin-access-control-signs": [
    { broken: "no signature", by: (p) => p.set(originAccessControl, { signingBehavior: "never" }), says: /never/ },
    {
      broken: "a listener's own",
      by: (p) => p.set(originAccessControl, { signingBehavior: "no-override" }),
      says: /no-override/,
    },
    { broken: "another protocol", by: (p) => p.set(originAccessControl, { signingProtocol: "sigv2" }), says: /sigv2/ },
  ],
  "bucket-served-to-cloudfront-alone": [
    { broken: "everybody", by: (p) => serve(p, { Principal: "*" }), says: /allows \*/ },
    { broken: "writing", by: (p) => serve(p, { Action: ["s3:GetObject", "s3:PutObject"] }), says: /s3:PutObject/ },
    {
      broken: "the bucket itself",
      by: (p) => serve(p, { Resource: "arn:aws:s3:::ttsslsguru-audio" }),
      says: /opens arn/,
    },
    { broken: "all but one", by: (p) => serve(p, { NotPrincipal: { AWS: "1" } }), says: /NotPrincipal/ },
  ],
  "bucket-served-through-this-distribution": [
    { broken: "every distribution", by: (p) => serve(p, { Condition: undefined }), says: /serves anybody/ },
    {
      broken: "another distribution",
      by: (p) =>
        serve(p, {
          Condition: { StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::111111111111:distribution/OTHER" } },
        }),
      says: /OTHER/,
    },
    { broken: "a distribution that is gone", by: (p) => p.drop(distribution), says: /expected no one/ },
  ],
};
