. "$E2E/lib.sh"
# What holds for the whole table is said once below it, not on each row; what holds for some rows is a footnote on them.
cut -d, -f1-16,18- "$SOURCE_DIR/tests/reference/views/design.csv" >unknown.csv
for sub in analyze compare effects repetitions 'compare --aggregate'; do
    # shellcheck disable=SC2086 # words
    sbstat $sub unknown.csv --quiet >out || fail "$sub"
    [ "$(grep -c BOOT_UNKNOWN out)" = 1 ] || { cat out; fail "$sub does not say BOOT_UNKNOWN once"; }
    ! grep -q '^\[[0-9]*\] BOOT_UNKNOWN' out || fail "$sub: a footnote on every row"
done
# With boots in one part of the data only, the rows without have the mark.
awk -F, -v OFS=, 'NR == 1 { print; next } $4 == "docker" { $17 = "" } { print }' "$SOURCE_DIR/tests/reference/views/design.csv" >mixed.csv
sbstat analyze mixed.csv --quiet >out || fail "analyze"
grep -q '^\[[0-9]*\] BOOT_UNKNOWN' out || { cat out; fail "no footnote where only some rows have it"; }
true
