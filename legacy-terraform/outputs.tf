# Each output is null once the module behind it is released: its new owner exports it under the same name.

output "tableArn" {
  description = "ARN of the table that takes the requests."
  value       = one(module.storage[*].table_arn)
}

output "streamArn" {
  description = "ARN of the table's stream, which feeds the function."
  value       = one(module.storage[*].stream_arn)
}

output "bucketName" {
  description = "Name of the bucket that holds the audio."
  value       = one(module.storage[*].bucket_name)
}

output "bucketArn" {
  description = "ARN of the bucket that holds the audio."
  value       = one(module.storage[*].bucket_arn)
}

output "bucketRegionalDomainName" {
  description = "Host name under which the distribution reaches the bucket."
  value       = one(module.storage[*].bucket_regional_domain_name)
}

output "lambdaArn" {
  description = "ARN of the function that speaks."
  value       = one(module.speech[*].lambda_arn)
}

output "audioUrl" {
  description = "Base URL of the audio; a request with Id 7 is served at /7.mp3."
  value       = one(module.delivery[*].audio_url)
}
