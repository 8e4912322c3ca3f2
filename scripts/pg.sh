#!/usr/bin/env bash
# Runs a command beside a private PostgreSQL: scripts/pg.sh [--fleeting] COMMAND [ARGUMENT…]
#
# The command finds the server in PROMESSE_TEST_DB (a superuser's URL) and the
# server's programs first in PATH. The cluster lives in a temporary folder,
# listens on a free port of 127.0.0.1 and is gone when the command ends, however
# it ends. Durability settings are PostgreSQL's own: fsync is on, unless the
# cluster is said to be fleeting. No test cuts the power, so the suite's is;
# benchmarks are never run that way.
set -euo pipefail

durability=()
if [ "${1:-}" = --fleeting ]; then
  durability=(-c fsync=off -c full_page_writes=off -c synchronous_commit=off)
  shift
fi
[ $# -gt 0 ] || { echo "usage: scripts/pg.sh [--fleeting] COMMAND [ARGUMENT…]" >&2; exit 2; }
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$("$scripts/pgbin.sh") || { echo "pg.sh: no PostgreSQL server found; run 'make deps'" >&2; exit 1; }

home=$(mktemp -d "${TMPDIR:-/tmp}/promesse-pg.XXXXXX")
server=
stop() {
  trap - EXIT
  if [ -n "$server" ]; then
    kill -INT "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# PostgreSQL refuses to run as root.
user=()
if [ "$(id -u)" = 0 ]; then
  name=postgres
  id "$name" >/dev/null 2>&1 || name=nobody
  user=(setpriv --reuid "$name" --regid "$(id -g "$name")" --clear-groups)
  chown "$name" "$home"
fi
# Where the system offers it, the server also stops when this script is killed.
# One call sets both: a later change of user would undo the signal.
keeper=("${user[@]}")
if command -v setpriv >/dev/null; then keeper=(setsid "${user[@]:-setpriv}" --pdeathsig INT); fi

pg() { (cd "$home" && exec "${user[@]}" env -i PATH="$bin:$PATH" LC_ALL=C.UTF-8 "$@"); }

pg initdb --pgdata="$home/data" --username=promesse --auth=trust --encoding=UTF8 --no-sync >"$home/initdb.log" 2>&1 ||
  { cat "$home/initdb.log" >&2; exit 1; }

start() { # one try on one port; false when the server ends at once
  port=$("$scripts/port.sh")
  (cd "$home" && exec "${keeper[@]}" env -i PATH="$bin:$PATH" LC_ALL=C.UTF-8 \
    postgres -D "$home/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c shared_buffers=256MB -c max_connections=100 "${durability[@]}") >"$home/server.log" 2>&1 </dev/null &
  server=$!
  for _ in $(seq 300); do
    if pg pg_isready --quiet --host=127.0.0.1 --port="$port" --username=promesse --dbname=postgres; then return 0; fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  kill -INT "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  server=
  return 1
}

start || start || start || { echo "pg.sh: PostgreSQL does not start:" >&2; cat "$home/server.log" >&2; exit 1; }

export PATH="$bin:$PATH"
export PROMESSE_TEST_DB="postgres://promesse@127.0.0.1:$port/postgres?sslmode=disable"
"$@"
