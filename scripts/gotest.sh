#!/usr/bin/env bash
# Runs the Go suite on one engine: PostgreSQL when PROMESSE_TEST_DB names a
# server (scripts/pg.sh sets it), else SQLite. Arguments go to "go test".
# With PROMESSE_TALLY set, adds "NAME PASSED FAILED" to that file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

engine=sqlite
[ -z "${PROMESSE_TEST_DB:-}" ] || engine=postgresql
events=$(mktemp)
trap 'rm -f "$events"' EXIT

status=0
go tool -modfile=tools/go.mod gotestsum --format pkgname-and-test-fails --jsonfile "$events" \
  -- -p 2 "$@" ./... || status=$?

# A package that fails without a failing test (it does not build, it crashed)
# counts as one failure.
read -r passed failed < <(awk '
  { name = $0; sub(/.*"Package":"/, "", name); sub(/".*/, "", name) }
  /"Action":"pass"/ && /"Test":"/ { passed++ }
  /"Action":"fail"/ && /"Test":"/ { failed++; told[name] = 1 }
  /"Action":"fail"/ && !/"Test":"/ { broken[name] = 1 }
  END { for (p in broken) if (!(p in told)) failed++; print passed + 0, failed + 0 }
' "$events")

if [ "$failed" = 0 ] && { [ "$passed" = 0 ] || [ "$status" != 0 ]; }; then
  echo "gotest.sh: no test ran, or the run broke outside of a test (go test said $status)" >&2
  failed=1
fi
echo "go-$engine $passed $failed" >>"${PROMESSE_TALLY:-/dev/null}"
[ "$failed" = 0 ]
