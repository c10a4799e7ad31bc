import * as assert from "node:assert/strict";
import { test } from "uvu";
import { pairTokens, typeOf, withType } from "./tokens";

const ENTITIES = {
  aws_dynamodb_table: { tok: "aws:index/dynamodbTable:DynamodbTable" },
  aws_s3_bucket: { tok: "aws:index/s3Bucket:S3Bucket" },
  aws_vpc: { tok: "aws:index/vpc:Vpc" },
  aws_instance: { tok: "aws:index/instance:Instance" },
  aws_iam_openid_connect_provider: { tok: "aws:index/iamOpenidConnectProvider:IamOpenidConnectProvider" },
};

const tokens = pairTokens(ENTITIES, [
  "aws:dynamodb/table:Table",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/instance:Instance",
  "aws:rds/instance:Instance",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
]);

test("a type is found under its module and its name", () => {
  assert.equal(tokens.toBridge("aws:dynamodb/table:Table"), "aws:index/dynamodbTable:DynamodbTable");
  assert.equal(tokens.toSdk("aws:index/dynamodbTable:DynamodbTable"), "aws:dynamodb/table:Table");
});

test("a name alone, and other capitals, are found too", () => {
  assert.equal(tokens.toBridge("aws:ec2/vpc:Vpc"), "aws:index/vpc:Vpc");
  assert.equal(
    tokens.toBridge("aws:iam/openIdConnectProvider:OpenIdConnectProvider"),
    "aws:index/iamOpenidConnectProvider:IamOpenidConnectProvider",
  );
});

test("of s3.Bucket and s3.BucketV2 the second is Terraform's aws_s3_bucket", () => {
  assert.equal(tokens.toBridge("aws:s3/bucketV2:BucketV2"), "aws:index/s3Bucket:S3Bucket");
  assert.equal(tokens.toBridge("aws:s3/bucket:Bucket"), undefined);
});

test("a name that two modules claim belongs to neither: nothing is guessed", () => {
  assert.equal(tokens.toBridge("aws:ec2/instance:Instance"), undefined);
  assert.equal(tokens.toBridge("aws:rds/instance:Instance"), undefined);
});

test("both sides' tokens lead to Terraform's name", () => {
  assert.equal(tokens.terraformName("aws:s3/bucketV2:BucketV2"), "aws_s3_bucket");
  assert.equal(tokens.terraformName("aws:index/s3Bucket:S3Bucket"), "aws_s3_bucket");
  assert.equal(tokens.terraformName("aws:s3/bucket:Bucket"), undefined);
});

test("functions pair as resources do, without their get", () => {
  const functions = pairTokens(
    {
      aws_caller_identity: { tok: "aws:index/getCallerIdentity:getCallerIdentity" },
      aws_iam_policy_document: { tok: "aws:index/getIamPolicyDocument:getIamPolicyDocument" },
    },
    ["aws:index/getCallerIdentity:getCallerIdentity", "aws:iam/getPolicyDocument:getPolicyDocument"],
  );
  assert.equal(
    functions.toBridge("aws:iam/getPolicyDocument:getPolicyDocument"),
    "aws:index/getIamPolicyDocument:getIamPolicyDocument",
  );
  assert.equal(
    functions.toBridge("aws:index/getCallerIdentity:getCallerIdentity"),
    "aws:index/getCallerIdentity:getCallerIdentity",
  );
});

const URN = "urn:pulumi:dev::app::text-to-speech:index:Storage$aws:dynamodb/table:Table::requests";

test("only the last type of a URN is replaced; a name may hold colons", () => {
  assert.equal(typeOf(URN), "aws:dynamodb/table:Table");
  assert.equal(
    withType(`${URN}::more`, tokens.toBridge),
    "urn:pulumi:dev::app::text-to-speech:index:Storage$aws:index/dynamodbTable:DynamodbTable::requests::more",
  );
  assert.equal(
    withType("urn:pulumi:dev::app::pulumi:pulumi:Stack::s", tokens.toBridge),
    "urn:pulumi:dev::app::pulumi:pulumi:Stack::s",
  );
  assert.equal(withType("", tokens.toSdk), "");
});

test.run();
