import { allowing, statementsOf } from "./documents";
import { resourcePolicy, stackPolicy, TYPES } from "./rules";
import { policySettings } from "./settings";

interface Behavior {
  readonly viewerProtocolPolicy?: string;
}

interface Distribution {
  readonly arn?: string;
  readonly defaultCacheBehavior?: Behavior;
  readonly orderedCacheBehaviors?: readonly Behavior[];
  readonly origins?: readonly { readonly originId?: string; readonly originAccessControlId?: string }[];
}

interface OriginAccessControl {
  readonly signingBehavior?: string;
  readonly signingProtocol?: string;
}

interface BucketPolicy {
  readonly policy: string;
}

const ENCRYPTED = ["https-only", "redirect-to-https"];

export const distributionOnlyHttps = resourcePolicy<Distribution>(
  { name: "distribution-only-https", description: "The distribution serves over HTTPS alone." },
  [TYPES.distribution],
  ({ defaultCacheBehavior, orderedCacheBehaviors = [] }, report) => {
    for (const behavior of [defaultCacheBehavior, ...orderedCacheBehaviors]) {
      const policy = behavior?.viewerProtocolPolicy ?? "missing";
      if (!ENCRYPTED.includes(policy)) report(`viewerProtocolPolicy is ${policy}; expected ${ENCRYPTED.join(" or ")}.`);
    }
  },
);

export const distributionSignsRequests = resourcePolicy<Distribution>(
  {
    name: "distribution-signs-requests",
    description: "The distribution reaches each origin through an origin access control.",
  },
  [TYPES.distribution],
  ({ origins = [] }, report) => {
    if (origins.length === 0) report("origins is empty; expected the bucket.");
    for (const { originId, originAccessControlId } of origins)
      if (!originAccessControlId) report(`origin ${originId} has no originAccessControlId.`);
  },
);

export const originAccessControlSigns = resourcePolicy<OriginAccessControl>(
  { name: "origin-access-control-signs", description: "The origin access control signs every request with SigV4." },
  [TYPES.originAccessControl],
  ({ signingBehavior, signingProtocol }, report) => {
    if (signingBehavior !== "always") report(`signingBehavior is ${signingBehavior}; expected always.`);
    if (signingProtocol !== "sigv4") report(`signingProtocol is ${signingProtocol}; expected sigv4.`);
  },
);

export const bucketServedToCloudfrontAlone = resourcePolicy<BucketPolicy>(
  {
    name: "bucket-served-to-cloudfront-alone",
    description: "The bucket's policy lets CloudFront read its objects, and no more.",
  },
  [TYPES.bucketPolicy],
  ({ policy }, report) => {
    const objects = new RegExp(`^arn:aws[a-z-]*:s3:::${policySettings().name}-audio/\\*$`);
    for (const { principals, actions, resources, inverted } of allowing(statementsOf(policy))) {
      if (principals.join() !== "Service:cloudfront.amazonaws.com")
        report(`policy allows ${principals.join()}; expected CloudFront alone.`);
      if (actions.join() !== "s3:GetObject") report(`policy allows ${actions.join()}; expected s3:GetObject alone.`);
      if (!resources.every((resource) => objects.test(resource)))
        report(`policy opens ${resources.join()}; expected the bucket's objects.`);
      for (const key of inverted) report(`policy uses ${key}, which allows whatever it does not name.`);
    }
  },
);

export const bucketServedThroughThisDistribution = stackPolicy(
  {
    name: "bucket-served-through-this-distribution",
    description: "The bucket's policy names this stack's distribution.",
  },
  (stack, report) => {
    const distributions = stack.all<Distribution>(TYPES.distribution).map(({ props }) => props.arn);
    for (const { props, urn } of stack.all<BucketPolicy>(TYPES.bucketPolicy)) {
      for (const { conditions } of allowing(statementsOf(props.policy))) {
        const sources = [conditions.StringEquals?.["AWS:SourceArn"] ?? "anybody"].flat();
        if (!sources.every((source) => distributions.includes(String(source))))
          report(`policy serves ${sources.join(", ")}; expected ${distributions.join(", ") || "no one"}.`, urn);
      }
    }
  },
);

export const deliveryPolicies = [
  distributionOnlyHttps,
  distributionSignsRequests,
  originAccessControlSigns,
  bucketServedToCloudfrontAlone,
  bucketServedThroughThisDistribution,
];
