variable "name" {
  type        = string
  description = "Beginning of the origin access control's name."
}

variable "bucket_name" {
  type        = string
  description = "Name of the bucket that is served."
}

variable "bucket_arn" {
  type        = string
  description = "ARN of the bucket that is served."
}

variable "bucket_regional_domain_name" {
  type        = string
  description = "Regional host name of the bucket; the global one would redirect new buckets."
}
