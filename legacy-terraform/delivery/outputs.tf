output "audio_url" {
  description = "Base URL of the audio."
  value       = "https://${aws_cloudfront_distribution.audio.domain_name}"
}
