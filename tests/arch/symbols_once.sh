#!/bin/sh
# No two files define the same function: of two in static libraries the linker takes whichever comes first, and says nothing.
set -u
command -v nm >/dev/null 2>&1 || { echo "SKIPPED: no nm"; exit 77; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
twice() { # LIBRARIES... - "symbol" for each that more than one object defines
    for library; do nm -g "$library" 2>/dev/null; done | awk '$2 ~ /^[TDBR]$/ { print $3 }' | sort | uniq -d
}

# The check can fail.
mkdir "$work/a" "$work/b"
for place in a b; do
    echo "int sb_planted(void); int sb_planted(void) { return 1; }" >"$work/$place/$place.c"
    "${CC:-cc}" -c "$work/$place/$place.c" -o "$work/$place/$place.o" || { echo "SKIPPED: no C compiler"; exit 77; }
    ar rc "$work/lib.a" "$work/$place/$place.o"
done
twice "$work/lib.a" | grep -q sb_planted || { echo "FAILED: would not notice a function that is there twice"; exit 1; }

libraries=$(find "$BUILD_DIR" -name 'libsb_*.a')
[ -n "$libraries" ] || { echo "FAILED: no libraries in the build folder"; exit 1; }
# shellcheck disable=SC2086 # paths of ours, without blanks
found=$(twice $libraries | grep -E '^_?sb_')
[ -z "$found" ] || { printf 'FAILED: defined in more than one file:\n%s\n' "$found"; exit 1; }
