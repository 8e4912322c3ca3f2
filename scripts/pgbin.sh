#!/usr/bin/env bash
# Prints the folder of the PostgreSQL server's programs, the newest of those
# installed; fails without a word when there is none. Debian keeps them out of
# PATH, one folder a version.
set -euo pipefail

candidates() {
  find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -Vr
  pg_config --bindir 2>/dev/null || true
  dirname "$(command -v initdb || echo /nowhere/initdb)"
}

while read -r folder; do
  if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && [ -x "$folder/psql" ]; then
    echo "$folder"
    exit
  fi
done < <(candidates)
exit 1
