#!/bin/sh
# Containers with Podman for real, with a storage of its own.
set -u
. "$SOURCE_DIR/tests/collect/dockerd.sh"
. "$SOURCE_DIR/tests/collect/real_containers.sh"
engine=podman
command -v podman >/dev/null 2>&1 || skip 'there is no podman'
work=$(mktemp -d /tmp/sbrp.XXXXXX) || exit 2
clean_up() {
    [ -z "${owner:-}" ] || kill "$owner" 2>/dev/null
    podman rm --all --force --volumes >/dev/null 2>&1
    unmount_below "$work"
    podman unshare rm -rf "$work/root" 2>/dev/null
    unmount_below "$work" # as root, podman has only mounted its storage again
    rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 2
printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/root"\nrunroot = "%s/run"\n' "$work" "$work" >storage.conf
CONTAINERS_STORAGE_CONF=$work/storage.conf
export CONTAINERS_STORAGE_CONF
import_image
timeout 60 podman run --rm --network=none --pull=never --cpus=1 --memory=64m --ulimit=nofile=1024:1024 --ulimit=nproc=1024:1024 \
    "$image" true >out 2>&1 || skip "podman cannot run containers with limits here: $(tail -n 1 out)"
all_tests
limits_act
hangs_end
survives_sigkill
