#!/bin/sh
# `sbstat run` and `sbstat collect` as people meet them, on this host with a stand-in of sysbench: from the plan to the
# report, what is said, and how they end when tests fail, the disk fills, folders are not what they should be, two start at
# once, the plan is edited meanwhile, and Ctrl-C comes.
set -u
if [ "${1:-}" = inside ]; then work=$2; else work=$(mktemp -d /tmp/sbrr.XXXXXX) || exit 2; fi
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 2
. "$SOURCE_DIR/tests/collect/stand_ins.sh"
stand_ins "$work" || exit 2

write_plan() { # write_plan BOOTS
    cat >plan.yaml <<PLAN
experiment: small
boots: $1
drop_caches: false
platforms: [host]
configs: {native: {}}
tests: {cpu: cpu --time=1, mem: memory --time=1}
PLAN
}
expect() { # expect STATUS ARGUMENTS... - of sbstat, with output in out and err
    wanted=$1
    shift
    "$SBSTAT" "$@" --allow-busy --scratch s >out 2>err </dev/null
    got=$?
    [ "$got" = "$wanted" ] || fail "status $got, not $wanted: sbstat $*"
}
says() { # says FILE TEXT...
    where=$1
    shift
    for text; do grep -qF -- "$text" "$where" || { cat "$where"; fail "$where does not say: $text"; }; done
}
silent() { if grep -F -- "$2" "$1"; then fail "$1 says: $2"; fi; }

disk_fills() {
    mkdir small
    mount -t tmpfs -o size=1500k none small || exit 77
    export FLOOD=memory
    expect 4 collect plan.yaml -o small/logs
    says err 'cannot write small/logs/host/native/mem_b' '.log.part: No space left on device'
    find small -name '*.part' | grep . && fail 'a log that did not fit is left'
    runs_done small/logs >before
    unset FLOOD
    mount -o remount,size=9000k small
    expect 0 collect plan.yaml -o small/logs --resume
    says out '4 of 4 runs done'
    [ "$(runs_done small/logs | comm -12 - before | wc -l)" = "$(wc -l <before)" ] || fail 'what was done is lost'
    [ "$(complete_runs small/logs)" = 4 ] || fail 'not four complete runs after the disk was full'
    mkdir small/else
    mount -o remount,ro small
    expect 4 collect plan.yaml -o small/else
    says err 'cannot write into small/else: Read-only file system'
    umount small
}
write_plan 2
if [ "${1:-}" = inside ]; then
    disk_fills
    exit 0
fi

# All is well: 0, the report beside the logs, whatever the folder is called.
for folder in logs 'my lögs/' ./deep/er//; do
    plain=$(printf %s "$folder" | sed 's|/*$||')
    expect 0 run plan.yaml -o "$folder"
    says out "4 of 4 runs done in " "$plain-report/index.html"
    silent out 'report: '
    [ -s "$plain-report/index.html" ] && [ -s "$plain-report/report.json" ] || fail "no report in $plain-report"
    [ "$(complete_runs "$plain")" = 4 ] || fail "not four complete runs in $plain"
    nothing_left || fail 'something is left'
done
grep -q "$(printf '\r')" err && fail 'a progress line, where no terminal is'
[ "$(grep -cE '^[0-9T:-]+Z [0-4]/4 [a-z]+( |$)' err)" = 12 ] || { cat err; fail 'not one line for each event'; }

# A folder that only dots name has its report beside it all the same, as what collect prints says.
mkdir exp exp/a exp/b
for folder in a b; do
    (
        cd "exp/$folder" || exit 2
        "$SBSTAT" run "$work/plan.yaml" -o . --allow-busy --scratch "$work/s" >"$work/out" 2>"$work/err" || fail "run -o . ended with $?"
        says "$work/out" "4 of 4 runs done in ." "../$folder-report/index.html"
        "$SBSTAT" collect "$work/plan.yaml" -o ./. --resume --scratch "$work/s" >"$work/out" 2>"$work/err" || fail "collect -o ./. ended with $?"
        says "$work/out" "report: sbstat report . -o ../$folder-report"
    ) || exit 1
    [ -s "exp/$folder-report/index.html" ] || fail "no report of . in $folder-report"
done
[ "$(ls exp | tr '\n' ' ')" = 'a a-report b b-report ' ] || fail "beside the folders: $(ls exp)"
rm -r exp

# Whoever reads the progress may go away, the experiment goes on.
"$SBSTAT" collect plan.yaml -o unread --allow-busy --scratch s 2>&1 >out | head -n 1 >first
[ -s first ] || fail 'no progress is told'
[ "$(complete_runs unread)" = 4 ] || fail 'the experiment ended with the reader of its progress'
nothing_left || fail 'something is left'
rm -r unread

# --resume of what was never begun says so.
expect 0 collect plan.yaml -o typo --resume
says err 'typo has no run of this experiment yet: it begins'
rm -r typo

# On a terminal one line, which is rewritten and never wider than the terminal.
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    PAUSE=0.2 script -qec "stty cols 50; exec '$SBSTAT' collect plan.yaml -o narrow --allow-busy --scratch s" typescript >/dev/null 2>&1 </dev/null
    tr '\r' '\n' <typescript | sed 's/^.\[K//' | grep '^[0-9] of 4' | grep -v ' runs done in ' >lines
    grep -q '^2 of 4, .* left: host native, boot 2: starting$' lines || { cat lines; fail 'no progress line'; }
    awk 'length($0) > 49 { print; bad = 1 } END { exit bad }' lines || fail 'a progress line is wider than the terminal'
    sed 's/host\]/{a_platform_with_a_name_that_does_not_fit: {driver: host}}/; s/platforms: \[/platforms: /' plan.yaml >wide.yaml
    script -qec "stty cols 50; exec '$SBSTAT' collect wide.yaml -o wide --allow-busy --scratch s" typescript >/dev/null 2>&1 </dev/null
    tr '\r' '\n' <typescript | sed 's/^.\[K//' | grep '^[0-9] of 4' | grep -v ' runs done in ' >lines
    grep -q '…$' lines || { cat typescript lines; fail 'a long line is not cut'; }
    LC_ALL=C awk '{ gsub(/…/, ".") } length($0) > 49 { print; bad = 1 } END { exit bad }' lines || fail 'a progress line is wider than the terminal'
fi

# Again: refused without --resume; with it nothing is run, the report is made again.
expect 4 run plan.yaml -o logs
says err 'logs has an experiment already; --resume goes on with it'
calls=$(wc -l <calls)
rm -r logs-report
expect 0 run plan.yaml -o logs --resume -q
says out '4 of 4 runs done in logs, 4 of them before' logs-report/index.html
[ "$calls" = "$(wc -l <calls)" ] && [ ! -s err ] || fail 'a finished experiment is run again, or -q is not silent'

# Tests that fail: 5; the others are in the report; --retry-failed makes the rest.
FAIL=cpu
export FAIL
expect 5 run plan.yaml -o some
says out '2 of 4 runs done in some, 2 failed' 'again:  sbstat run plan.yaml -o some --scratch s --allow-busy --resume --retry-failed' some-report/index.html
says err 'host/native/cpu_b1_r1.log: exit status 1: sysbench run'
FAIL=run
expect 5 run plan.yaml -o none
says out '0 of 4 runs done in none, 4 failed'
says err 'no usable sysbench run in none'
[ -e none-report ] && fail 'a report of nothing'
unset FAIL
expect 0 run plan.yaml -o some --resume --retry-failed
says out '4 of 4 runs done in some, 2 of them before'

# A report that could not be written is said before the experiment.
echo mine >kept-report
expect 4 run plan.yaml -o kept
says err 'the report goes to kept-report, which is no folder' 'move it away'
rm kept-report
mkdir kept-report
echo mine >kept-report/index.html
expect 4 run plan.yaml -o kept
says err 'kept-report/index.html exists and is not an earlier report'
[ -e kept ] && fail 'the experiment began'

# Folders that are none.
for folder in '' -; do
    expect 2 collect plan.yaml -o "$folder"
    expect 2 run plan.yaml -o "$folder"
    says err '-o DIR says where the logs go'
done
expect 4 collect plan.yaml -o plan.yaml
says err 'cannot make the folder plan.yaml: Not a directory'
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    mkdir -m 755 locked
    chmod 755 "$work"
    setpriv --reuid=65534 --regid=65534 --clear-groups "$SBSTAT" collect plan.yaml -o locked/logs --allow-busy >out 2>err
    [ $? = 4 ] || fail 'a locked folder'
    says err 'cannot make the folder locked/logs: Permission denied'
    setpriv --reuid=65534 --regid=65534 --clear-groups "$SBSTAT" collect plan.yaml -o locked --allow-busy >out 2>err
    [ $? = 4 ] || fail 'a locked folder'
    says err 'cannot write into locked: Permission denied'
fi

mkdir mine
echo dear >mine/letter
expect 4 collect plan.yaml -o mine
says err 'mine is not empty (letter) and no experiment'
[ "$(ls -A mine)" = letter ] || { ls -A mine; fail 'something is left in a folder that is none of ours'; }

# A start that was refused is none: the next one needs no --resume, and the plan may be edited.
sed -e 's/\[host\]/{docker: {image: guest}}/' -e 's/native: {}/native: {vcpus: 1, memory_mib: 64}/' plan.yaml >docker.yaml
MISDEED=down:version
export MISDEED
expect 5 collect docker.yaml -o refused
says err 'Docker does not answer'
unset MISDEED
expect 0 collect plan.yaml -o refused
says out '4 of 4 runs done in refused'
cmp plan.yaml refused/plan.yaml || fail 'the plan that was refused is kept'

# Two at once, and a plan that is edited while it runs.
cp plan.yaml as_begun.yaml
PAUSE=1.5 "$SBSTAT" collect plan.yaml -o twice --allow-busy --scratch s >first.out 2>first.err &
first=$!
wait_until 20 grep -q ' run ' first.err || fail 'the first does not begin'
expect 4 collect plan.yaml -o ./twice/ --resume
says err "another sbstat (process $first) is collecting into ./twice/"
sed 's/cpu --time=1/cpu --time=1 --cpu-max-prime=999/' as_begun.yaml >plan.yaml
wait "$first" || fail "the first ended with $?"
cmp as_begun.yaml twice/plan.yaml || fail 'the copy of the plan is not the plan that was run'
grep -q 'max-prime=999' twice/host/native/*.log && fail 'two plans are mixed'
expect 2 collect plan.yaml -o twice --resume
says err 'twice was begun with another plan: "cpu: {run: "cpu --time=1 --cpu-max-prime=999"}" was "cpu: {run: "cpu --time=1"}"'
expect 0 collect as_begun.yaml -o twice --resume

# Ctrl-C in the experiment: 130, no report. In the report: at once.
write_plan 2
PAUSE=3 SLOWEST=3 "$KILL_AT" 0.7 2 "$SBSTAT" run plan.yaml -o stopped --allow-busy --scratch s >out 2>err
[ $? = 130 ] || fail 'Ctrl-C in the experiment'
says out ' of 4 runs done in stopped, 4 missing; stopped' 'go on:  sbstat run plan.yaml -o stopped --scratch s --allow-busy --resume'
[ -e stopped-report ] && fail 'a report of a stopped experiment'
nothing_left || fail 'Ctrl-C leaves something'
mkdir stopped-report
mkfifo stopped-report/summary.csv # the report waits for a reader
printf 'files written by sbstat report\nsummary.csv\n' >stopped-report/files.txt
"$KILL_AT" 60 9 "$SBSTAT" run plan.yaml -o stopped --resume --allow-busy --scratch s >out 2>err &
launcher=$!
wait_until 20 grep -q finished err || fail 'it does not finish'
sleep 1
kill -INT "$(ps -A -o pid=,ppid= | awk -v parent="$launcher" '$2 == parent { print $1; exit }')"
wait "$launcher"
status=$?
[ "$status" = 130 ] || fail "Ctrl-C in the report: status $status"
rm stopped-report/summary.csv
expect 0 run plan.yaml -o stopped --resume
says out '4 of 4 runs done in stopped, 4 of them before'

# A disk that fills.
unshare=unshare
[ "$(id -u)" = 0 ] || unshare='unshare -r'
if $unshare -m sh -c 'mount -t tmpfs none /mnt' 2>/dev/null; then
    mkdir inside
    $unshare -m sh "$SOURCE_DIR/tests/collect/run_and_report.sh" inside "$work/inside" || exit 1
else
    echo 'not tried: a full disk, since nothing can be mounted here'
fi
