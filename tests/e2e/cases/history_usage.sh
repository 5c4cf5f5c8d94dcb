. "$E2E/lib.sh"
# Wrong words: 2; no history, or a file that is none: 3; a file that cannot be written: 4. The time comes from the manifest.
sbstat parse "$SAMPLE" --where test=cpu -o runs.csv || fail "parse"
expect_status 2 sbstat history
expect_one_error_line add list show
expect_status 2 sbstat history forget
expect_status 2 sbstat history list extra
expect_status 2 sbstat history add runs.csv
expect_one_error_line --id
expect_status 2 sbstat history add runs.csv --id x
expect_one_error_line --at
expect_status 2 sbstat history add runs.csv --id x --at yesterday
expect_one_error_line yesterday
expect_status 2 sbstat history add runs.csv --id '' --at 2026-11-24
expect_status 2 sbstat history add runs.csv --id x --by config --at 2026-11-24
expect_status 2 sbstat history add runs.csv --by no_such_label --at 2026-11-24
expect_one_error_line no_such_label
expect_status 2 sbstat history add runs.csv --by config --at-label no_such_label
expect_status 2 sbstat history add runs.csv --id x --at 2026-11-24 --at-label config
expect_status 2 sbstat history show --correction holm --db no.sqlite
expect_status 2 sbstat history list --db ''
expect_status 3 sbstat history list
expect_one_error_line sbstat-history.sqlite
expect_status 3 sbstat history add no/such/logs --id x --at 2026-11-24
[ -e sbstat-history.sqlite ] && fail "a failed add made a history"
expect_status 3 sbstat history show --db runs.csv
expect_one_error_line runs.csv
expect_status 3 sbstat history add runs.csv --id x --at 2026-11-24 --db runs.csv
sbstat parse "$SAMPLE" --where test=cpu | cmp - runs.csv || fail "a file that is no history was changed"
expect_status 4 sbstat history add runs.csv --id x --at 2026-11-24 --db no/such/folder/h.sqlite

expect_status 0 sbstat history add "$SAMPLE" --id sample
expect_status 0 sbstat history list --format csv
grep -q '^sample,2026-11-2[0-9]T[0-9:.]*Z,' out || { cat out; fail "the time is not the manifest's"; }
expect_status 0 sbstat history show
grep -q 'too few' out || fail "one entry is not too few"
grep -q 'not tested: it takes 8 entries' out || fail "does not say how many it takes"
expect_status 0 sbstat history show --where platform=nowhere
grep -q 'No series' out || fail "nothing to show"
awk 'length($0) > 80 { print "wide: " $0; bad = 1 } END { exit bad }' out || exit 1

# Ids and labels may hold anything; they come back as text.
bad="'; DROP TABLE entry; -- </script> | $(printf '\033[31m\t')=cmd()"
expect_status 0 sbstat history add runs.csv --id "$bad" --at 2026-11-24
for format in text csv json markdown; do
    expect_status 0 sbstat history list --format $format
    grep -q "$(printf '\033')" out && fail "$format lets an escape sequence through"
    grep -q 'DROP TABLE' out || fail "$format lost the id"
done

# A history where nothing can be written can be read.
if have_nobody && let_nobody_in; then
    mkdir locked && cp sbstat-history.sqlite locked/h.sqlite && chmod 755 locked && chmod 444 locked/h.sqlite && chmod 555 locked
    as_nobody "$SBSTAT" history list --db locked/h.sqlite >out 2>err || fail "a read-only history: $(cat err)"
    grep -q sample out || fail "a read-only history has no entry"
    as_nobody "$SBSTAT" history add runs.csv --id y --at 2026-11-24 --db locked/h.sqlite >out 2>err
    [ $? = 4 ] || fail "adding to a read-only history: $(cat err)"
    chmod 755 locked
fi
true
