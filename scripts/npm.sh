#!/usr/bin/env bash
# Installs the packages that a folder's lock file names, when they are not there
# yet: scripts/npm.sh FOLDER. Nothing a package brings is run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

command -v npm >/dev/null || { echo "npm.sh: $1 needs npm; run 'make deps'" >&2; exit 1; }
# npm writes this file last, so it is older than the lock only after a change.
if ! [ "$1/node_modules/.package-lock.json" -nt "$1/package-lock.json" ]; then
  npm --prefix "$1" ci --no-audit --no-fund --ignore-scripts
fi
