. "$E2E/lib.sh"
# Wrong words: 2. A side that is not there or has no run: 3, before any work. Output that cannot be written: 4.
expect_status 2 sbstat gate
expect_one_error_line --baseline --candidate
expect_status 2 sbstat gate --baseline "$SAMPLE"
expect_status 2 sbstat gate --baseline "$SAMPLE" --candidate "$SAMPLE" "$SAMPLE"
expect_status 2 sbstat gate --baseline - --candidate -
expect_status 2 sbstat gate --baseline "$SAMPLE" --candidate "$SAMPLE" --format html
expect_one_error_line junit html
expect_status 2 sbstat gate --baseline "$SAMPLE" --candidate "$SAMPLE" --margin 0
expect_status 2 sbstat gate --baseline "$SAMPLE" --candidate "$SAMPLE" --metric no_such_metric
expect_one_error_line no_such_metric
expect_status 3 sbstat gate --baseline "$SAMPLE" --candidate no/such/logs
expect_one_error_line no/such/logs
expect_status 3 sbstat gate --baseline no/such/logs --candidate "$SAMPLE"
mkdir empty
expect_status 3 sbstat gate --baseline "$SAMPLE" --candidate empty
expect_one_error_line empty
expect_status 4 sbstat gate --baseline "$SAMPLE" --candidate "$SAMPLE" -o no/such/folder/out
[ ! -w /dev/full ] || expect_status 4 sbstat gate --baseline "$SAMPLE" --candidate "$SAMPLE" -o /dev/full
# One side may be a pipe.
sbstat parse "$SAMPLE" -o all.csv || fail "parse"
sbstat gate --baseline - --candidate all.csv <all.csv >piped 2>err || fail "standard input as the baseline: $(cat err)"
grep -q 'exactly the same figures' piped || fail "does not say that both sides are the same"
expect_status 1 sbstat gate --baseline all.csv --candidate all.csv --strict
