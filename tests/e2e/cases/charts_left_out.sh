. "$E2E/lib.sh"
# Charts of single runs say how many were left out, those of a cell without any other run too; else nothing changes.
words() { sed 's/<[^>]*>//g' "charts/$1.svg" | tr '\n' ' '; }
says() { words "$1" | grep -qF -- "$2" || { words "$1"; fail "$1 does not say \"$2\""; }; }
draw() { rm -rf charts; expect_status 0 sbstat plot logs -q -f svg -o charts "$@"; }
break_log() {
    sed -E 's/(events per second: *)[0-9.]+/\19.99/' "$1" >changed
    cmp -s changed "$1" && fail "nothing was changed in $1"
    cp changed "$1"
}

cp -r "$SOURCE_DIR/sample-data" logs
draw
for chart in histogram ecdf percentiles; do
    says $chart-cpu-test1-config1 'of all runs'
done
says runs-cpu-test1 'Every run of cpu_test1'
says order-docker-cpu-test1 'every run at its place'
! grep -l 'left out' charts/*.svg || fail "nothing was left out"

break_log logs/docker/config1/cpu_test1_b1_r1.log
break_log logs/raw/config2/cpu_test1_b2_r1.log
draw
says runs-cpu-test1 'Runs of cpu_test1'
says runs-cpu-test1 '58 runs, 2 left out (audit)'
! words runs-cpu-test1 | grep -q 'Every run' || fail "not every run is there"
says order-docker-cpu-test1 '19 runs, 1 left out (audit), each at its place'
says order-qcow2-cpu-test1 'every run at its place'
for chart in histogram ecdf percentiles; do
    says $chart-cpu-test1-config1 'of 14 runs, 1 left out (audit)'
    says $chart-cpu-test1-config3 'of all runs'
done
says series-cpu-test1-config2 '14 runs overlaid, 1 left out (audit)'
draw --include-suspect --chart 'runs-*' --chart 'ecdf-*'
says runs-cpu-test1 'Every run of cpu_test1'
says ecdf-cpu-test1-config1 'of all runs'

for log in logs/qcow2/config1/cpu_test1_*.log; do
    break_log "$log"
done
draw
says runs-cpu-test1 '53 runs, 7 left out (audit)'
says histogram-cpu-test1-config1 'of 9 runs, 6 left out (audit)'
