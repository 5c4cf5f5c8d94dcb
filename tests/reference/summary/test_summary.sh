#!/bin/sh
# Every figure of `sbstat analyze sample-data` against what R makes of the same printed numbers (expected.csv, made by
# summary.R): mean, standard deviation and interval agree to 1e-9 of the value or of the cell's mean, and neither side
# has a row that the other lacks.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

compare() {
    awk -F, -v tolerance=1e-9 '
    function column(name) {
        if (!(name in at)) { print "FAILED: no column " name; bad = 1; exit 1 }
        return $(at[name])
    }
    function check(what, got, want, scale,    difference) {
        difference = got - want
        if (difference < 0) difference = -difference
        if (got == "" || difference > tolerance * scale) {
            printf "FAILED: %s %s: got \"%s\", R has %s\n", key, what, got, want
            bad = 1
        }
    }
    function magnitude(x) { return x < 0 ? -x : x }
    FNR == 1 { file++; header = 1 }
    /^#/ { next }
    header { split("", at); for (i = 1; i <= NF; i++) at[$i] = i; header = 0; next }
    /"/ { print "FAILED: a quoted field, which this comparison does not read: " $0; bad = 1; exit 1 }
    {
        key = column("platform") "," column("config") "," column("test") "," column("metric")
    }
    file == 1 {
        n[key] = column("n"); mean[key] = column("mean"); sd[key] = column("sd")
        low[key] = column("ci_low"); high[key] = column("ci_high")
        next
    }
    !(key in n) { print "FAILED: R has no row " key; bad = 1; next }
    {
        scale = magnitude(mean[key])
        if (sd[key] > scale) scale = sd[key]
        if (scale == 0) scale = 1
        check("n", column("n"), n[key], 0)
        check("mean", column("mean"), mean[key], scale)
        check("sd", column("sd"), sd[key], scale)
        check("ci_low", column("ci_low"), low[key], scale)
        check("ci_high", column("ci_high"), high[key], scale)
        rows++
        seen[key] = 1
    }
    END {
        for (key in n)
            if (!(key in seen)) { print "FAILED: no row " key; bad = 1 }
        printf "%d rows compared\n", rows
        exit bad || rows == 0
    }' "$here/expected.csv" "$1"
}

# The comparison can fail: R against itself is equal, a last digit off by 1e-8 of the value is not, nor is a lost row.
compare "$here/expected.csv" >/dev/null || { echo "FAILED: R does not equal itself"; exit 1; }
awk -F, -v OFS=, '/^docker,config1,cpu_test1,events_per_second,/ { $6 = sprintf("%.17g", $6 * (1 + 1e-8)) } { print }' \
    "$here/expected.csv" >"$scratch/off.csv"
if compare "$scratch/off.csv" >/dev/null; then echo "FAILED: would not notice a wrong mean"; exit 1; fi
sed '$d' "$here/expected.csv" >"$scratch/short.csv"
if compare "$scratch/short.csv" >/dev/null; then echo "FAILED: would not notice a lost row"; exit 1; fi

"$SBSTAT" analyze "$SOURCE_DIR/sample-data" --format csv -o "$scratch/summary.csv" || exit 1
compare "$scratch/summary.csv" || exit 1

# The summary that a report writes is the same one.
"$SBSTAT" report "$SOURCE_DIR/sample-data" -o "$scratch/report" >/dev/null || exit 1
cmp "$scratch/summary.csv" "$scratch/report/summary.csv"
