#!/usr/bin/env bash
# drift-issue.sh ENVIRONMENT: opens the issue about an environment's drift, or adds to the one that is open.
set -euo pipefail

environment=$1
title="Drift in ${environment}"
body=$(mktemp)
trap 'rm -f "${body}"' EXIT

{
  echo "Something in ${environment} differs from what the code says. The run: ${RUN_URL:-a local one}"
  for file in drift-terraform.txt drift-pulumi.txt; do
    [ -s "${file}" ] || continue
    # GitHub takes 65,536 characters; the end holds the summary.
    printf '\n<details><summary>%s</summary>\n\n```\n' "${file}"
    tail -c 25000 "${file}"
    printf '\n```\n</details>\n'
  done
} >"${body}"

number=$(gh issue list --state open --search "in:title \"${title}\"" --json number,title \
  --jq "[.[] | select(.title == \"${title}\")][0].number // empty")
if [ -n "${number}" ]; then
  gh issue comment "${number}" --body-file "${body}"
else
  gh issue create --title "${title}" --body-file "${body}"
fi
