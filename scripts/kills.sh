#!/usr/bin/env bash
# Kills the demo with SIGKILL while it works, ten times on one database, starts
# it once more, and asks "promesse verify" whether every invariant still holds.
# With PROMESSE_TALLY set, adds "NAME PASSED FAILED" to that file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rounds=10
go build -o bin/promesse ./cmd/promesse
folder=$(mktemp -d)
db="sqlite:$folder/demo.db"
demo=
addr=

finish() {
  trap - EXIT
  [ -z "$demo" ] || kill -KILL "$demo" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
  echo "kills.sh: $1" >&2
  tail -n 20 "$folder/demo.log" >&2
  echo "kills 0 1" >>"${PROMESSE_TALLY:-/dev/null}"
  exit 1
}

start() {
  addr=127.0.0.1:$(scripts/port.sh)
  bin/promesse demo --addr "$addr" --db "$db" --speed 3600 >"$folder/demo.log" 2>&1 </dev/null &
  demo=$!
}

orders() { curl --silent --fail --max-time 5 "http://$addr/" | grep -o 'href="/p/[^"]*"' | sort -u; }

# The demo works when the orders it lists are others than those it listed first.
await_progress() {
  local first='' now
  for _ in $(seq 600); do
    kill -0 "$demo" 2>/dev/null || fail "the demo ended by itself ($1)"
    now=$(orders || true)
    if [ -n "$first" ] && [ -n "$now" ] && [ "$now" != "$first" ]; then return; fi
    first=${first:-$now}
    sleep 0.1
  done
  fail "the demo listed no new order within a minute ($1)"
}

for round in $(seq "$rounds"); do
  start
  await_progress "round $round"
  for _ in $(seq "$round"); do orders >/dev/null || true; done # another instant each round
  kill -KILL "$demo"
  wait "$demo" 2>/dev/null || true
  demo=
done

start
await_progress "after the last kill"
kill -TERM "$demo"
for _ in $(seq 100); do
  kill -0 "$demo" 2>/dev/null || break
  sleep 0.1
done
kill -KILL "$demo" 2>/dev/null && fail "the demo does not end within 10 s of SIGTERM"
wait "$demo" 2>/dev/null || true
demo=

bin/promesse verify --db "$db" || fail "verify finds a broken invariant after $rounds kills"
echo "kills: $rounds kills, every invariant holds"
echo "kills 1 0" >>"${PROMESSE_TALLY:-/dev/null}"
