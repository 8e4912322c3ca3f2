#!/usr/bin/env bash
# Lives N simulated worlds (default 200) and a fifth of them, twenty at most, again:
# scripts/simulation.sh [N]. A seed passes when no invariant is broken; the
# second life passes when each seed leads to the same facts.
# With PROMESSE_TALLY set, adds "NAME PASSED FAILED" to that file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seeds=${1:-200}
again=$((seeds < 100 ? (seeds + 4) / 5 : 20))
go build -o bin/promesse ./cmd/promesse
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

clean='"violations": *(\[\]|null)'
hashes() { sed -nE 's/.*"seed": *([0-9]+),.*"hash": *"([^"]+)".*/\1 \2/p' "$1" | sort; }

status=0
bin/promesse simulate --seeds "$seeds" --json >"$folder/first" || status=$?
passed=$(grep -cE "$clean" "$folder/first" || true)
failed=$((seeds - passed))
if [ "$failed" != 0 ]; then
  echo "simulation.sh: $failed of $seeds seeds break an invariant or did not end (exit $status):"
  grep -vE "$clean" "$folder/first" | cut -c1-2000 | head -5 || true
elif [ "$status" != 0 ]; then
  echo "simulation.sh: every seed is clean, yet simulate exits $status"
  failed=1
fi

bin/promesse simulate --seeds "$again" --json >"$folder/second" || true
same=$(comm -12 <(hashes "$folder/first") <(hashes "$folder/second") | wc -l)
if [ "$same" -eq "$again" ]; then
  passed=$((passed + 1))
else
  echo "simulation.sh: only $same of $again seeds lead to the same facts when lived again:"
  diff <(hashes "$folder/first") <(hashes "$folder/second") | grep '^>' | head -5 || true
  failed=$((failed + 1))
fi

echo "simulation: $seeds seeds and $again again, $failed failed"
echo "simulation $passed $failed" >>"${PROMESSE_TALLY:-/dev/null}"
[ "$failed" = 0 ]
