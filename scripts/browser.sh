#!/usr/bin/env bash
# Runs the browser tests of e2e/ on a freshly built program.
# With PROMESSE_TALLY set, adds "NAME PASSED FAILED" to that file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

go build -o bin/promesse ./cmd/promesse
report=$(mktemp)
trap 'rm -f "$report"' EXIT

status=0
node --test --test-concurrency=2 --test-timeout=900000 --test-reporter=spec --test-reporter-destination=stdout \
  --test-reporter=tap --test-reporter-destination="$report" e2e/*.test.mjs || status=$?

passed=$(awk '/^# pass /{print $3}' "$report")
failed=$(awk '/^# (fail|cancelled) /{n += $3} END {print n + 0}' "$report")
if [ "$failed" = 0 ] && { [ "${passed:-0}" = 0 ] || [ "$status" != 0 ]; }; then
  echo "browser.sh: no test ran, or the run broke outside of a test (node said $status)" >&2
  failed=1
fi
echo "browser ${passed:-0} $failed" >>"${PROMESSE_TALLY:-/dev/null}"
[ "$failed" = 0 ]
