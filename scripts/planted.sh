#!/usr/bin/env bash
# The simulation is worth something only if it finds bugs: three are planted in
# rooms by a build tag, and each must be named by its invariant.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

out=$(mktemp -d "${TMPDIR:-/tmp}/promesse-planted.XXXXXX")
trap 'rm -rf "$out"' EXIT
go build -tags planted -o "$out/promesse" ./cmd/promesse

status=0
"$out/promesse" simulate --seeds 1 --json >"$out/seed.json" 2>"$out/errors" || status=$?
passed=0 failed=0
for invariant in I4 I7 I8; do
  if [ "$status" = 1 ] && grep -q "\"invariant\":\"$invariant\"" "$out/seed.json"; then
    passed=$((passed + 1))
  else
    echo "planted: no violation of $invariant was found" >&2
    failed=$((failed + 1))
  fi
done
[ -z "${PROMESSE_TALLY:-}" ] || echo "planted $passed $failed" >>"$PROMESSE_TALLY"
echo "planted: $passed of 3 bugs found"
[ "$failed" = 0 ] || { cat "$out/errors" >&2; exit 1; }
