# What a person puts in, and what comes out: the requests and the audio. Everything else can be made again.

resource "aws_dynamodb_table" "requests" {
  name                        = var.name
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "Id"
  stream_enabled              = true
  stream_view_type            = "NEW_IMAGE" # The function speaks the new text and never needs the old.
  deletion_protection_enabled = true

  attribute {
    name = "Id"
    type = "N"
  }

  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_s3_bucket" "audio" {
  bucket = "${var.name}-audio"
}

resource "aws_s3_bucket_public_access_block" "audio" {
  bucket                  = aws_s3_bucket.audio.bucket
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "audio" {
  bucket = aws_s3_bucket.audio.bucket

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "audio" {
  bucket = aws_s3_bucket.audio.bucket

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}
