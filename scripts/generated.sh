#!/usr/bin/env bash
# The generated files: "scripts/generated.sh" fails when one is not what its
# source makes today, "scripts/generated.sh write" writes them again. Checking
# changes nothing in the tree. Pages come from templ files, docs/routes.md from
# the program, tables of data from the makers in tools/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mode=${1:-check}
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
stale=0

files() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r f; do [ ! -e "$f" ] || echo "$f"; done; }

settle() { # NAME…: each file is what was made of it in the copy, or becomes it
  local file
  for file in "$@"; do
    if [ "$mode" = write ]; then
      mkdir -p "$(dirname "$file")"
      cp "$copy/tree/$file" "$file"
    elif ! diff -u "$file" "$copy/tree/$file"; then
      echo "generated.sh: $file is not current; run 'make generate'" >&2
      stale=1
    fi
  done
}

# Pages: x.templ makes x_templ.go. One whose source is gone is not current.
go build -modfile=tools/go.mod -o "$copy/templ" github.com/a-h/templ/cmd/templ
mkdir -p "$copy/tree/docs"
files '*.templ' go.mod | tar -c -f - -T - | tar -x -f - -C "$copy/tree"
(cd "$copy/tree" && "$copy/templ" generate -log-level error)
mapfile -t made < <(cd "$copy/tree" && find . -name '*_templ.go' | sed 's|^\./||' | sort)
settle "${made[@]}"
while read -r file; do
  [ -e "$copy/tree/$file" ] || { echo "generated.sh: $file has no templ file; remove it" >&2; stale=1; }
done < <(files '*_templ.go')

# The paths of every door, and who may use them.
go build -o "$copy/promesse" ./cmd/promesse
"$copy/promesse" routes >"$copy/tree/docs/routes.md"
settle docs/routes.md

# The states of a return, drawn from the table that moves them.
"$copy/promesse" states >"$copy/tree/docs/returns-states.md"
settle docs/returns-states.md

# Tables of data: each maker has a "generate" and a "check" of its own.
task=check
[ "$mode" = check ] || task=generate
for maker in tools/*/package.json; do
  maker=${maker%/package.json}
  scripts/npm.sh "$maker" >&2
  npm --prefix "$maker" run --silent "$task" || { echo "generated.sh: $maker: $task failed" >&2; stale=1; }
done
exit "$stale"
