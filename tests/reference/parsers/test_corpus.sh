#!/bin/sh
# On a collection of published logs every run is found once and every figure equals the printed one: the tidy CSV, the committed
# expectation and a fresh reading by independent_parse.py agree file by file. Skipped without the collection or Python.
set -eu
corpus=${SBSTAT_CORPUS:-$SOURCE_DIR/../shared/corpus}
here=$SOURCE_DIR/tests/reference/parsers
[ -d "$corpus" ] || { echo "no collection of logs at $corpus (SBSTAT_CORPUS)"; exit 77; }
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$SBSTAT" parse "$corpus" >"$work/runs.csv" 2>"$work/stderr"
python3 "$here/independent_parse.py" --csv "$work/runs.csv" >"$work/program.tsv"
python3 "$here/independent_parse.py" "$corpus" >"$work/independent.tsv"
diff -u "$here/corpus_expected.tsv" "$work/independent.tsv" || { echo "the expectation is not what independent_parse.py reads"; exit 1; }
diff -u "$here/corpus_expected.tsv" "$work/program.tsv" || { echo "the program reads other figures"; exit 1; }

# Lines inside a run that no rule knows: sysbench printed none of them. What others wrote into the logs is listed here.
"$SBSTAT" parse --unread "$corpus" 2>/dev/null | sed 's/^[^:]*:[0-9]*: //' | sort | uniq -c >"$work/unread"
printf '      1 1\n' | diff -u - "$work/unread" || { echo "unread lines"; exit 1; }
awk -F '\t' '{runs += $2; figures += $3} END {print NR " files, " runs " runs, " figures " figures: all equal"}' "$here/corpus_expected.tsv"
