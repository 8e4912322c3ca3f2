#!/usr/bin/env bash
# The long run, for a night and not for every change: the suite under the race
# detector on both engines, each fuzz target for 30 s, a thousand simulated
# worlds. Tests that have a larger size take it when PROMESSE_SOAK is set.
# What a fuzz target finds is left in testdata/fuzz: commit it with the mend.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v cc >/dev/null || { echo "soak.sh: the race detector needs a C compiler (Debian: gcc libc6-dev)" >&2; exit 1; }
export CGO_ENABLED=1 PROMESSE_SOAK=1

failed=()
step() {
  local name=$1
  shift
  echo "soak: $name"
  "$@" || failed+=("$name")
}

# "PACKAGE TARGET" of every fuzz target: go prints a package's names, then its line.
targets() {
  go test -list '^Fuzz' ./... | awk '/^Fuzz/ {names[n++] = $1} /^ok/ {for (i = 0; i < n; i++) print $2, names[i]; n = 0}'
}

step 'race, SQLite' scripts/gotest.sh -race -timeout 60m
step 'race, PostgreSQL' scripts/pg.sh --fleeting scripts/gotest.sh -race -timeout 60m
list=$(targets)
while read -r package target; do
  [ -n "$target" ] || continue
  step "fuzz $package $target" go test -run '^$' -fuzz "^$target\$" -fuzztime 30s "$package" </dev/null
done <<<"$list"
step 'clock of the look-up' go test -tags soak -count 1 -run 'TheClockTellsNothing' ./internal/web/lookup
step 'slow senders' go test -tags soak -count 1 -run 'SlowSenders' ./internal/app
step 'kills during a refund, SQLite' go test -tags soak -count 1 -timeout 60m -run KilledAtEveryStep ./internal/payment/stripe
step 'kills during a refund, PostgreSQL' scripts/pg.sh go test -tags soak -count 1 -timeout 60m -run KilledAtEveryStep ./internal/payment/stripe
step "Stripe's own mock" scripts/stripemock.sh
step 'simulation' scripts/simulation.sh 1000

[ ${#failed[@]} = 0 ] || { printf 'soak: failed: %s\n' "${failed[@]}" >&2; exit 1; }
