provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    # No ManagedBy tag: it would have to change with the tool, and moving a resource must not change it.
    tags = {
      Project     = "text-to-speech"
      Environment = var.environment
    }
  }
}
