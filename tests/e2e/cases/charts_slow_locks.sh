. "$E2E/lib.sh"
# Drawing processes do not wait for a lock that a thread of the first process held when they were forked.
[ -n "$SLOW_LOCK" ] || skip "no library can be preloaded in this build"
command -v timeout >/dev/null || skip "no timeout"
sbstat plot "$SOURCE_DIR/sample-data" -q -f svg,png -o plain --chart 'heat-*' || fail plain
sbstat report "$SAMPLE" -q -o plain-report >out || fail "plain report"
slowly() { expect_status 0 env LD_PRELOAD="$SLOW_LOCK" timeout -k 1 100 "$SBSTAT" "$@"; }
slowly plot "$SOURCE_DIR/sample-data" -q -f svg,png -o slow --chart 'heat-*'
diff -r plain slow >&2 || fail "other charts"
slowly report "$SAMPLE" -q -o slow-report
diff -r plain-report/charts slow-report/charts >&2 || fail "other charts in the report"
