#!/bin/sh
# Every log in logs/ is read as expected/ says: figures and parameters, interval and histogram rows, unread lines, exit code.
# SBSTAT_UPDATE_GOLDEN=1 writes what is read now as the expectation: look at the difference before committing it.
set -eu
cd "$SOURCE_DIR/tests/golden/parsers"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 count=0
for log in logs/*; do
    name=${log#logs/}
    {
        status=0
        "$SBSTAT" parse "$log" 2>"$work/stderr" || status=$?
        for part in --series --histogram --unread; do
            "$SBSTAT" parse "$part" "$log" >"$work/part" 2>"$work/stderr" || :
            [ "$part" = --unread ] && lines=0 || lines=1
            [ "$(wc -l <"$work/part")" -le "$lines" ] || { echo "# $part"; cat "$work/part"; }
        done
        echo "# exit $status"
    } >"$work/read"
    count=$((count + 1))
    if [ "${SBSTAT_UPDATE_GOLDEN:-}" = 1 ]; then
        cp "$work/read" "expected/$name"
    elif ! diff -u "expected/$name" "$work/read"; then
        failed=$((failed + 1))
    fi
done
for expected in expected/*; do
    [ -e "logs/${expected#expected/}" ] || { echo "$expected: no such log"; failed=$((failed + 1)); }
done
echo "$count logs, $failed read otherwise"
[ "$failed" = 0 ]
