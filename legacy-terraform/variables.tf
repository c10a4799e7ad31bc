variable "environment" {
  type        = string
  description = "Environment this configuration describes. Becomes the Environment tag and reaches the function as ENVIRONMENT."

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "environment must be dev or prod."
  }
}

variable "name" {
  type        = string
  description = "Name of the table, and the beginning of every other physical name."
  default     = "ttsslsguru"

  validation {
    # 37 leaves room for the longest suffix, -terraform-state of the state bucket, within the 63 characters of a bucket name.
    condition     = can(regex("^[a-z][a-z0-9-]{1,35}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 37 lower-case letters, digits and hyphens, begin with a letter and not end with a hyphen."
  }
}

variable "account_id" {
  type        = string
  description = "The only AWS account that this environment may be applied to."

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be the 12 digits of an AWS account."
  }
}

variable "region" {
  type        = string
  description = "AWS region of the pipeline, which must offer Polly's standard voices."

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS region such as us-east-1."
  }
}

variable "released" {
  type        = list(string)
  description = "Modules that another tool owns by now, in the order in which they left: delivery, speech, storage."
  default     = []

  validation {
    # Consumers leave first, so that what stays behind never needs something that has left.
    condition = (
      length(var.released) <= 3 &&
      join(",", var.released) == join(",", slice(["delivery", "speech", "storage"], 0, min(3, length(var.released))))
    )
    error_message = "released must be one of [], [delivery], [delivery, speech], [delivery, speech, storage]: in this order."
  }
}

variable "handler_zip" {
  type        = string
  description = "Path of the bundled handler, relative to this folder."
  default     = "../handler/dist/handler.zip"
}

variable "timeout" {
  type        = number
  description = "Seconds the function may take for one batch."
  default     = 30

  validation {
    condition     = var.timeout >= 30 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout must be a whole number of seconds from 30 to 900: a batch of long texts needs 30."
  }
}

variable "memory_size" {
  type        = number
  description = "Memory of the function in MiB; its share of a processor grows with it."
  default     = 256

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size must be a whole number of MiB from 128 to 10240."
  }
}

variable "log_retention_in_days" {
  type        = number
  description = "Days the function's log is kept."
  default     = 14

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_in_days)
    error_message = "log_retention_in_days must be a period that CloudWatch Logs offers, such as 14, 30 or 90."
  }
}
