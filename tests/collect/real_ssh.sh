#!/bin/sh
# Experiments on a machine that is reached over ssh, end to end, with a real server on this machine: logs, manifest,
# caches; unknown host keys; SIGTERM and SIGKILL in the middle, and going on. Skipped, saying so, where sshd or sysbench is
# missing.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$SOURCE_DIR/tests/collect/verdict.sh"
command -v sysbench >/dev/null || skip 'no sysbench'
command -v ssh >/dev/null || skip 'no ssh'
work=$(mktemp -d /tmp/sbssh.XXXXXX) || exit 2
more_output=$work/sshd/log
server=
clean_up() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; }
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# wait_until SECONDS COMMAND...
wait_until() {
    left=$(($1 * 5))
    shift
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        sleep 0.2
    done
}

# What commands there are to find first: nothing that a test does may switch this machine off.
mkdir -p "$work/sshd/bin"
for name in poweroff shutdown halt sudo; do
    printf '#!/bin/sh\nexit 1\n' >"$work/sshd/bin/$name"
    chmod 755 "$work/sshd/bin/$name"
done
sh "$here/sshd.sh" "$work/sshd" >"$work/said" 2>&1 &
server=$!
is_up() { [ -e "$work/sshd/port" ] || ! kill -0 "$server"; }
wait_until 60 is_up || fail 'the ssh server does not start'
[ -e "$work/sshd/port" ] || {
    server=
    skip "$(tail -n 1 "$work/said")"
}
port=$(cat "$work/sshd/port")
cd "$work" || exit 2

# plan EXPERIMENT KNOWN_HOSTS SECONDS
plan() {
    cat <<PLAN
experiment: $1
boots: 2
retries: 0
timeouts: {boot: 60, step: 120, shutdown: 20}
platforms:
  far:
    driver: ssh
    host: 127.0.0.1
    port: $port
    key: sshd/key
    known_hosts: sshd/$2
    work: $work/base
configs:
  native: {}
tests:
  cpu: cpu --cpu-max-prime=1000 --time=$3
  memory: memory --memory-block-size=1M --memory-total-size=256M
  files: fileio --file-test-mode=rndrw --file-num=4 --file-total-size=8M --time=$3
PLAN
}
collect() { "$SBSTAT" collect "$@" --allow-busy --scratch "$work" >out 2>err; }
mkdir base
nothing_left() { rmdir base && mkdir base && [ -z "$(ls -d "$work"/sb-* 2>/dev/null)" ]; }
logs() { find "$1" -name '*.log' | wc -l; }

# ---- the whole ----
plan whole known_hosts 1 >plan.yaml
collect plan.yaml -o whole || fail "collect ended with $?"
nothing_left || fail 'something is left'
[ "$(logs whole)" = 6 ] || fail "$(logs whole) logs, not 6"
for text in '"driver": *"ssh"' '"kernel": *"[0-9]' '"sysbench": *"[0-9]' '"ssh": *"[0-9]' '"StrictHostKeyChecking=yes"' \
    '"caches": *"\(dropped\|not verified\|not dropped\)"'; do
    grep -q "$text" whole/manifest.json || fail "the manifest lacks $text"
done
! grep -q "$work" whole/manifest.json || [ "$(grep -c "$work" whole/manifest.json)" = 0 ] || fail 'the manifest names paths here'
for log in whole/far/native/files_b*.log; do
    [ "$(grep -c '^[$] sysbench ' "$log")" = 3 ] || fail "$log does not have three steps"
    grep -q 'bytes written in' "$log" && grep -q 'Removing test files' "$log" || fail "$log is not whole"
done
grep -q 'events per second' whole/far/native/cpu_b1_r1.log || fail 'the log of cpu is not whole'
grep -q 'MiB transferred' whole/far/native/memory_b2_r1.log || fail 'the log of memory is not whole'
"$SBSTAT" parse whole --format csv -o whole.csv 2>err || fail 'the logs cannot be parsed'

# ---- a folder that is not there is not made: a disk may not be mounted ----
plan absent known_hosts 1 | sed 's|/base$|/absent/disk|' >absent.yaml
collect absent.yaml -o absent && fail 'a work folder was made'
grep -q "no work folder can be made in $work/absent/disk: .*it is not there.*; make it there" err || { cat err; fail 'it does not say that the folder is not there'; }
[ ! -e absent/disk ] && [ "$(logs absent)" = 0 ] || fail 'the folder was made'

# ---- a machine that is not known ----
plan unknown no_hosts 1 >unknown.yaml
collect unknown.yaml -o unknown && fail 'a host key that is not known was taken'
grep -q 'host key is known for' err || fail 'it does not say that the host key is not known'
grep -q 'known_hosts:' err || fail 'it does not say what to do'
[ "$(logs unknown)" = 0 ] || fail 'there are logs'

# ---- through a jump host, by a file as ~/.ssh/config whose own commands are not run ----
cat >config <<CONFIG
Host bench
    HostName 127.0.0.1
    Port $port
    ProxyJump gateway
    RemoteCommand touch $work/remote-command
    RequestTTY force
    PermitLocalCommand yes
    LocalCommand touch $work/local-command
Host gateway
    HostName 127.0.0.1
    Port $port
    IdentityFile $work/sshd/key
    IdentitiesOnly yes
    UserKnownHostsFile $work/sshd/known_hosts
    BatchMode yes
CONFIG
jump() {
    plan jump known_hosts 1 | sed -e "s|host: .*|host: $1|" -e "s|port: .*|ssh_config: $2|" -e 's|boots: 2|boots: 1|' \
        -e '/^  memory:/d; /^  files:/d'
}
entered() { grep -c 'Accepted publickey' "$work/sshd/log"; }
jump bench config >jump.yaml
before=$(entered)
collect jump.yaml -o jump || fail "through a jump host: collect ended with $?"
[ $((($(entered) - before) % 2)) = 0 ] && [ "$(entered)" -ge $((before + 4)) ] || fail 'the jump host was not used'
[ "$(logs jump)" = 1 ] || fail "through a jump host: $(logs jump) logs, not 1"
[ -z "$(ls -d "$work"/*-command 2>/dev/null)" ] || fail 'a command of the file was run'
grep -q '"load": *\[' jump/manifest.json || fail 'the load of the machine is not known'
nothing_left || fail 'through a jump host: something is left'
sed "s|sshd/known_hosts|sshd/no_hosts|" config >strangers
jump bench strangers >stranger.yaml
collect stranger.yaml -o stranger && fail 'a jump host that nobody knows was passed'
grep -q 'jump host what "ssh_config:" says counts' err || { cat err; fail 'it does not say where a jump host has its keys'; }
jump nowhere.invalid config >nowhere.yaml
collect nowhere.yaml -o nowhere && fail 'a host that nobody knows was reached'
grep -q 'ssh_config:' err || fail 'it does not say that ssh_config may have to know the host'
jump bench no-such-file >no-file.yaml
collect no-file.yaml -o no-file && fail 'a file that is not there was taken'
grep -q 'ssh_config: no-such-file: No such file' err || fail 'it does not say that the file is not there'

# ---- the end in the middle ----
# A command of this experiment is at work: nobody else has its folder.
gone_there() { rmdir base && mkdir base; }
works() { [ -n "$(find "$work/base" -name 'test_file.*' 2>/dev/null)" ]; }
plan ends known_hosts 4 >ends.yaml
for signal in KILL TERM; do
    "$SBSTAT" collect ends.yaml -o ends --allow-busy --scratch "$work" --resume >out 2>err &
    owner=$!
    wait_until 120 works || fail 'no file test begins'
    kill -"$signal" "$owner"
    wait "$owner"
    status=$?
    [ "$status" != 0 ] || fail "SIG$signal: it ended well"
    wait_until 30 gone_there || fail "SIG$signal: something is left over there"
    [ "$signal" = KILL ] || nothing_left || fail "SIG$signal: something is left"
done
collect ends.yaml -o ends --resume || fail "going on ended with $?"
[ "$(logs ends)" = 6 ] || fail "$(logs ends) logs, not 6"
wait_until 30 nothing_left || fail 'something is left in the end'
