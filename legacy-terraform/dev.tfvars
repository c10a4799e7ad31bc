environment = "dev"
name        = "ttsslsguru"
account_id  = "111111111111"
region      = "us-east-1"
released    = []
