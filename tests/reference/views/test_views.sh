#!/bin/sh
# The figures of the views beyond pairs, through the program's CSV, against what R makes of the same data (expected.tsv, made by
# views.R from design.csv and warmup.log): closed forms agree to 1e-9, fitted laws to 1e-6 of the value.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

table() {
    name=$1
    shift
    "$SBSTAT" "$@" --quiet --format csv -o "$scratch/$name.csv" || { echo "FAILED: sbstat $*"; exit 1; }
}
design=$here/design.csv
table effects effects "$design" --by platform,vcpus
table repetitions repetitions "$design" --width 1% --cost-boot 30 --cost-run 10
table summary analyze "$design" --prediction --all-columns
table difference compare "$design" --estimate difference
table shift compare "$design" --estimate hodges-lehmann --test mann-whitney
table permutation compare "$design" --test permutation --all-columns
table aggregate compare "$design" --aggregate
table scaling analyze "$design" --scaling vcpus
table steady analyze "$here/warmup.log" --steady

# check EXPECTED - every line of it against the CSV of its command
check() {
    awk -F '\t' -v folder="$scratch" '
    function magnitude(x) { return x < 0 ? -x : x }
    function read_table(name,    file, line, fields, nr, i) {
        file = folder "/" name ".csv"
        rows[name] = 0
        while ((getline line < file) > 0) {
            nr = split(line, fields, ",")
            if (!((name, "*") in at)) {
                for (i = 1; i <= nr; i++) at[name, fields[i]] = i
                at[name, "*"] = nr
                continue
            }
            rows[name]++
            for (i = 1; i <= nr; i++) cell[name, rows[name], i] = fields[i]
        }
        close(file)
    }
    /^#/ { next }
    {
        if (!($1 in rows)) read_table($1)
        found = 0
        conditions = split($2, condition, ";")
        for (r = 1; r <= rows[$1]; r++) {
            fits = 1
            for (c = 1; c <= conditions; c++) {
                split(condition[c], pair, "=")
                if (!(($1, pair[1]) in at)) { print "FAILED: " $1 " has no column " pair[1]; bad = 1; exit 1 }
                if (cell[$1, r, at[$1, pair[1]]] != pair[2]) fits = 0
            }
            if (fits) { found++; row = r }
        }
        if (found != 1) { print "FAILED: " found " rows of " $1 " are " $2; bad = 1; next }
        if (!(($1, $3) in at)) { print "FAILED: " $1 " has no column " $3; bad = 1; next }
        got = cell[$1, row, at[$1, $3]]
        difference = magnitude(got - $4)
        tolerance = $2 ~ /part=law/ ? 1e-6 : 1e-9
        scale = magnitude($4) < 1e-3 ? 1e-3 : magnitude($4)
        if (got == "" || difference > tolerance * scale) {
            printf "FAILED: %s %s %s: got \"%s\", R has %s\n", $1, $2, $3, got, $4
            bad = 1
        }
        checked++
    }
    END { printf "%d figures compared\n", checked; exit bad || checked == 0 }' "$1"
}

# The comparison can fail.
awk -F '\t' -v OFS='\t' '!done && $3 == "speedup" { $4 = sprintf("%.17g", $4 * (1 + 1e-8)); done = 1 } { print }' "$here/expected.tsv" >"$scratch/off.tsv"
if check "$scratch/off.tsv" >/dev/null; then echo "FAILED: would not notice a wrong speed-up"; exit 1; fi
check "$here/expected.tsv"
