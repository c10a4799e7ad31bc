# A released module keeps its code here until the migration is over, so that it can be taken back.

module "storage" {
  source = "./storage"
  count  = contains(var.released, "storage") ? 0 : 1

  name = var.name
}

module "speech" {
  source = "./speech"
  count  = contains(var.released, "speech") ? 0 : 1

  name                  = var.name
  environment           = var.environment
  region                = var.region
  handler_zip           = var.handler_zip
  timeout               = var.timeout
  memory_size           = var.memory_size
  log_retention_in_days = var.log_retention_in_days
  stream_arn            = module.storage[0].stream_arn
  bucket_name           = module.storage[0].bucket_name
  bucket_arn            = module.storage[0].bucket_arn
}

module "delivery" {
  source = "./delivery"
  count  = contains(var.released, "delivery") ? 0 : 1

  name                        = var.name
  bucket_name                 = module.storage[0].bucket_name
  bucket_arn                  = module.storage[0].bucket_arn
  bucket_regional_domain_name = module.storage[0].bucket_regional_domain_name
}
