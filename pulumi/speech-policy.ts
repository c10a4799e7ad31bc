import type * as aws from "@pulumi/aws";

/** Who may take the role: Lambda, for the function. */
export const trustLambda = (): aws.iam.PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

export interface SpeakPolicyArgs {
  readonly region: string;
  readonly bucketArn: string;
  readonly streamArn: string;
  readonly logGroupArn: string;
  readonly queueArn: string;
}

/** All that the function may do. */
export const speakPolicy = (args: SpeakPolicyArgs): aws.iam.PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Speak",
      Effect: "Allow",
      Action: "polly:SynthesizeSpeech",
      Resource: "*", // Voices are no resources, so the region is the only bound.
      Condition: { StringEquals: { "aws:RequestedRegion": args.region } },
    },
    {
      Sid: "StoreAudio",
      Effect: "Allow",
      // GetObject because the handler reads its own object's metadata: to skip repeats, and to keep newer audio.
      Action: ["s3:GetObject", "s3:PutObject"],
      Resource: `${args.bucketArn}/*`,
    },
    {
      Sid: "ReadRequests",
      Effect: "Allow",
      Action: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
      Resource: args.streamArn,
    },
    {
      Sid: "WriteLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${args.logGroupArn}:*`,
    },
    {
      Sid: "ReportFailures",
      Effect: "Allow",
      Action: "sqs:SendMessage",
      Resource: args.queueArn,
    },
  ],
});
