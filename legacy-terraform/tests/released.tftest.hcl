# terraform test: nothing is made, the provider is a mock.

mock_provider "aws" {}

variables {
  environment = "dev"
  account_id  = "111111111111"
  region      = "us-east-1"
  # Any file with a hash will do.
  handler_zip = "main.tf"
}

run "everything_is_here_at_first" {
  command = plan

  assert {
    condition     = length(module.storage) == 1 && length(module.speech) == 1 && length(module.delivery) == 1
    error_message = "with nothing released, all three modules are planned"
  }

  assert {
    condition     = output.bucketName == "ttsslsguru-audio"
    error_message = "the outputs come from the modules"
  }
}

run "delivery_leaves_first" {
  command = plan

  variables {
    released = ["delivery"]
  }

  assert {
    condition     = length(module.storage) == 1 && length(module.speech) == 1 && length(module.delivery) == 0
    error_message = "only delivery is released"
  }

  assert {
    condition     = output.audioUrl == null && output.bucketName == "ttsslsguru-audio"
    error_message = "only delivery's output is null"
  }
}

run "speech_follows" {
  command = plan

  variables {
    released = ["delivery", "speech"]
  }

  assert {
    condition     = length(module.storage) == 1 && length(module.speech) == 0 && length(module.delivery) == 0
    error_message = "storage stays"
  }

  assert {
    condition     = output.lambdaArn == null && output.bucketName == "ttsslsguru-audio"
    error_message = "storage's outputs stay, for those who read them"
  }
}

run "storage_leaves_last" {
  command = plan

  variables {
    released = ["delivery", "speech", "storage"]
  }

  assert {
    condition     = length(module.storage) == 0 && length(module.speech) == 0 && length(module.delivery) == 0
    error_message = "nothing is left"
  }

  assert {
    condition     = output.tableArn == null && output.bucketName == null
    error_message = "no output is left"
  }
}

run "storage_cannot_leave_before_its_consumers" {
  command = plan

  variables {
    released = ["storage"]
  }

  expect_failures = [var.released]
}

run "speech_cannot_leave_before_delivery" {
  command = plan

  variables {
    released = ["speech", "delivery"]
  }

  expect_failures = [var.released]
}

run "nothing_leaves_twice" {
  command = plan

  variables {
    released = ["delivery", "delivery"]
  }

  expect_failures = [var.released]
}

run "there_is_no_fourth_module" {
  command = plan

  variables {
    released = ["delivery", "speech", "storage", "more"]
  }

  expect_failures = [var.released]
}
