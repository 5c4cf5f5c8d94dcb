# Programs in place of sysbench, QEMU and Docker, and what tests of whole experiments ask of a folder; sourced with
# `. "$SOURCE_DIR/tests/collect/stand_ins.sh"`. Needs SOURCE_DIR, SBSTAT, FAKE_QEMU.
#
#   stand_ins FOLDER     makes FOLDER/bin (put first into PATH), FOLDER/containers (one file for each container that
#                        runs), FOLDER/image (of a guest), FOLDER/s (for scratch folders), FOLDER/calls (a line for each
#                        test that sysbench ran)
#   The stand-ins obey the environment:
#     PAUSE=SECONDS      how long a test takes (0.05)         SLOWEST=SECONDS    of memory tests (0.1)
#     FAIL=WORD          tests whose command has WORD end with status 1 after half a log
#     FLOOD=WORD         tests whose command has WORD print without end
#     MISDEED=WORD:CALL  what docker does wrong: down, hang, late, gone; as in docker's own words below
#     FAKE_QEMU          as in tests/unit/fake_qemu.c
#
#   fail WORDS           says so and ends, with the last words of out and err
#   wait_until SECONDS COMMAND...
#   nothing_left         no process, container or scratch folder of the stand-ins is there any more
#   runs_done FOLDER     the logs that its journal calls done, sorted      complete_runs FOLDER   how many parse reads

fail() {
    echo "FAILED: $*"
    tail -n 20 out err 2>/dev/null
    exit 1
}

wait_until() {
    wait_left=$(($1 * 10))
    shift
    until "$@" >/dev/null 2>&1; do
        wait_left=$((wait_left - 1))
        [ "$wait_left" -gt 0 ] || return 1
        sleep 0.1
    done
}

stand_ins() {
    stand=$1
    mkdir -p "$stand/bin" "$stand/containers" "$stand/image" "$stand/s" || return 1
    STAND=$stand
    LOGS=$SOURCE_DIR/tests/golden/parsers/logs
    PATH=$stand/bin:$PATH
    FAKE_QEMU_PROGRAM=$FAKE_QEMU
    FAKE_QEMU=shell
    export STAND LOGS PATH FAKE_QEMU
    unset DOCKER_HOST

    # Real logs. The number of events is this process's, so that no two executions print the same.
    cat >"$stand/bin/sysbench" <<'FAKE'
#!/bin/sh
[ "${1:-}" = --version ] && { echo 'sysbench 1.0.20'; exit 0; }
step=
for step; do :; done
[ "$step" = run ] && echo "$$ $*" >>"$STAND/calls"
log=$1 pause=${PAUSE:-0.05}
case $1 in fileio) log=fileio-rndrw ;; memory) pause=${SLOWEST:-0.1} ;; esac
print() {
    awk -v step="$step" -v kind="$1" -v pid=$$ '
        /^sysbench 1/ { part++ }
        kind == "fileio" && part != (step == "prepare" ? 1 : step == "run" ? 2 : 3) { next }
        /total number of events:/ { sub(/[0-9]+$/, pid) }
        { print }' "$LOGS/1.0.20-$log.txt"
}
case " $* " in *"${FAIL:-no such word}"*) [ "$step" = run ] && { print "$1" | head -n 9; echo 'FATAL: it does not work' >&2; exit 1; } ;; esac
case " $* " in *"${FLOOD:-no such word}"*) [ "$step" = run ] && exec yes flooding ;; esac
[ "$step" = run ] && sleep "$pause"
print "$1"
FAKE

    # One file for each container. Each word of MISDEED goes with a command: "hang:exec".
    cat >"$stand/bin/docker" <<'FAKE'
#!/bin/sh
command=$1
shift
misdeed() { [ "${MISDEED:-}" = "$1" ]; }
misdeed "hang:$command" && exec sleep 100
misdeed "down:$command" && { echo 'Cannot connect to the Docker daemon at unix:///s. Is the docker daemon running?' >&2; exit 1; }
id_of() { printf '%s' "$1" | cksum | awk '{ id = sprintf("%08x%08x", $1, $2); print id id id id }'; }
find_it() { # by name or id
    for name in "$STAND"/containers/*; do
        name=${name##*/}
        if [ "$name" = "$1" ] || [ "$(id_of "$name")" = "$1" ]; then return 0; fi
    done
    echo "Error: No such container: $1" >&2
    return 1
}
case $command in
version) echo '{"Client":{"Version":"28.0.0"},"Server":{"Version":"20.10.24"}}' ;;
info) echo '{"NCPU":2,"MemTotal":25276514304,"DockerRootDir":"/nowhere"}' ;;
image) echo '[{"Id":"sha256:abc"}]' ;;
ps) for name in "$STAND"/containers/*; do [ ! -e "$name" ] || id_of "${name##*/}"; done ;;
run)
    for word; do
        case $word in --cidfile=*) cid=${word#--cidfile=} ;; --name=*) name=${word#--name=} ;; esac
    done
    echo >"$STAND/containers/$name"
    id_of "$name" | tr -d '\n' >"$cid"
    while [ -e "$STAND/containers/$name" ]; do sleep 0.05; done
    exit 137 ;;
inspect)
    for word; do :; done
    find_it "$word" || exit 1
    printf '[{"Id":"%s","Name":"/%s","Image":"sha256:abcdef","State":{"Running":true,"OOMKilled":false,"StartedAt":"x","ExitCode":0},' "$word" "$name"
    printf '"HostConfig":{"NanoCpus":1000000000,"Memory":67108864,"MemorySwap":67108864}}]\n' ;;
exec)
    [ "$1" = --workdir ] && shift 2
    find_it "$1" || exit 1
    shift
    case "$*" in
    sh*)
        g=/sys/fs/cgroup
        printf '%s\n' "$g/cpu.max 100000 100000" "$g/memory.max 67108864" "$g/memory.swap.max 0" "$g/memory.events oom_kill 0"
        printf '/proc/sys/kernel/osrelease 6.1.0\n' ;;
    *' run') misdeed killed:exec && { "$@" | head -n 9; exit 137; }
        exec "$@" ;;
    *) exec "$@" ;;
    esac ;;
kill | rm)
    for word; do
        case $word in -*) continue ;; esac
        if find_it "$word"; then rm -f "$STAND/containers/$name"; fi
    done ;;
esac
exit 0
FAKE
    if ! command -v qemu-img >/dev/null 2>&1; then printf '#!/bin/sh\nexit 0\n' >"$stand/bin/qemu-img"; fi
    chmod +x "$stand"/bin/*

    printf k >"$stand/image/vmlinuz"
    printf i >"$stand/image/initrd"
    dd if=/dev/zero of="$stand/image/disk.raw" bs=1048576 seek=8 count=0 2>/dev/null # room for the tests' files
    cat >"$stand/image/image.json" <<'JSON'
{"schema_version": 1, "kind": "tiny", "arch": "x86_64", "kernel": "vmlinuz", "initrd": "initrd", "append": "quiet",
 "disks": {"raw": {"file": "disk.raw", "bytes": 8388608,
  "sha256": "0e0a7a2d2de2f1a3d9f0bb2bbd2d0f6cf1d4f2ac1de6aa9ab4b0fa9e5e9d7d03"}}}
JSON
}

nothing_runs() { ! ps -A -o args= | grep -F -- "$stand/" | grep -v '[g]rep -F' | grep -q .; }
no_containers() { [ -z "$(ls -A "$stand/containers")" ]; }
no_scratch() { [ -z "$(ls -A "$stand/s")" ]; }
nothing_left() { nothing_runs && no_containers && no_scratch; }

runs_done() { sed -n '/"status": *"done"/s/.*"log": *"\([^"]*\)".*/\1/p' "$1/journal.jsonl" | sort; }
complete_runs() {
    "$SBSTAT" parse "$1" -o - 2>parse.err |
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "status") at = i; next }
            $at == "complete" { seen[$1 "," $2] } END { for (run in seen) n++; print n + 0 }'
}
