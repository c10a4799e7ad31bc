terraform {
  # Partial configuration. One state per environment: terraform init -backend-config=dev.s3.tfbackend
  backend "s3" {}
}
