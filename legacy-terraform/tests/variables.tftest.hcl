# terraform test: nothing is made, the provider is a mock.

mock_provider "aws" {}

variables {
  environment = "dev"
  account_id  = "111111111111"
  region      = "us-east-1"
  # Any file with a hash will do.
  handler_zip = "main.tf"
}

run "environment_is_known" {
  command = plan

  variables {
    environment = "staging"
  }

  expect_failures = [var.environment]
}

run "name_fits_a_bucket" {
  command = plan

  variables {
    name = "Capital"
  }

  expect_failures = [var.name]
}

run "name_leaves_room_for_suffixes" {
  command = plan

  variables {
    name = "a23456789-123456789-123456789-12345678"
  }

  expect_failures = [var.name]
}

run "account_has_twelve_digits" {
  command = plan

  variables {
    account_id = "11111111111"
  }

  expect_failures = [var.account_id]
}

run "region_looks_like_one" {
  command = plan

  variables {
    region = "Frankfurt"
  }

  expect_failures = [var.region]
}

run "timeout_is_long_enough" {
  command = plan

  variables {
    timeout = 29
  }

  expect_failures = [var.timeout]
}

run "timeout_is_whole" {
  command = plan

  variables {
    timeout = 30.5
  }

  expect_failures = [var.timeout]
}

run "memory_is_within_limits" {
  command = plan

  variables {
    memory_size = 127
  }

  expect_failures = [var.memory_size]
}

run "log_retention_is_offered" {
  command = plan

  variables {
    log_retention_in_days = 2
  }

  expect_failures = [var.log_retention_in_days]
}
