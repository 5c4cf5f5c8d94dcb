#!/bin/sh
# No two files define one external name: a static library would silently take whichever comes first.
set -u
command -v nm >/dev/null || { echo "SKIPPED: no nm"; exit 77; }
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# file:name of each external definition in the libraries
definitions() { nm -A -g --defined-only "$@" 2>/dev/null | awk 'NF == 3 && $2 ~ /^[TDBR]$/ { print $3 }'; }
twice() { definitions "$@" | sort | uniq -d; }

# The check can fail.
echo 'int sb_planted(void); int sb_planted(void) { return 1; }' >"$work/a.c"
cp "$work/a.c" "$work/b.c"
for file in a b; do cc -c -o "$work/$file.o" "$work/$file.c" || exit 2; done
[ "$(twice "$work/a.o" "$work/b.o")" = sb_planted ] || { echo "FAILED: would not notice a name defined twice"; exit 1; }

set -- "$BUILD_DIR"/*/libsb_*.a
[ -e "$1" ] || { echo "FAILED: no libraries in $BUILD_DIR"; exit 1; }
[ "$(definitions "$@" | wc -l)" -gt 300 ] || { echo "FAILED: too few names were read"; exit 1; }
found=$(twice "$@")
[ -z "$found" ] || { printf 'FAILED: defined twice:\n%s\n' "$found"; exit 1; }
