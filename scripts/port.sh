#!/usr/bin/env bash
# Prints a port of 127.0.0.1 on which nobody listens.
# The range ends below the one Linux hands out to outgoing connections (32768).
set -euo pipefail

for _ in $(seq 50); do
  port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
  if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "$port"
    exit
  fi
done
echo "port.sh: no free port found between 20000 and 32000" >&2
exit 1
