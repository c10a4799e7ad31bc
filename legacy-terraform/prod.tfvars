environment = "prod"
name        = "prod-ttsslsguru"
account_id  = "222222222222"
region      = "us-east-1"
released    = []

memory_size           = 512
log_retention_in_days = 90
