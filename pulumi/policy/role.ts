import { allowing, hasWildcard, literal, type Statement, statementsOf } from "./documents";
import { resourcePolicy, TYPES } from "./rules";
import { type PolicySettings, policySettings } from "./settings";

interface RolePolicy {
  readonly policy: string;
}

interface Role {
  readonly assumeRolePolicy: string;
  readonly managedPolicyArns?: readonly string[];
  readonly inlinePolicies?: readonly { readonly policy?: string }[];
}

interface Scope {
  readonly words: string;
  readonly arn: RegExp;
}

/** Each action the function needs, and the only resources it may have it on. */
const design = ({ name, region }: PolicySettings): ReadonlyMap<string, Scope> => {
  const scope = (words: string, service: string, rest: string): Scope => ({
    words,
    arn: new RegExp(`^arn:aws[a-z-]*:${service}:${literal(region)}:\\d{12}:${rest}$`),
  });
  const anything = { words: "*, as Polly has no resources to name", arn: /^\*$/ };
  const objects = {
    words: `the objects of ${name}-audio`,
    arn: new RegExp(`^arn:aws[a-z-]*:s3:::${literal(name)}-audio/\\*$`),
  };
  const stream = scope(`the stream of table ${name}`, "dynamodb", `table/${literal(name)}/stream/[^*?/]+`);
  const log = scope(`the log of ${name}-speak`, "logs", `log-group:/aws/lambda/${literal(name)}-speak:\\*`);
  return new Map([
    ["polly:SynthesizeSpeech", anything],
    ["s3:GetObject", objects],
    ["s3:PutObject", objects],
    ["dynamodb:DescribeStream", stream],
    ["dynamodb:GetRecords", stream],
    ["dynamodb:GetShardIterator", stream],
    ["dynamodb:ListStreams", stream],
    ["logs:CreateLogStream", log],
    ["logs:PutLogEvents", log],
    ["sqs:SendMessage", scope(`the queue ${name}-failed`, "sqs", `${literal(name)}-failed`)],
  ]);
};

const allows = (statement: Statement, action: string, scope: Scope | undefined): boolean =>
  statement.actions.includes(action) && statement.resources.some((resource) => scope?.arn.test(resource));

export const roleSpeaksAndStores = resourcePolicy<RolePolicy>(
  { name: "role-speaks-and-stores", description: "The role's policy allows polly:SynthesizeSpeech and s3:PutObject." },
  [TYPES.rolePolicy],
  ({ policy }, report) => {
    const wanted = design(policySettings());
    for (const action of ["polly:SynthesizeSpeech", "s3:PutObject"]) {
      if (!allowing(statementsOf(policy)).some((statement) => allows(statement, action, wanted.get(action))))
        report(`policy does not allow ${action} where the function needs it.`);
    }
  },
);

export const roleWithoutWildcardAction = resourcePolicy<RolePolicy>(
  { name: "role-without-wildcard-action", description: "The role's policy names each action in full." },
  [TYPES.rolePolicy],
  ({ policy }, report) => {
    for (const { actions, inverted } of statementsOf(policy)) {
      for (const action of actions.filter(hasWildcard))
        report(`policy names the action ${action}; expected no wildcard.`);
      for (const key of inverted) report(`policy uses ${key}, which allows whatever it does not name.`);
    }
  },
);

export const roleWithinDesign = resourcePolicy<RolePolicy>(
  {
    name: "role-within-design",
    description: "The role's policy allows nothing beyond the design's actions and resources.",
  },
  [TYPES.rolePolicy],
  ({ policy }, report) => {
    const wanted = design(policySettings());
    for (const { actions, resources } of allowing(statementsOf(policy))) {
      for (const action of actions) {
        const scope = wanted.get(action);
        if (!scope) report(`policy allows ${action}, which the function does not need.`);
        for (const resource of resources)
          if (scope && !scope.arn.test(resource))
            report(`policy allows ${action} on ${resource}; expected ${scope.words}.`);
      }
    }
  },
);

export const pollyInOneRegion = resourcePolicy<RolePolicy>(
  { name: "polly-in-one-region", description: "The role may call Polly in the stack's region alone." },
  [TYPES.rolePolicy],
  ({ policy }, report) => {
    const { region } = policySettings();
    for (const { actions, conditions } of allowing(statementsOf(policy))) {
      const bound = [conditions.StringEquals?.["aws:RequestedRegion"]].flat();
      if (actions.some((action) => action.startsWith("polly:")) && !(bound.length === 1 && bound[0] === region))
        report(`policy allows Polly without the condition aws:RequestedRegion = ${region}.`);
    }
  },
);

export const roleTrustedByLambdaAlone = resourcePolicy<Role>(
  { name: "role-trusted-by-lambda-alone", description: "Nobody but Lambda may take the role." },
  [TYPES.role],
  ({ assumeRolePolicy }, report) => {
    for (const { principals, inverted } of allowing(statementsOf(assumeRolePolicy))) {
      const others = principals.filter((principal) => principal !== "Service:lambda.amazonaws.com");
      for (const other of [...others, ...inverted]) report(`assumeRolePolicy trusts ${other}; expected Lambda alone.`);
    }
  },
);

const ATTACHMENTS = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  "aws:iam/policyAttachment:PolicyAttachment",
];

export const roleHasNoOtherPolicy = resourcePolicy<Role>(
  { name: "role-has-no-other-policy", description: "The role gets its rights from its own checked policy alone." },
  [TYPES.role, ...ATTACHMENTS],
  ({ managedPolicyArns, inlinePolicies }, report, { type }) => {
    if (ATTACHMENTS.includes(type)) report("a policy is attached to a role; expected the role's own policy alone.");
    if (managedPolicyArns?.length) report(`managedPolicyArns adds ${managedPolicyArns.join(", ")}; expected none.`);
    if (inlinePolicies?.some(({ policy }) => policy)) report("inlinePolicies adds rights; expected none.");
  },
);

export const rolePolicies = [
  roleSpeaksAndStores,
  roleWithoutWildcardAction,
  roleWithinDesign,
  pollyInOneRegion,
  roleTrustedByLambdaAlone,
  roleHasNoOtherPolicy,
];
