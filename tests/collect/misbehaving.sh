#!/bin/sh
# What people see of guests, containers and programs that hang, end early, say nothing, lie, flood or are killed, through the
# whole program: the message, status 5, what is kept in .attempts, and that what hung once is tried again.
#
# The drivers alone against more of these: unit.qemu_fake, unit.ssh_channel, collect.fake_docker, unit.process.
set -u
work=$(mktemp -d /tmp/sbmb.XXXXXX) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 2
. "$SOURCE_DIR/tests/collect/stand_ins.sh"
stand_ins "$work" || exit 2

write_plan() { # write_plan PLATFORM OPTIONS - two tests of one boot, which is tried twice
    cat >plan.yaml <<PLAN
experiment: misbehaving
boots: 1
retries: 1
drop_caches: false
timeouts: {boot: ${boot:-30}, step: 2, shutdown: 2}
platforms: {$1: $2}
configs: {c1: {vcpus: 1, memory_mib: 64}}
tests: {cpu: cpu --time=1, mem: memory --time=1}
PLAN
}
try() { # try STATUS PATTERN... - in what it prints; a pattern "KEPT name" is a file in .attempts
    wanted=$1
    shift
    rm -rf out.d
    "$SBSTAT" collect plan.yaml -o out.d --allow-busy --scratch s >out 2>err </dev/null
    got=$?
    [ "$got" = "$wanted" ] || fail "$what: status $got, not $wanted"
    for pattern; do
        case $pattern in
        KEPT*) [ -s "out.d/.attempts/${pattern#KEPT }" ] || { ls -A out.d/.attempts; fail "$what: not kept: ${pattern#KEPT }"; } ;;
        *) grep -qE -- "$pattern" out err || fail "$what: nothing says: $pattern" ;;
        esac
    done
    wait_until 10 nothing_left || fail "$what: something is left"
    find out.d -name '*.part' | grep . && fail "$what: a log that is not whole"
    return 0
}
qemu() { # qemu WORDS STATUS PATTERN...
    what="QEMU that does: $1"
    FAKE_QEMU="shell $1"
    shift
    try "$@"
}

raw="{image: image, program: \"$FAKE_QEMU_PROGRAM\", accelerator: tcg}"
boot=1
write_plan raw "$raw"
qemu "hang@$work/first" 0 "warning raw/c1 boot 1: did not start: QEMU's monitor .QMP.: .*no answer in time" '2 of 2 runs done'
grep -q '"status":"lost","reason":"start: ' out.d/journal.jsonl || fail 'the journal does not have the boot that hung'
qemu mute 5 'did not start: the guest.s agent did not say that it is ready: no answer in time; the console.s last lines: .*last words' \
    'gave up after 2 attempts; its other runs are missing; see out.d/.attempts' '0 of 2 runs done in out.d, 2 missing; 1 boot gave up' \
    'go on:  sbstat collect plan.yaml -o out.d --scratch s --allow-busy --resume' 'KEPT raw_c1_b1.0.console' 'KEPT raw_c1_b1.1.console'
boot=30
write_plan raw "$raw"
qemu exit 5 'did not start: .*QEMU ended .exit status 1.: .*unsupported machine type' 'KEPT raw_c1_b1.1.console'
qemu junkqmp 5 "did not start: QEMU's monitor .QMP.:1: malformed JSON"
qemu noprobe 5 'no accelerator works here'
qemu crash 0 'warning raw/c1/mem.*: run: lost: QEMU ended .killed by signal 11.: .*cannot set up guest memory' '2 of 2 runs done' \
    'KEPT raw_c1_b1.0.console'
qemu "stuck@$work/stuck" 0 'warning raw/c1/.*: run: timed out after 2 s' '2 of 2 runs done' 'KEPT raw_c1_b1.0.console'
qemu "liar@$work/liar" 0 'warning raw/c1/.*: run: lost: .*where "done' '2 of 2 runs done'
qemu "huge@$work/huge" 0 'warning raw/c1/.*: run: more output than 64 MiB' '2 of 2 runs done'
qemu 'nopoweroff noquit noterm' 0 'warning raw/c1 boot 1: had to be killed at its end' '2 of 2 runs done'
FAKE_QEMU=shell

docker() { # docker MISDEED STATUS PATTERN...
    what="Docker that does: $1"
    MISDEED=$1
    export MISDEED
    shift
    try "$@"
    unset MISDEED
}
write_plan docker '{image: x}'
docker down:version 5 'Docker does not answer .*Cannot connect.*systemctl start docker'
docker killed:exec 5 'exit status 137: sysbench run: killed by SIGKILL, not for lack of memory' '0 of 2 runs done in out.d, 2 failed' \
    'again:  sbstat collect plan.yaml -o out.d --scratch s --allow-busy --resume --retry-failed'
[ -s out.d/docker/c1/cpu_b1_r1.log ] || fail 'the log of a failed run is not there'

# sysbench itself.
write_plan host '{}'
what='sysbench that hangs'
PAUSE=20
export PAUSE
try 5 'warning host/.*cpu.*: run: timed out after 2 s' '1 of 2 runs done in out.d, 1 missing; 1 boot gave up' 'KEPT host_c1_cpu_b1_r1.log.0' \
    'KEPT host_c1_cpu_b1_r1.log.1'
unset PAUSE
what='sysbench that floods'
FLOOD=cpu
export FLOOD
try 5 'warning host/.*cpu.*: run: more output than 64 MiB' '1 of 2 runs done'
