. "$E2E/lib.sh"
# sysbench prints a percentile that it takes from the histogram it prints: ours must be that one, to its two decimals.
checked=0
for log in "$SOURCE_DIR"/tests/golden/parsers/logs/*histogram.txt; do
    rank=$(sed -n 's/^ *\([0-9]*\)th percentile:.*/\1/p' "$log")
    printed=$(sed -n 's/^ *[0-9]*th percentile: *//p' "$log")
    sbstat analyze "$log" --percentiles "$rank" --format csv --quiet -o ours.csv || fail "percentiles of $log"
    [ "$(wc -l <ours.csv)" -eq 2 ] || fail "not one row for $log"
    awk -v ours="$(column value ours.csv)" -v printed="$printed" -v low="$(column value_low ours.csv)" -v high="$(column value_high ours.csv)" 'BEGIN {
        if (sprintf("%.2f", ours) != printed || !(low < ours && ours < high)) { print "FAILED: " ours " [" low ", " high "], sysbench: " printed; exit 1 } }' || exit 1
    checked=$((checked + 1))
done
[ $checked -gt 0 ] || fail "no log with a histogram"
