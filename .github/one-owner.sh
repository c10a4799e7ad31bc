#!/usr/bin/env bash
# Ends with 0 only if every resource of an environment has exactly one owner, and no wave is between its two.
set -euo pipefail
npm run --silent migrate -- status --environment "$1" --no-drift --json |
  jq -e '.problems == [] and all(.waves[]; .state == "terraform" or .state == "pulumi")' >/dev/null || {
  echo "$1: a wave is adopted and not cut over, or has no single owner; finish it or give it back, then deploy" >&2
  exit 1
}
