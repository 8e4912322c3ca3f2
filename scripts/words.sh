#!/usr/bin/env bash
# Fails when a file of the tree holds what must not be handed in: a path of
# somebody's machine, work marked as unfinished, a test that is skipped or
# sleeps, a registry's address in a lock file. Patterns are split so that this
# file does not find itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

found=0
refuse() { # WHY PATTERN PATHSPEC…
  local why=$1 pattern=$2
  shift 2
  if git grep --untracked -nIE -e "$pattern" -- "$@"; then
    echo "words.sh: $why" >&2
    found=1
  fi
}

refuse 'a path of one machine' '(^|[^[:alnum:]_.*-])/(wor''k|far''m|roo''t|Use''rs|hom''e/[a-z]+)/' . ':!*go.sum'
refuse 'unfinished work' '\<(TO''DO|FIX''ME)\>' '*.go' '*.templ' '*.sql' '*.css' '*.js' '*.mjs' '*.sh' '*.md' Makefile
refuse 'a test that is skipped' '\<t\.Skip|testing\.Short\(' '*_test.go'
refuse 'a test that sleeps' '\<time\.Sleep\(' '*_test.go'
refuse "a registry's address in a lock file" '"resolved": *"http' '*package-lock.json'
exit "$found"
