#!/usr/bin/env bash
# Speaks to Stripe's own mock (https://github.com/stripe/stripe-mock, MIT), which
# is built into a temporary folder: does it take what we send?
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=$(mktemp -d)
mock=
finish() {
  trap - EXIT
  [ -z "$mock" ] || kill "$mock" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

GOBIN=$folder go install github.com/stripe/stripe-mock@v0.203.0
port=$(scripts/port.sh)
"$folder/stripe-mock" -http-addr "127.0.0.1:$port" >"$folder/log" 2>&1 &
mock=$!
for _ in $(seq 100); do
  curl --silent --max-time 1 "http://127.0.0.1:$port/" >/dev/null && break
  kill -0 "$mock" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
  sleep 0.1
done
PROMESSE_STRIPE_MOCK="http://127.0.0.1:$port" go test -tags stripemock -count 1 -run StripesOwnMock ./internal/payment/stripe
