#!/usr/bin/env bash
# Each picture that a text shows exists, and each picture in docs/shots is shown
# by a text; together they stay small.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

most=4096 # kilobytes of all pictures

shown=$(grep -ohE 'shots/[a-z0-9-]+\.[a-z]+' README.md docs/*.md | sed 's|^shots/||' | sort -u)
there=$(cd docs/shots && ls -1 | sort -u)
status=0
tell() { # PROBLEM NAME…
  local problem=$1 name
  shift
  for name in "$@"; do
    echo "pictures.sh: docs/shots/$name $problem" >&2
    status=1
  done
}
mapfile -t missing < <(comm -23 <(echo "$shown") <(echo "$there"))
mapfile -t idle < <(comm -13 <(echo "$shown") <(echo "$there"))
tell "is shown and not there; run 'make shots'" "${missing[@]}"
tell "is there and not shown" "${idle[@]}"
size=$(cat docs/shots/* | wc -c)
[ $((size / 1024)) -le "$most" ] || { echo "pictures.sh: docs/shots holds $((size / 1024)) KB; $most are enough" >&2; status=1; }
exit "$status"
