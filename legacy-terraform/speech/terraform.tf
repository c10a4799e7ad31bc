terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
      # The root pins the exact version.
      version = ">= 5.100.0, < 6.0.0"
    }
  }
}
