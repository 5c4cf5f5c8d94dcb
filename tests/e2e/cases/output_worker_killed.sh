. "$E2E/lib.sh"
# A drawing process that is killed is missed, also where the end of processes is ignored, which is inherited: status 70,
# and no report that lacks charts.
command -v pgrep >/dev/null || skip "no pgrep"
env --ignore-signal=CHLD true 2>/dev/null || skip "env cannot ignore a signal"
for ignored in '' CHLD; do
    rm -rf made
    env ${ignored:+--ignore-signal="$ignored"} "$SBSTAT" report "$SAMPLE" -j 2 -o made >out 2>err &
    pid=$!
    worker=
    for _ in $(seq 500); do
        worker=$(pgrep -P "$pid" | head -n 1)
        [ -z "$worker" ] || break
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.01
    done
    [ -n "$worker" ] || fail "no drawing process is seen"
    kill -KILL "$worker" # it has just begun
    wait "$pid"
    status=$?
    [ "$status" = 70 ] || fail "ignored: $ignored: status $status"
    [ ! -e made/index.html ] || fail "ignored: $ignored: a report without its charts"
    grep -q 'drawing process' err || { cat err; fail "it does not say what happened"; }
done
