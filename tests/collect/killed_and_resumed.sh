#!/bin/sh
# The real program runs experiments on stand-ins of QEMU, Docker and sysbench, and is killed at random moments: by the clock,
# and right before and after calls that change files. After every kill nothing that the journal calls done is missing or
# changed; resumed to the end, every planned run is there exactly once, and nothing is left.
#
# SBSTAT_SEED=N repeats the moments of a failure; SBSTAT_KILLS=N makes more of them.
set -u
work=$(mktemp -d /tmp/sbkr.XXXXXX) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 2
. "$SOURCE_DIR/tests/collect/stand_ins.sh"
stand_ins "$work" || exit 2

seed=${SBSTAT_SEED:-$(date +%s)}
kills=${SBSTAT_KILLS:-30}
echo "seed $seed"

cat >plan.yaml <<PLAN
experiment: killed
seed: 7
boots: 2
drop_caches: false
timeouts: {boot: 60, step: 60, shutdown: 10}
platforms:
  raw: {image: image, program: "$FAKE_QEMU_PROGRAM", accelerator: tcg}
  docker: {image: "mysysbench:latest"}
  host: {}
configs: {c1: {vcpus: 1, memory_mib: 64}}
tests:
  cpu: cpu --cpu-max-prime=2000 --time=1
  file: fileio --file-test-mode=rndrw --file-total-size=4M --file-num=2 --time=1
PLAN
for platform in docker host raw; do
    for test in cpu file; do
        for boot in 1 2; do echo "$platform/c1/${test}_b${boot}_r1.log"; done
    done
done >planned
planned=$(wc -l <planned | tr -d ' ')

# The moments: seconds, or calls; a negative one comes before its call.
awk -v seed="$seed" -v n="$kills" -v preload="${KILL_AT_CALL:-}" 'BEGIN {
    srand(seed)
    for (i = 1; i <= 10 * n; i++)
        if (preload != "" && i % 2) print "call", (rand() < 0.5 ? -1 : 1) * (1 + int(rand() * 240))
        else printf "time %.3f\n", rand() * 1.8 }' >moments

collect() { # collect PREFIX... - with the program and its arguments behind the prefix
    "$@" "$SBSTAT" collect plan.yaml -o "$folder" --resume --allow-busy --scratch s >out 2>err
}

# What the journal calls done is there, under its name or about to get it, and as it was after the kill before; what is there
# under its name is in the journal.
look_after_kill() {
    [ -s "$folder/journal.jsonl" ] || return 0
    sed -n '/}$/p' "$folder/journal.jsonl" >whole.jsonl
    sed -n '/"status": *"done"/s/.*"log": *"\([^"]*\)".*/\1/p' whole.jsonl | sort >done
    uniq -d done | grep . && fail "a run was made twice"
    while IFS= read -r log; do
        file=$folder/$log
        [ -e "$file" ] || file=$file.part
        [ -e "$file" ] || fail "$log is done, but neither it nor its .part is there"
        printf '%s %s\n' "$log" "$(cksum <"$file")"
    done <done >sums.now || exit 1
    comm -13 sums.now sums | grep . && fail "a log that was finished has changed"
    cp sums.now sums
    (cd "$folder" && find . -name '*.log' ! -path './.attempts/*' | sed 's|^\./||' | sort) | comm -13 done - | grep . &&
        fail "a log has its name, but is not in the journal"
    return 0
}

look_at_end() {
    wait_until 20 nothing_left || { ps -A -o args= | grep -F "$work/"; ls containers s; fail "something is left"; }
    look_after_kill
    runs_done "$folder" | diff - planned || fail "the journal does not have each run once as done"
    sed -n '/"status": *"done"/s/.*"log": *"\([^"]*\)".*/\1/p' "$folder/manifest.json" | sort | diff - planned ||
        fail "the manifest does not have each run once as done"
    find "$folder" -name '*.part' -o -name '.sbstat-*' | grep . && fail "temporary files are left"
    (cd "$folder" && find . -name '*.log' ! -path './.attempts/*' | sed 's|^\./||' | sort) | diff - planned || fail "other logs"
    [ "$(complete_runs "$folder")" = "$planned" ] || { cat parse.err; fail "parse reads $(complete_runs "$folder") runs"; }
    for log in $(cat planned); do
        [ "$(grep -c 'total number of events:' "$folder/$log")" = 1 ] || fail "$log has not one report"
    done
}

# Experiment after experiment until all kills are spent.
killed=0 round=0 starts=0
while [ "$killed" -lt "$kills" ]; do
    round=$((round + 1))
    folder=round$round
    : >sums
    while [ "$killed" -lt "$kills" ]; do
        starts=$((starts + 1))
        read -r kind moment <<MOMENT
$(sed -n "${starts}p" moments)
MOMENT
        case $kind in
        time) collect "$KILL_AT" "$moment" 9 ;;
        call) collect env "LD_PRELOAD=$KILL_AT_CALL" "SBSTAT_KILL_CALL=$moment" ;;
        esac
        status=$?
        [ "$status" = 0 ] && break
        [ "$status" = 137 ] || fail "killed at $kind $moment: status $status"
        killed=$((killed + 1))
        look_after_kill || exit 1
    done
    collect env || fail "the last start of $folder: status $?"
    look_at_end
done
echo "$killed kills in $round experiments of $planned runs; $(wc -l <calls | tr -d ' ') executions of tests"

# A second start of a finished experiment makes nothing.
calls=$(wc -l <calls)
collect env || fail "resuming what is finished: status $?"
grep -q "^$planned of $planned runs done in $folder, $planned of them before$" out || fail "it does not say that all is done"
[ "$calls" = "$(wc -l <calls)" ] || fail "it ran tests again"

# What a start says that a signal ended: how to go on, or that nothing is left to do. One that made nothing in a folder that
# has nothing, or that had not yet looked what there is, says nothing.
look_at_words() {
    grep -q '/12 started' err && [ -s "$folder/journal.jsonl" ] || return 0
    words="^go on:  sbstat collect plan.yaml -o $folder --scratch s --allow-busy --resume"
    [ "$(runs_done "$folder" | wc -l)" -lt "$planned" ] || words="^$planned of $planned runs done in $folder"
    grep -q "$words" out || fail "$1: it does not say \"$words\""
}

# Ctrl-C and its like: the program ends what it started before it ends, and says how to go on.
folder=signalled
: >sums
for signal in 2 15 1 2 15; do
    moment=$(awk -v seed="$seed$signal" -v n="$(wc -l <calls)" 'BEGIN { srand(seed + n); printf "%.3f", 0.3 + rand() * 1.2 }')
    collect "$KILL_AT" "$moment" "$signal"
    status=$?
    [ "$status" = 0 ] && break
    [ "$status" = $((128 + signal)) ] || fail "signal $signal after $moment s: status $status"
    nothing_left || { ps -A -o args= | grep -F "$work/"; ls containers s; fail "signal $signal after $moment s leaves something"; }
    find "$folder" -name '*.part' | grep . && fail "signal $signal leaves a log that is not whole"
    look_at_words "signal $signal after $moment s"
    look_after_kill
done
collect env || fail "the last start after signals: status $?"
look_at_end

# The guardian of a program dies: its program with it, and what it did is made again.
folder=unguarded
: >sums
PAUSE=0.3 "$SBSTAT" collect plan.yaml -o "$folder" --allow-busy --scratch s >out 2>err &
owner=$!
victims=0
while kill -0 "$owner" 2>/dev/null && [ "$victims" -lt 4 ]; do
    victim=$(ps -A -o pid=,ppid= | awk -v parent="$owner" '$2 == parent { print $1; exit }')
    if [ -n "$victim" ] && kill -9 "$victim" 2>/dev/null; then victims=$((victims + 1)); fi
    sleep 0.2
done
wait "$owner"
status=$?
[ "$victims" -gt 0 ] || fail "no guardian was found"
case $status in 0 | 5) ;; *) fail "$victims guardians killed: status $status" ;; esac
wait_until 20 nothing_left || fail "a killed guardian leaves something"
"$SBSTAT" collect plan.yaml -o "$folder" --resume --retry-failed --allow-busy --scratch s >out 2>err || fail "after guardians: status $?"
look_at_end

# Resumed at once: nothing is measured beside a program of the one that was killed, which ends when it has to, and no sooner.
cat >bin/sysbench <<'FAKE'
#!/bin/sh
[ "${1:-}" = --version ] && { echo 'sysbench 1.0.20'; exit 0; }
trap '' TERM
for other in $(cat "$STAND/others" 2>/dev/null); do kill -0 "$other" 2>/dev/null && echo "$other" >>"$STAND/beside"; done
echo $$ >>"$STAND/others"
n=0
while [ "$n" -lt "$TICKS" ]; do sleep 0.1 && n=$((n + 1)); done
cat "$LOGS/1.0.20-cpu.txt"
FAKE
cat >plan.yaml <<'PLAN'
experiment: at_once
boots: 1
drop_caches: false
platforms: {host: {}}
configs: {c1: {vcpus: 1, memory_mib: 64}}
tests: {cpu: cpu --time=1}
PLAN
folder=at_once
TICKS=600 "$SBSTAT" collect plan.yaml -o "$folder" --allow-busy --scratch s >out 2>err &
owner=$!
wait_until 60 [ -s others ] || fail "at once: the first test does not begin"
guardian=$(ps -A -o pid=,ppid= | awk -v parent="$owner" '$2 == parent { print $1; exit }')
kill -STOP "$guardian" # what it guards ends when the test wants it to
kill -9 "$owner"
wait "$owner" 2>/dev/null
export TICKS=1
for signal in TERM CONT; do
    : >err
    collect env &
    owner=$!
    wait_until 60 grep -q '0/1 warning: waiting for programs' err || fail "at once: it does not say that it waits"
    case $signal in
    TERM) kill -TERM "$(ps -A -o pid=,ppid= | awk -v parent="$owner" '$2 == parent { print $1; exit }')" ;;
    CONT) kill -CONT "$guardian" ;;
    esac
    wait "$owner"
    status=$?
    [ "$signal:$status" = TERM:143 ] || [ "$signal:$status" = CONT:0 ] || fail "at once: $signal: status $status"
done
[ ! -e beside ] || fail "at once: a test ran beside $(cat beside)"
[ "$(wc -l <others)" -eq 2 ] || fail "at once: $(wc -l <others) tests ran, not 2"
wait_until 20 nothing_left || fail "at once: something is left"
