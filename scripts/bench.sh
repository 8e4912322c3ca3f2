#!/usr/bin/env bash
# Measures the product against its limits on one engine: PostgreSQL when
# PROMESSE_TEST_DB names a server (scripts/pg.sh sets it), else SQLite. Each case
# has a new database. A JSON line a case on standard output.
# Exits 1 when a case could not be measured, else 3 when a goal is missed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

go build -o bin/promesse ./cmd/promesse
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

database() { # the URL of a new database for one case
  if [ -z "${PROMESSE_TEST_DB:-}" ]; then
    echo "sqlite:$folder/$1.db"
    return
  fi
  psql "$PROMESSE_TEST_DB" --quiet --command "create database bench_$1" >&2
  echo "${PROMESSE_TEST_DB/\/postgres\?//bench_$1?}"
}

worst=0
for case in quote label points commit fire page live idle start; do
  url=$(database "$case")
  status=0
  bin/promesse bench "$case" --db "$url" --json || status=$?
  case $status in
    0) ;;
    3) echo "bench.sh: $case misses its goal" >&2; [ "$worst" = 1 ] || worst=3 ;;
    *) echo "bench.sh: $case could not be measured (exit $status)" >&2; worst=1 ;;
  esac
done
exit "$worst"
