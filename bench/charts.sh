#!/bin/sh
# charts.sh BUILD_DIR - one chart beside matplotlib and gnuplot (median of 9 processes each, in turns, after one to warm
# up), then a batch of 100 charts in three formats on two cores. Build first:
#   cmake --build BUILD_DIR --target bench_charts
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
program=${1:?usage: charts.sh BUILD_DIR}/bench/bench_charts
python=${PYTHON:-/usr/bin/python3}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

now() { date +%s%N; }
# run LABEL COMMAND...: appends the milliseconds of one run to $out/LABEL
run() {
    label=$1
    shift
    start=$(now)
    "$@" >/dev/null 2>"$out/stderr" || { echo "$label failed:" && cat "$out/stderr" && exit 1; }
    end=$(now)
    echo $(((end - start) / 100000)) >>"$out/$label"
}
median() { sort -n "$out/$1" | awk '{ v[NR] = $1 } END { printf "%.1f", v[int((NR + 1) / 2)] / 10 }'; }

have_python=$("$python" -c 'import matplotlib' 2>/dev/null && echo yes || echo no)
have_gnuplot=$(command -v gnuplot >/dev/null 2>&1 && echo yes || echo no)
for round in 0 1 2 3 4 5 6 7 8 9; do
    run sbstat "$program" one "$out/sbstat.png"
    [ "$have_python" = no ] || run matplotlib "$python" "$here/charts_matplotlib.py" "$out/matplotlib.png"
    [ "$have_gnuplot" = no ] || run gnuplot gnuplot -e "out='$out/gnuplot.png'" "$here/charts_gnuplot.gp"
    [ "$round" != 0 ] || rm -f "$out/sbstat" "$out/matplotlib" "$out/gnuplot"
done
echo "one chart, 1520 px PNG, whole process, median of 9 in ms:"
for label in sbstat matplotlib gnuplot; do
    [ ! -f "$out/$label" ] || echo "  $label $(median "$label")"
done
[ "$have_python" = no ] ||
    awk -v a="$(median matplotlib)" -v b="$(median sbstat)" 'BEGIN { printf "  matplotlib / sbstat = %.1f\n", a / b }'
for round in 1 2 3; do
    run batch "$program" batch "$out" 100 2
done
echo "100 charts x SVG, PNG (2x), PDF, 2 workers: $(median batch) ms ($(find "$out" -name 'chart*' | wc -l | tr -d ' ') files)"
[ -z "${KEEP:-}" ] || cp "$out"/*.png "$KEEP"
