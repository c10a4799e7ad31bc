#!/usr/bin/env bash
# drift.sh NAME COMMAND...: runs a command that changes nothing and tells whether the live world differs.
# Writes `drift=true|false` for the steps that follow and keeps what the command said in drift-NAME.txt.
# A command that failed for another reason fails this step: no answer is never "no drift".
set -uo pipefail

name=$1
shift
"$@" 2>&1 | tee "drift-${name}.txt"
code=${PIPESTATUS[0]}

differs=false
case "${name}:${code}" in
  *:0) ;;
  terraform:2) differs=true ;;
  pulumi:*)
    # Pulumi has no exit code of its own for this.
    grep -qE 'no changes were expected|changes were proposed' "drift-${name}.txt" || exit "${code}"
    differs=true
    ;;
  *) exit "${code}" ;;
esac
echo "${name}: drift=${differs}"
echo "drift=${differs}" >>"${GITHUB_OUTPUT:-/dev/null}"
