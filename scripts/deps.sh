#!/usr/bin/env bash
# Installs what the tests need beside Go: PostgreSQL's server, Node.js, Chromium,
# a font, poppler (labels are read back from the page), and the browser tests'
# packages. On Debian as root it installs them; anywhere else it fails and names
# what is missing. Quick when all is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

node_major=20 # what playwright-core asks for

has() { command -v "$1" >/dev/null 2>&1; }
has_node() { has node && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge "$node_major" ]; }
has_font() { [ -n "$(find /usr/share/fonts -name DejaVuSans.ttf -print -quit 2>/dev/null)" ]; }

# Debian's names of the packages that are missing, one a line.
missing() {
  scripts/pgbin.sh >/dev/null || echo postgresql
  has chromium || has chromium-browser || has google-chrome || echo chromium
  has_node || echo nodejs
  has npm || echo npm
  has_font || echo fonts-dejavu-core
  has pdftoppm || echo poppler-utils
  has curl || echo curl
  has git || echo git
}

install() { DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" </dev/null; }

mapfile -t packages < <(missing)
if [ ${#packages[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! [ -e /etc/debian_version ]; then
    echo "make deps: missing: ${packages[*]} (Debian's names; Node.js must be $node_major or newer)." >&2
    echo "Install them, or run 'make deps' as root on Debian." >&2
    exit 1
  fi
  echo "make deps: installing ${packages[*]}"
  # The package list on a fresh machine may be empty or stale: fetch it, once.
  install "${packages[@]}" || { apt-get update && install "${packages[@]}"; }
  mapfile -t packages < <(missing)
  if [ ${#packages[@]} -gt 0 ]; then
    echo "make deps: installed, yet still missing or too old: ${packages[*]} (Node.js must be $node_major or newer)." >&2
    exit 1
  fi
fi

scripts/npm.sh e2e
