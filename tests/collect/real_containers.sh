# The container drivers with a real engine; sourced by real_docker.sh and real_podman.sh, which set $engine and
# have it answering.

fail() {
    echo "FAILED: $*"
    cat out err scratch/console log 2>/dev/null | tail -n 60
    exit 1
}
skip() {
    echo "SKIPPED: $*"
    exit 77
}

image=sbstat-test-$$:latest

import_image() {
    container_tree "$work/tree" || skip "$dockerd_missing"
    tar -C "$work/tree" -cf "$work/tree.tar" . || fail "tar"
    "$engine" import "$work/tree.tar" "$image" >/dev/null 2>err || skip "$engine cannot import an image: $(tail -n 1 err)"
    rm -rf "$work/tree" "$work/tree.tar"
    mkdir -p bound scratch
    cat >plan.yaml <<PLAN
experiment: real
timeouts: {boot: 60, step: 60, shutdown: 10}
platforms:
  plain: {driver: $engine, image: "$image"}
  heavy: {driver: $engine, image: "$image", extra: "--cpu-shares=262144"}
  layer: {driver: $engine, image: "$image", storage: overlay}
  bound: {driver: $engine, image: "$image", storage: "$work/bound"}
  absent: {driver: $engine, image: "sbstat-no-such-image"}
  overruled: {driver: $engine, image: "$image", extra: "--memory=128m --memory-swap=128m"}
  renamed: {driver: $engine, image: "$image", extra: "--name sbstat-renamed-$$"}
configs:
  one: {vcpus: 1, memory_mib: 256}
  two: {vcpus: 2, memory_mib: 256}
  small: {vcpus: 1, memory_mib: 64}
tests:
  cpu: cpu --time=1
PLAN
}

# drive PLATFORM CONFIG ORDERS - answers in the file out
drive() {
    rm -rf scratch log
    mkdir scratch
    printf '%b\n' "$3" | timeout 300 "$DRIVE" plan.yaml scratch "$1" "$2" "$experiment" >out 2>err || fail "drive: status $?"
}
experiment=real$$

says() {
    for pattern; do grep -qE -- "$pattern" out || fail "$step: no answer is like: $pattern"; done
}

containers() { "$engine" ps -aq --filter "label=sbstat.experiment=$experiment"; }
nothing_left() { [ -z "$(containers)" ] && [ "$("$engine" volume ls -q | sort)" = "$volumes" ]; }
expect_nothing_left() { wait_until 40 nothing_left || { "$engine" ps -a; "$engine" volume ls; fail "$step: something is left"; }; }

rate() { sed -n 's/.*events per second: *//p' "$1"; }

# The first processor-bound test with one and with two CPUs, two threads each.
cpus_act() {
    [ "$(nproc)" -ge 2 ] || { echo 'not tried: --cpus, with one processor'; return 0; }
    for attempt in 1 2 3 4; do
        for config in one two; do
            drive heavy "$config" "start\nexec 60 log sysbench cpu --threads=2 --time=2 run\nstop"
            says '^exec ended 0 '
            cp log "rate.$config"
        done
        echo "$engine: events/s with 1 and 2 CPUs: $(rate rate.one), $(rate rate.two)"
        awk -v one="$(rate rate.one)" -v two="$(rate rate.two)" 'BEGIN { exit !(one > 0 && two > 1.5 * one) }' && return 0
    done
    fail "--cpus does not act"
}

all_tests() {
    step='the three tests'
    "$engine" volume ls -q | sort >volumes
    volumes=$(cat volumes)
    drive plain one "check\nstart\nexec 60 log sysbench cpu --time=1 run\nexec 60 log sysbench memory --memory-block-size=1M --memory-total-size=1G run\nexec 60 log sysbench fileio --file-test-mode=rndrw --file-total-size=16M prepare\nexec 60 log sysbench fileio --file-test-mode=rndrw --file-total-size=16M --time=1 run\nexec 60 log sysbench fileio --file-test-mode=rndrw --file-total-size=16M cleanup\nexec 9 log ls -A\nstop\nsweep"
    says '^check ok$' "^start ok ready=[0-9.]+ tool=$engine version=[0-9]+[.][0-9].* sha256=[0-9a-f]{64} format=container kernel=[0-9]+[.].* sysbench=[0-9]+[.][0-9.]+.* accelerator=none other_kernel=no doubt=-$" \
        '^stop ok clean$' '^sweep ok 0$'
    [ "$(grep -c '^exec ended 0 ' out)" = 6 ] || fail "not every step ended well"
    for text in 'events per second:' 'MiB transferred' 'bytes written in' 'written, MiB/s:' 'Removing test files'; do
        grep -q "$text" log || fail "the log lacks \"$text\""
    done
    expect_nothing_left
    for platform in layer bound; do
        step="storage: $platform"
        drive $platform one 'start\nexec 60 log sysbench fileio --file-num=2 --file-total-size=4M prepare\nexec 9 log ls\nstop'
        says '^exec ended 0 ' '^stop ok clean$'
        grep -q 'test_file.0' log || fail 'no test file in the work folder'
        expect_nothing_left
    done
    [ -z "$(ls bound)" ] || fail 'the bound folder is not removed'
    step='a container with a name of its own'
    drive renamed one 'check\nstart'
    says '^check failed 2 platform renamed: extra: --name cannot be there' '^start failed .*"sbstat-renamed-'
    expect_nothing_left
    step='an image that is not there'
    drive absent one check
    says '^check failed .*has no image "sbstat-no-such-image" .*sbstat image build'
}

limits_act() {
    step='limits'
    cpus_act
    drive overruled small start
    says '^start failed --memory is not in force: 64.00 MiB asked for, 128.00 MiB seen in the container'
    drive plain small 'start\nexec 60 log sysbench memory --memory-block-size=128M --memory-total-size=1G run\nexec 60 log sysbench memory --memory-block-size=1M --memory-total-size=64M run\nexec 9 log sh -c kill${IFS}-9${IFS}$$\nstop'
    says '^exec ended 137 [0-9.]+ killed: out of memory .limit 64 MiB.$' '^exec ended 0 ' \
        '^exec ended 137 [0-9.]+ killed by SIGKILL, not for lack of memory$' '^stop ok clean$'
    expect_nothing_left
}

hangs_end() {
    step='a command that hangs'
    drive plain small 'start\nexec 2 log sleep 100\nexec 9 log true\nstop\nstart\nexec 9 log true\nstop'
    says '^exec timeout ' '^exec lost ' '^exec ended 0 ' '^stop ok clean$'
    expect_nothing_left
    step='a program that is not there'
    drive plain small 'start\nexec 9 log no-such-program\nexec 9 log true\nstop'
    says '^exec ended 12[67] [0-9.]+ .*not found' '^exec ended 0 '
}

# start_hanging ORDERS... - drive in the background, in a command that takes long; its pid in $owner
start_hanging() {
    rm -rf scratch orders
    mkdir scratch
    mkfifo orders
    "$DRIVE" plan.yaml scratch plain small "$experiment" >out 2>err <orders &
    owner=$!
    exec 3>orders
    printf "$1" >&3
}
in_command() { "$engine" top "sbstat-$experiment-1" 2>/dev/null | grep -q 'sleep 12[34]'; }

# Killed at moments from before the container is there until it works.
survives_sigkill() {
    step='SIGKILL of the owner'
    for delay in 0.05 0.15 0.3 0.5 0.8 command; do
        start_hanging 'start\nexec 100 log sleep 123\n'
        if [ "$delay" = command ]; then wait_until 60 in_command || fail 'the command does not run'; else sleep "$delay"; fi
        kill -9 "$owner"
        wait "$owner" 2>/dev/null
        exec 3>&-
        sleep 1
        expect_nothing_left
    done
    step='SIGTERM of the owner'
    start_hanging 'start\nexec 100 log sleep 123\nstop\n'
    wait_until 60 in_command || fail 'the command does not run'
    kill "$owner"
    exec 3>&-
    wait "$owner"
    says '^exec stopped ' '^stop ok clean'
    expect_nothing_left
}
