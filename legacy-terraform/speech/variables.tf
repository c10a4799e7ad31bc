variable "name" {
  type        = string
  description = "Beginning of every physical name in this module."
}

variable "environment" {
  type        = string
  description = "Environment that the function names in its metrics."
}

variable "region" {
  type        = string
  description = "The only region in which the function may call Polly."
}

variable "handler_zip" {
  type        = string
  description = "Path of the bundled handler."
}

variable "timeout" {
  type        = number
  description = "Seconds the function may take for one batch."
}

variable "memory_size" {
  type        = number
  description = "Memory of the function in MiB."
}

variable "log_retention_in_days" {
  type        = number
  description = "Days the function's log is kept."
}

variable "stream_arn" {
  type        = string
  description = "ARN of the stream that feeds the function."
}

variable "bucket_name" {
  type        = string
  description = "Name of the bucket that the function writes audio to."
}

variable "bucket_arn" {
  type        = string
  description = "ARN of the bucket that the function writes audio to."
}
