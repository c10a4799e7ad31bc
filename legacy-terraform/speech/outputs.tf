output "lambda_arn" {
  description = "ARN of the function that speaks."
  value       = aws_lambda_function.speak.arn
}
