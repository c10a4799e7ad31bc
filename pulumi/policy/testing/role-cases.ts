import { TYPES } from "../rules";
import type { Cases, Pipeline } from "./pipeline";

const { role, rolePolicy } = TYPES;

interface Editable {
  Sid: string;
  Effect: string;
  Action: string | string[];
  NotAction?: string;
  Resource: string;
  Principal: unknown;
  Condition: unknown;
}

const statement = (pipeline: Pipeline, sid: string, change: Partial<Editable>): void =>
  pipeline.edit(rolePolicy, "policy", (statements: Editable[]) => {
    Object.assign(statements.find(({ Sid }) => Sid === sid) as Editable, change);
  });

const grant = (pipeline: Pipeline, Action: string, Resource: string): void =>
  pipeline.edit(rolePolicy, "policy", (statements) => statements.push({ Effect: "Allow", Action, Resource }));

const trust = (pipeline: Pipeline, Principal: unknown): void =>
  pipeline.edit(role, "assumeRolePolicy", ([first]) => {
    first.Principal = Principal;
  });

export const roleCases: Cases = {
  "role-speaks-and-stores": [
    {
      broken: "no right to store",
      by: (p) => statement(p, "StoreAudio", { Action: "s3:GetObject" }),
      says: /s3:PutObject/,
    },
    {
      broken: "no right to speak",
      by: (p) => statement(p, "Speak", { Effect: "Deny" }),
      says: /polly:SynthesizeSpeech/,
    },
    {
      broken: "the right to store in another bucket",
      by: (p) => statement(p, "StoreAudio", { Resource: "arn:aws:s3:::another-audio/*" }),
      says: /does not allow s3:PutObject/,
    },
  ],
  "role-without-wildcard-action": [
    { broken: "all of S3", by: (p) => statement(p, "StoreAudio", { Action: "s3:*" }), says: /the action s3:\*/ },
    {
      broken: "some of S3",
      by: (p) => statement(p, "StoreAudio", { Action: ["s3:PutObject", "s3:Get*"] }),
      says: /s3:Get\*/,
    },
    {
      broken: "one letter open",
      by: (p) => statement(p, "StoreAudio", { Action: "s3:?etObject" }),
      says: /the action s3:\?etObject/,
    },
    { broken: "all but one action", by: (p) => statement(p, "Speak", { NotAction: "iam:*" }), says: /uses NotAction/ },
  ],
  "role-within-design": [
    {
      broken: "an action too many",
      by: (p) => grant(p, "s3:DeleteObject", "arn:aws:s3:::ttsslsguru-audio/*"),
      says: /s3:DeleteObject/,
    },
    { broken: "every bucket", by: (p) => statement(p, "StoreAudio", { Resource: "*" }), says: /s3:PutObject on \*/ },
    {
      broken: "prod's stream",
      by: (p) =>
        statement(p, "ReadRequests", {
          Resource: "arn:aws:dynamodb:us-east-1:111111111111:table/prod-ttsslsguru/stream/1",
        }),
      says: /table\/prod-ttsslsguru/,
    },
    {
      broken: "every stream of the table",
      by: (p) =>
        statement(p, "ReadRequests", { Resource: "arn:aws:dynamodb:us-east-1:111111111111:table/ttsslsguru/stream/*" }),
      says: /stream\/\*/,
    },
    {
      broken: "another queue",
      by: (p) => grant(p, "sqs:SendMessage", "arn:aws:sqs:us-east-1:111111111111:other"),
      says: /:other/,
    },
  ],
  "polly-in-one-region": [
    {
      broken: "no condition",
      by: (p) => statement(p, "Speak", { Condition: undefined }),
      says: /without the condition/,
    },
    {
      broken: "a second region",
      by: (p) =>
        statement(p, "Speak", { Condition: { StringEquals: { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] } } }),
      says: /aws:RequestedRegion = us-east-1/,
    },
  ],
  "role-trusted-by-lambda-alone": [
    {
      broken: "an account as well",
      by: (p) => trust(p, { Service: "lambda.amazonaws.com", AWS: "222222222222" }),
      says: /AWS:222222222222/,
    },
    { broken: "anybody", by: (p) => trust(p, "*"), says: /trusts \*/ },
    {
      broken: "another service",
      by: (p) => trust(p, { Service: ["lambda.amazonaws.com", "ec2.amazonaws.com"] }),
      says: /ec2/,
    },
  ],
  "role-has-no-other-policy": [
    {
      broken: "an attached policy",
      by: (p) => p.add("aws:iam/rolePolicyAttachment:RolePolicyAttachment", { role: "ttsslsguru-speak" }),
      says: /is attached/,
    },
    {
      broken: "a managed policy",
      by: (p) => p.set(role, { managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }),
      says: /AdministratorAccess/,
    },
    {
      broken: "an inline policy",
      by: (p) => p.set(role, { inlinePolicies: [{ name: "x", policy: "{}" }] }),
      says: /inlinePolicies/,
    },
  ],
};
