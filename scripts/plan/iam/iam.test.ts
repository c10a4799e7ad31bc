import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "uvu";
import { decide, type Request } from "./decide";
import { isPolicy, readPolicy } from "./document";
import { equivalent } from "./equivalent";
import { covers, matches, normalisePattern } from "./pattern";

const RUNS = { numRuns: 200 };

/** A policy variable, as text. */
const variable = (name: string): string => `\${${name}}`;

const statement = (change: object = {}): object => ({
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::b/*",
  ...change,
});
const policy = (...statements: object[]): object => ({ Version: "2012-10-17", Statement: statements });

const request = (change: Partial<Request> = {}): Request => ({
  principal: "AWS:arn:aws:iam::111111111111:role/r",
  action: "s3:GetObject",
  resource: "arn:aws:s3:::b/1.mp3",
  ...change,
});

// ------------------------------------------------------------------------------------------------ random documents

const pick = <T>(...items: T[]): fc.Arbitrary<T> => fc.constantFrom(...items);
const oneOrMany = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(item, fc.array(item, { minLength: 1, maxLength: 3 }));

const action = pick(
  "s3:GetObject",
  "s3:PutObject",
  "s3:*",
  "S3:getobject",
  "polly:SynthesizeSpeech",
  "s3:Get*",
  "*",
  "s3:?utObject",
);
const target = pick("*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/1.mp3", "arn:aws:s3:::*", "arn:aws:s3:::b/?.mp3");
const principal = pick<unknown>(
  "*",
  { AWS: "111111111111" },
  { Service: ["lambda.amazonaws.com", "s3.amazonaws.com"] },
  { AWS: ["*"] },
);
const condition = pick<unknown>(
  { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
  { StringEquals: { "AWS:requestedregion": ["us-east-1", "eu-west-1"] } },
  { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } },
  { "ForAnyValue:StringLike": { "aws:TagKeys": ["a*", "b"] } },
  { Bool: { "aws:SecureTransport": true } },
);

const randomStatement: fc.Arbitrary<Record<string, unknown>> = fc
  .record(
    {
      Effect: pick("Allow", "Deny"),
      negAction: fc.boolean(),
      negResource: fc.boolean(),
      Action: oneOrMany(action),
      Resource: oneOrMany(target),
      Principal: principal,
      Condition: condition,
      Sid: fc.string({ maxLength: 3 }),
    },
    { requiredKeys: ["Effect", "Action", "Resource", "negAction", "negResource"] },
  )
  .map(({ negAction, negResource, Action, Resource, ...rest }) => ({
    ...rest,
    [negAction ? "NotAction" : "Action"]: Action,
    [negResource ? "NotResource" : "Resource"]: Resource,
  }));

const randomPolicy = fc.array(randomStatement, { minLength: 1, maxLength: 4 });

const randomRequest: fc.Arbitrary<Request> = fc.record({
  principal: pick(
    "AWS:arn:aws:iam::111111111111:root",
    "Service:lambda.amazonaws.com",
    "Service:s3.amazonaws.com",
    "AWS:x",
  ),
  action: pick("s3:GetObject", "s3:PutObject", "S3:GETOBJECT", "polly:SynthesizeSpeech", "s3:GetBucket"),
  resource: pick("arn:aws:s3:::b/1.mp3", "arn:aws:s3:::b/12.mp3", "arn:aws:s3:::c/1.mp3"),
  context: pick<NonNullable<Request["context"]>>(
    {},
    { "aws:RequestedRegion": "us-east-1" },
    { "aws:RequestedRegion": "eu-west-1", "aws:SecureTransport": "true" },
    { "aws:TagKeys": ["abc", "c"] },
  ),
});

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

/** Ways to write the same statement, each chosen by a random number. */
const rewrite = (original: Record<string, unknown>, seed: number): Record<string, unknown>[] => {
  const { Sid: _, ...rest } = original;
  const entries = Object.entries(rest).map(([key, value]) =>
    /Action|Resource/.test(key)
      ? ([key, [...list(value), ...list(value)].reverse()] as const)
      : ([key, value] as const),
  );
  const wordy = Object.fromEntries(seed % 2 ? entries.reverse() : entries);
  if (seed % 3 !== 0 || !("Action" in wordy)) return [wordy, ...(seed % 5 === 0 ? [original] : [])];
  return list(wordy.Action).map((each) => ({ ...wordy, Action: each, Sid: `s${seed}` }));
};

const rewriteAll = (statements: Record<string, unknown>[], seed: number): object => {
  const written = statements.flatMap((each, index) => rewrite(each, seed + index));
  return policy(...(seed % 2 ? written.reverse() : written));
};

test("documents that are written differently are equivalent and decide alike", () => {
  fc.assert(
    fc.property(randomPolicy, fc.nat(1000), randomRequest, (statements, seed, asked) => {
      const [one, other] = [policy(...statements), rewriteAll(statements, seed)];
      assert.ok(equivalent(one, other), JSON.stringify([one, other], null, 1));
      assert.equal(decide(one, asked), decide(other, asked));
    }),
    RUNS,
  );
});

test("documents that are found equivalent decide every request alike", () => {
  fc.assert(
    fc.property(randomPolicy, randomPolicy, randomRequest, (a, b, asked) => {
      const [one, other] = [policy(...a), policy(...b)];
      if (equivalent(one, other)) assert.equal(decide(one, asked), decide(other, asked));
    }),
    { numRuns: 500 },
  );
});

test("an entry that another covers may come and go, and decisions stay", () => {
  fc.assert(
    fc.property(randomPolicy, randomRequest, (statements, asked) => {
      const wide = statement({ Action: ["s3:*"], Resource: "*" });
      const narrow = statement({ Action: "s3:PutObject", Condition: { Bool: { "aws:SecureTransport": "true" } } });
      const [one, other] = [policy(...statements, wide), policy(narrow, wide, ...statements)];
      assert.ok(equivalent(one, other));
      assert.equal(decide(one, asked), decide(other, asked));
    }),
    RUNS,
  );
});

const base = {
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: ["s3:GetObject", "s3:PutObject"],
  Resource: "arn:aws:s3:::b/*",
  Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
};

const { Condition: _condition, ...unconditional } = base;
const { Action: _action, ...actionless } = base;

/** Each with a request that tells the two documents apart, so that "different" is proven to be right. */
const mutations: readonly (readonly [what: string, changed: object, apart: Partial<Request>])[] = [
  ["an action dropped", { ...base, Action: "s3:GetObject" }, { action: "s3:PutObject" }],
  ["an action added", { ...base, Action: [...base.Action, "s3:DeleteObject"] }, { action: "s3:DeleteObject" }],
  ["an action widened", { ...base, Action: "s3:*" }, { action: "s3:ListBucket" }],
  ["the resource widened", { ...base, Resource: "*" }, { resource: "arn:aws:s3:::c/1" }],
  ["the resource narrowed", { ...base, Resource: "arn:aws:s3:::b/?" }, {}],
  ["the effect", { ...base, Effect: "Deny" }, {}],
  ["the principal", { ...base, Principal: { Service: "ec2.amazonaws.com" } }, {}],
  ["everybody", { ...base, Principal: "*" }, { principal: "AWS:x" }],
  ["the condition dropped", unconditional, { context: {} }],
  ["the condition's value", { ...base, Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } } }, {}],
  ["the condition's operator", { ...base, Condition: { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } } }, {}],
  ["the condition's key", { ...base, Condition: { StringEquals: { "aws:SourceAccount": "us-east-1" } } }, {}],
  ["a list turned round", { ...actionless, NotAction: base.Action }, {}],
];

for (const [what, changed, apart] of mutations) {
  test(`different: ${what}`, () => {
    const asked = request({
      principal: "Service:lambda.amazonaws.com",
      context: { "aws:RequestedRegion": "us-east-1" },
      ...apart,
    });
    assert.ok(!equivalent(policy(base), policy(changed)));
    assert.notEqual(decide(policy(base), asked), decide(policy(changed), asked));
  });
}

test("a condition that denies beside one that allows is not lost in another's shadow", () => {
  const allow = statement({ Action: "*", Resource: "*" });
  const deny = statement({ Effect: "Deny", Action: "s3:GetObject" });
  assert.ok(!equivalent(policy(allow), policy(allow, deny)));
  assert.equal(decide(policy(allow, deny), request()), "explicitDeny");
  assert.equal(decide(policy(allow), request()), "allowed");
  assert.equal(decide(policy(statement()), request({ action: "s3:PutObject" })), "implicitDeny");
});

test("what is allowed under a condition does not cover what is allowed without", () => {
  const wide = statement({ Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } });
  const [one, other] = [policy(wide), policy(wide, statement())];
  assert.ok(!equivalent(one, other));
  assert.notEqual(decide(one, request()), decide(other, request()));
});

test("patterns: wildcards, their order, variables as literals", () => {
  assert.ok(matches("arn:*:b/?.mp3", "arn:aws:s3:::b/1.mp3"));
  assert.ok(!matches("b/?", "b/12"));
  assert.ok(matches(`*${variable("aws:username")}*`, `home/${variable("aws:username")}/x`));
  assert.ok(!matches(variable("aws:username"), "joey"));
  assert.ok(matches(`a${variable("*")}b`, "a*b") && !matches(`a${variable("*")}b`, "axb"));
  assert.equal(normalisePattern(`a*?*b${variable("*")}`), `a?*b${variable("*")}`);
  assert.ok(covers("s3:*", "s3:Get*") && !covers("s3:Get*", "s3:*"));
  assert.ok(covers("*?", "?*") && covers("?*", "*?"));
  assert.ok(!covers("?", "*") && covers("*", ""));
});

test("a pattern that covers another matches all that the other matches", () => {
  const letters = fc.array(pick("a", "b", "*", "?"), { maxLength: 6 }).map((parts) => parts.join(""));
  const text = fc.array(pick("a", "b"), { maxLength: 6 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(letters, letters, text, (wide, narrow, plain) => {
      if (covers(wide, narrow) && matches(narrow, plain)) assert.ok(matches(wide, plain));
      assert.equal(matches(wide, plain), matches(normalisePattern(wide), plain));
      const asRegExp = new RegExp(`^${wide.replaceAll("*", ".*").replaceAll("?", ".")}$`);
      assert.equal(matches(wide, plain), asRegExp.test(plain));
    }),
    { numRuns: 1000 },
  );
});

const holds = (operator: string, wanted: unknown, context: NonNullable<Request["context"]>): boolean =>
  decide(policy(statement({ Condition: { [operator]: { "k:x": wanted } } })), request({ context })) === "allowed";

test("conditions: each family of operators says yes and no", () => {
  for (const [operator, wanted, yes, no] of [
    ["StringEquals", "a", "a", "A"],
    ["StringEqualsIgnoreCase", "a", "A", "b"],
    ["StringNotEquals", "a", "b", "a"],
    ["StringLike", "a*", "abc", "b"],
    ["StringNotLike", ["a*", "b*"], "c", "bc"],
    ["NumericLessThan", "10", "9", "10"],
    ["NumericLessThanEquals", 10, "10", "11"],
    ["NumericGreaterThan", "10", "11", "10"],
    ["NumericNotEquals", "10", "11", "10.0"],
    ["DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"],
    ["DateGreaterThanEquals", "2026-01-01T00:00:00Z", "1767225600", "1767225599"],
    ["Bool", true, "TRUE", "false"],
    ["BinaryEquals", "QQ==", "QQ==", "Qg=="],
    ["IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "10.1.2.3", "11.0.0.1"],
    ["IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", "not an address"],
    ["NotIpAddress", "10.0.0.0/8", "11.0.0.1", "10.0.0.1"],
    ["ArnLike", "arn:aws:sqs:*:1:q*", "arn:aws:sqs:us-east-1:1:q:x", "arn:aws:sqs:us:east:1:q"],
    ["ArnLike", "arn:aws:*", "arn:aws:x", "arn:aws:sqs:us-east-1:1:q"],
    ["ArnEquals", "arn:aws:sqs:*:1:q", "arn:aws:sqs:us-east-1:1:q", "arn:aws:sqs:us-east-1:2:q"],
    ["ArnNotEquals", "arn:aws:sqs:*:1:q", "arn:aws:sqs:us-east-1:2:q", "arn:aws:sqs:us-east-1:1:q"],
  ] as const) {
    assert.ok(holds(operator, wanted, { "k:X": yes }), `${operator} should take ${yes}`);
    assert.ok(!holds(operator, wanted, { "K:x": no }), `${operator} should not take ${no}`);
  }
});

test("conditions: absent keys, and keys with several values", () => {
  assert.ok(!holds("StringEquals", "a", {}) && holds("StringNotEquals", "a", {}));
  assert.ok(holds("StringEqualsIfExists", "a", {}) && !holds("StringEqualsIfExists", "a", { "k:x": "b" }));
  assert.ok(
    holds("Null", "true", {}) && !holds("Null", true, { "k:x": "b" }) && holds("Null", "false", { "k:x": "b" }),
  );
  assert.ok(holds("ForAllValues:StringEquals", ["a", "b"], { "k:x": ["a", "b"] }));
  assert.ok(!holds("ForAllValues:StringEquals", ["a"], { "k:x": ["a", "b"] }));
  assert.ok(holds("ForAllValues:StringEquals", "a", {}) && !holds("ForAnyValue:StringEquals", "a", {}));
  assert.ok(holds("ForAnyValue:StringEquals", "a", { "k:x": ["a", "b"] }));
  assert.ok(holds("ForAnyValue:StringNotEquals", "a", { "k:x": ["a", "b"] }));
  assert.throws(() => holds("StringResembles", "a", { "k:x": "a" }), /no condition operator StringResembles/);
});

test("NotPrincipal, NotAction and NotResource leave out and take the rest", () => {
  const document = policy({
    Effect: "Allow",
    NotPrincipal: { AWS: "a" },
    NotAction: ["s3:Put*"],
    NotResource: "arn:aws:s3:::c/*",
  });
  assert.equal(decide(document, request()), "allowed");
  assert.equal(decide(document, request({ principal: "AWS:a" })), "implicitDeny");
  assert.equal(decide(document, request({ action: "s3:PutObject" })), "implicitDeny");
  assert.equal(decide(document, request({ resource: "arn:aws:s3:::c/1" })), "implicitDeny");
});

test("the version matters where variables are used, and only there", () => {
  const old = (resource: string): object => ({ Statement: [statement({ Resource: resource })] });
  assert.ok(equivalent(old("*"), policy(statement({ Resource: "*" }))));
  assert.ok(!equivalent(old(variable("aws:username")), policy(statement({ Resource: variable("aws:username") }))));
});

test("what is no policy is refused, and recognised", () => {
  for (const wrong of [
    "",
    "[]",
    "{}",
    "x",
    { Statement: [{}] },
    { Statement: [statement({ Effect: "Maybe" })] },
    { Statement: 5 },
  ]) {
    assert.throws(() => readPolicy(wrong), /not an IAM policy document/, JSON.stringify(wrong));
  }
  assert.throws(() => readPolicy(policy(statement({ Acton: "x" }))), /unknown field Acton/);
  assert.throws(() => readPolicy(policy(statement({ NotAction: "x" }))), /both Action and NotAction/);
  assert.throws(() => readPolicy(policy(statement({ Action: [{}] }))), /unexpected/);
  assert.ok(isPolicy(policy()) && !isPolicy({ statement: 1 }) && !isPolicy(null));
});

test.run();
