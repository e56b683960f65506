# Plants bugs, one after the other, into a copy of the sources, and demands that the auditor of the queues finds each.
# To be sourced, in the project's directory.

canary_seeds=60

# plant NAME FILE EDIT TARGET: 0 when just one line of the file is another in the target.
plant() {
  local name=$1 file=$2 edit=$3 target=$4 changed
  sed -E "$edit" "$file" >"$target"
  changed=$(diff "$file" "$target" | grep -c '^[<]' || true)
  [ "$changed" -eq 1 ] && return
  echo "canary=$name PLANTED in $changed lines instead of one: $file has changed, see Scripts/lib/canaries.tsv"
  return 1
}

# canaries_fit: whether each can be planted. Takes a second, where finding them all takes an hour.
canaries_fit() {
  local target failed=0 name rules file edit
  target=$(mktemp)
  while IFS=$'\t' read -r name rules file edit; do
    case $name in '#'* | '') continue ;; esac
    plant "$name" "$file" "$edit" "$target" || failed=$((failed + 1))
  done <Scripts/lib/canaries.tsv
  rm -f "$target"
  [ $failed -eq 0 ]
}

# try_canary NAME RULES FILE EDIT: 0 when the bug was found by one of the rules.
try_canary() {
  local name=$1 rules=$2 file=$3 edit=$4 tree=.build/canaries found status=0
  plant "$name" "$file" "$edit" "$tree/$file" || return
  if ! swift build --package-path "$tree" -c release --product branchline-simulate-queue >"$tree/build.log" 2>&1; then
    echo "canary=$name DOES NOT BUILD"
    grep -E 'error:' "$tree/build.log" | head -5
    return 1
  fi
  "$tree/.build/release/branchline-simulate-queue" 1 "$canary_seeds" --terse --stop >"$tree/run.log" 2>/dev/null || status=$?
  # 1 is a violation. A bug that makes the program itself end or hang is none that the auditor has found.
  [ $status -le 1 ] || { echo "canary=$name ENDED the simulation, status $status"; return 1; }
  found=$(grep -E '^seed=[0-9]+ VIOLATION' "$tree/run.log" | head -1)
  if ! grep -qE "VIOLATION [0-9]+ ms: ($rules):" <<<"$found"; then
    echo "canary=$name NOT FOUND by $rules in $canary_seeds seeds ${found:+(but $found)}"
    return 1
  fi
  echo "canary=$name found: $found"
}

# canaries [NAME...]: all of them, or those named.
canaries() {
  local tree=.build/canaries failed=0 count=0 name rules file edit
  mkdir -p "$tree"
  cp -a Package.swift "$tree/"
  rm -rf "$tree/Tests" && ln -s "$PWD/Tests" "$tree/Tests"
  mkdir -p "$tree/Sources"
  cp -a -u Sources/. "$tree/Sources/"
  # One that was interrupted has left its bug, in a file that is newer than its source.
  grep -v '^#' Scripts/lib/canaries.tsv | cut -f 3 | sort -u | while read -r file; do
    [ -z "$file" ] || cmp -s "$file" "$tree/$file" || cp "$file" "$tree/$file"
  done
  while IFS=$'\t' read -r name rules file edit; do
    case $name in '#'* | '') continue ;; esac
    [ $# -eq 0 ] || grep -qxF "$name" <<<"$(printf '%s\n' "$@")" || continue
    count=$((count + 1))
    try_canary "$name" "$rules" "$file" "$edit" || failed=$((failed + 1))
    cp "$file" "$tree/$file"
  done <Scripts/lib/canaries.tsv
  echo "canaries=$count failed=$failed"
  [ $failed -eq 0 ] && [ $count -gt 0 ]
}
