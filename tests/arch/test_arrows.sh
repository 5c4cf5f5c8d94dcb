#!/bin/sh
# No room includes or links what the architecture forbids; and the check can fail: each folder of planted/ holds a small
# tree with one violation, and the line that must be printed for it (expect).
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
failed=0

if ! "$here/check_arrows.sh" "$SOURCE_DIR"; then
    echo "FAILED: the tree has forbidden includes or links (see docs/architecture.md)"
    failed=1
fi

for tree in "$here"/planted/*/; do
    name=$(basename "$tree")
    got=$("$here/check_arrows.sh" "$tree")
    status=$?
    want=$(cat "$tree/expect")
    if [ -n "$want" ]; then want_status=1; else want_status=0; fi
    if [ "$status" != "$want_status" ] || [ "$got" != "$want" ]; then
        printf 'FAILED: planted/%s: status %s, expected %s\n--- expected\n%s\n--- got\n%s\n' \
            "$name" "$status" "$want_status" "$want" "$got"
        failed=1
    fi
done
exit "$failed"
