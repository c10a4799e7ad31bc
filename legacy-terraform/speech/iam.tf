resource "aws_iam_role" "speak" {
  name        = local.function_name
  description = "Lets the function speak requests and store the audio"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "lambda.amazonaws.com" }
        Action    = "sts:AssumeRole"
      },
    ]
  })
}

resource "aws_iam_role_policy" "speak" {
  name = local.function_name
  role = aws_iam_role.speak.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Speak"
        Effect   = "Allow"
        Action   = "polly:SynthesizeSpeech"
        Resource = "*" # Voices are no resources, so the region is the only bound.
        Condition = {
          StringEquals = { "aws:RequestedRegion" = var.region }
        }
      },
      {
        Sid    = "StoreAudio"
        Effect = "Allow"
        # GetObject because the handler reads its own object's metadata: to skip repeats, and to keep newer audio.
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = "${var.bucket_arn}/*"
      },
      {
        Sid    = "ReadRequests"
        Effect = "Allow"
        Action = [
          "dynamodb:DescribeStream",
          "dynamodb:GetRecords",
          "dynamodb:GetShardIterator",
          "dynamodb:ListStreams",
        ]
        Resource = var.stream_arn
      },
      {
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.speak.arn}:*"
      },
      {
        Sid      = "ReportFailures"
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = aws_sqs_queue.failed.arn
      },
    ]
  })
}
