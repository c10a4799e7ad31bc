locals {
  function_name = "${var.name}-speak"
}

# Made before the function, which has no right to make it.
resource "aws_cloudwatch_log_group" "speak" {
  name              = "/aws/lambda/${local.function_name}"
  retention_in_days = var.log_retention_in_days
}

# Requests that cannot be spoken, with the reason: from the handler itself and from the mapping when it gives up.
resource "aws_sqs_queue" "failed" {
  name                      = "${var.name}-failed"
  message_retention_seconds = 1209600 # 14 days, the longest that SQS offers
  sqs_managed_sse_enabled   = true
}

resource "aws_lambda_function" "speak" {
  function_name    = local.function_name
  description      = "Speaks each new request with Polly and stores the audio"
  role             = aws_iam_role.speak.arn
  runtime          = "nodejs22.x"
  handler          = "index.handler"
  architectures    = ["arm64"]
  filename         = var.handler_zip
  source_code_hash = filebase64sha256(var.handler_zip)
  timeout          = var.timeout
  memory_size      = var.memory_size

  environment {
    variables = {
      AUDIO_BUCKET     = var.bucket_name
      FAILED_QUEUE_URL = aws_sqs_queue.failed.url
      VOICE_ID         = "Joey"
      ENGINE           = "standard"
      LANGUAGE_CODE    = "en-US"
      ENVIRONMENT      = var.environment
    }
  }

  depends_on = [aws_cloudwatch_log_group.speak]
}

resource "aws_lambda_event_source_mapping" "requests" {
  event_source_arn                   = var.stream_arn
  function_name                      = aws_lambda_function.speak.arn
  starting_position                  = "TRIM_HORIZON" # A new mapping begins with the oldest request, so none is skipped.
  batch_size                         = 10
  function_response_types            = ["ReportBatchItemFailures"]
  bisect_batch_on_function_error     = true
  maximum_retry_attempts             = 5
  maximum_record_age_in_seconds      = 43200 # 12 h: given up to the queue well before the stream forgets it after 24 h
  maximum_batching_window_in_seconds = 0

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.failed.arn
    }
  }

  # Lambda checks at creation that the role may read the stream.
  depends_on = [aws_iam_role_policy.speak]
}
