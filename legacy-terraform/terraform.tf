terraform {
  # 1.10 is the first version whose S3 backend locks without a DynamoDB table (use_lockfile).
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # Exact: the Pulumi provider that takes over is bridged from this very version.
      version = "5.100.0"
    }
  }
}
