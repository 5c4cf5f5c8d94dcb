. "$E2E/lib.sh"
# A drawing process that is killed is missed, while pages are counted and while files are drawn, also where the end of
# processes is ignored, which is inherited: status 70, and no report that lacks charts.
command -v pgrep >/dev/null || skip "no pgrep"
env --ignore-signal=CHLD true 2>/dev/null || skip "env cannot ignore a signal"

# The state of a process that was told to stop, when it has or has ended: T or Z, or nothing when it is gone.
stopped_state() {
    while :; do
        state=$(ps -o stat= -p "$1")
        case $state in
        T* | Z* | '') echo "${state%"${state#?}"}" && return ;;
        esac
    done
}
# A child of $pid that is at work: both are stopped for the moment, so that it does not end while it is looked at.
stop_worker() {
    kill -STOP "$pid"
    [ "$(stopped_state "$pid")" = T ] || return
    for child in $(pgrep -P "$pid"); do
        kill -STOP "$child"
        [ "$(stopped_state "$child")" != T ] || { worker=$child && return; }
    done
    kill -CONT "$pid"
}
try_to_kill() { # $1: file that is there when it may be killed, $2: signal that is ignored, or nothing
    rm -rf made
    worker=
    env ${2:+--ignore-signal="$2"} "$SBSTAT" report "$SAMPLE" -j 2 -o made >out 2>err &
    pid=$!
    while [ -z "$worker" ] && kill -0 "$pid" 2>/dev/null; do
        [ ! -e "$1" ] || ! pgrep -P "$pid" >children || stop_worker
    done
    [ -z "$worker" ] || kill -KILL "$worker"
    kill -CONT "$pid" 2>/dev/null
    wait "$pid"
    status=$?
    [ -n "$worker" ]
}
kill_worker() {
    tries=0
    until try_to_kill "$@"; do
        tries=$((tries + 1))
        [ "$tries" -lt 50 ] || fail "no drawing process is seen"
    done
    [ "$status" = 70 ] || fail "ignored: $2: status $status"
    [ ! -e made/index.html ] || fail "ignored: $2: a report without its charts"
    grep -q 'drawing process' err || { cat err; fail "it does not say what happened"; }
}
for ignored in '' CHLD; do
    kill_worker . "$ignored"
    kill_worker made/files.txt "$ignored"
done
