#!/bin/sh
# Containers with Docker for real: a daemon that answers, or one started here for the time of the test.
set -u
. "$SOURCE_DIR/tests/collect/dockerd.sh"
. "$SOURCE_DIR/tests/collect/real_containers.sh"
engine=docker
work=$(mktemp -d /tmp/sbrd.XXXXXX) || exit 2
clean_up() {
    [ -z "${owner:-}" ] || kill "$owner" 2>/dev/null
    if dockerd_is_ours; then dockerd_stop; else docker image rm "$image" >/dev/null 2>&1; fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 2
dockerd_start "$work/d" || skip "$dockerd_missing"
import_image
all_tests
limits_act
hangs_end
survives_sigkill

dockerd_is_ours || { echo 'not tried: a daemon that dies, since this one is not ours'; exit 0; }

step='a daemon that is killed'
start_hanging 'start\nexec 100 log sleep 124\nexec 9 log true\nstop\n'
wait_until 60 in_command || fail 'the command does not run'
dockerd_crash
exec 3>&-
wait "$owner" || fail 'drive ended badly'
owner=
says '^exec lost .*' '^exec lost 0 ' '^stop ok kill'
grep -q 'could not be removed' scratch/console || fail 'nobody is told'
dockerd_again || fail 'dockerd does not start again'
[ -n "$(containers)" ] || fail 'there was nothing to sweep: the test shows nothing'
drive plain small sweep
says '^sweep ok 1$'
expect_nothing_left

step='a daemon that hangs'
start_hanging 'start\nexec 4 log sleep 124\nstop\n'
wait_until 60 in_command || fail 'the command does not run'
kill -STOP "$dockerd_pid"
exec 3>&-
wait "$owner"
owner=
kill -CONT "$dockerd_pid"
says '^exec timeout .*could not be ended at once: docker kill: timed out' '^stop ok kill'
drive plain small 'sweep\nstart\nexec 9 log true\nstop'
says '^sweep ok' '^exec ended 0 ' '^stop ok clean'
expect_nothing_left
