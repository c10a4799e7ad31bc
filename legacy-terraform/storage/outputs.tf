output "table_arn" {
  description = "ARN of the table that takes the requests."
  value       = aws_dynamodb_table.requests.arn
}

output "stream_arn" {
  description = "ARN of the table's current stream."
  value       = aws_dynamodb_table.requests.stream_arn
}

output "bucket_name" {
  description = "Name of the bucket that holds the audio."
  value       = aws_s3_bucket.audio.bucket
}

output "bucket_arn" {
  description = "ARN of the bucket that holds the audio."
  value       = aws_s3_bucket.audio.arn
}

output "bucket_regional_domain_name" {
  description = "Regional host name of the bucket."
  value       = aws_s3_bucket.audio.bucket_regional_domain_name
}
