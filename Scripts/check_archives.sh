#!/usr/bin/env bash
# Check the exported programs of a repository: archives are read, and every shape is derived again.
#
# usage: check_archives.sh [PATH ...]     archives, or folders to search for *.pt2; by default the current folder
#
# The command is $SWIFTFX, or `swiftfx` on the PATH, or built from the repository that contains this script.
# Prints a line for each archive, and its findings if there are any. Exits with the largest code of
# Documentation/exit-codes.md: 0 all is well, 1 a finding, 65 an archive that cannot be read.
set -uo pipefail

command=${SWIFTFX:-$(command -v swiftfx || true)}
if [ -z "$command" ]; then
  package=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  swift build --package-path "$package" -c release --product swiftfx >&2 || exit 70
  command=$(swift build --package-path "$package" -c release --show-bin-path)/swiftfx
fi

archives=()
[ $# -gt 0 ] || set -- .
for path in "$@"; do
  if [ -d "$path" ]; then
    while IFS= read -r -d '' file; do archives+=("$file"); done \
      < <(find "$path" -name '*.pt2' -type f -not -path '*/.build/*' -print0 | sort -z)
  else
    archives+=("$path")
  fi
done

worst=0
for archive in ${archives[@]+"${archives[@]}"}; do
  status=0
  report=$("$command" propagate "$archive" --keep-going 2>&1) || status=$?
  case $status in
    0) echo "ok          $archive" ;;
    1) echo "finding     $archive"; printf '%s\n' "$report" ;;
    65) echo "unreadable  $archive"; printf '%s\n' "$report" ;;
    *) echo "exit code $status for $archive"; printf '%s\n' "$report" ;;
  esac
  [ "$status" -le "$worst" ] || worst=$status
done
[ ${#archives[@]} -gt 0 ] || echo "no archives"
exit "$worst"
