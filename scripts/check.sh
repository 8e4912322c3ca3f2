#!/usr/bin/env bash
# Everything that can be said of the tree without running the suite. Goes on
# after a failure, so that one run tells all, and names the failures at the end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tool() { go tool -modfile=tools/go.mod "$@"; }

formatted() {
  local files
  files=$(tool gofumpt -l cmd internal tools) || return 1
  [ -z "$files" ] || { printf 'not formatted (make fmt):\n%s\n' "$files"; return 1; }
}

modules() {
  go mod tidy -diff && go mod verify && go -C tools mod tidy -diff && go -C tools mod verify
}

shells() {
  local file
  for file in scripts/*.sh .ci/run; do bash -n "$file" || return 1; done
}

failed=()
step() {
  local name=$1 began=$SECONDS
  shift
  if "$@"; then
    echo "check: $name, $((SECONDS - began)) s"
  else
    echo "check: $name FAILED, $((SECONDS - began)) s"
    failed+=("$name")
  fi
}

step build go build ./...
step format formatted
step vet go vet ./...
step staticcheck tool staticcheck ./...
step generated scripts/generated.sh
step modules modules
step words scripts/words.sh
step pictures scripts/pictures.sh
step shell shells
step tools go -C tools vet ./...
step shape go -C tools test ./...

[ ${#failed[@]} = 0 ] || { echo "check: failed: ${failed[*]}" >&2; exit 1; }
