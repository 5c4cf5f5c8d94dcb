# A Docker daemon for tests; sourced with `. "$SOURCE_DIR/tests/collect/dockerd.sh"`.
#
#   dockerd_start FOLDER     uses the daemon that answers, else starts one in FOLDER (new, a short path: sockets) and
#                        exports DOCKER_HOST. False, with the reason in $dockerd_missing, when there is none.
#   dockerd_stop          ends the daemon that dockerd_start started, and removes its folder. Safe to call twice.
#   dockerd_crash         SIGKILL to it           dockerd_again  starts it in the same folder
#   dockerd_is_ours       true when dockerd_start started it
#   unmount_below FOLDER   takes off what is mounted there
#   container_tree FOLDER  a root file system: busybox, sysbench and what it is linked with

dockerd_folder=
dockerd_pid=
dockerd_missing=

dockerd_is_ours() { [ -n "$dockerd_folder" ]; }

# wait_until SECONDS COMMAND...
wait_until() {
    wait_left=$(($1 * 5))
    shift
    until "$@" >/dev/null 2>&1; do
        wait_left=$((wait_left - 1))
        [ "$wait_left" -gt 0 ] || return 1
        sleep 0.2
    done
}

dockerd_start() {
    command -v docker >/dev/null 2>&1 || { dockerd_missing='there is no docker'; return 1; }
    if timeout 20 docker version --format '{{.Server.Version}}' >/dev/null 2>&1; then return 0; fi
    if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
        dockerd_missing='no Docker daemon answers, and only root can start one'
        return 1
    fi
    command -v dockerd >/dev/null 2>&1 || { dockerd_missing='no Docker daemon answers, and there is no dockerd'; return 1; }
    dockerd_folder=$1
    mkdir -p "$dockerd_folder" || return 1
    DOCKER_HOST=unix://$dockerd_folder/s
    export DOCKER_HOST
    if dockerd_again; then return 0; fi
    dockerd_missing="dockerd does not start here: $(grep -i -E 'failed|error' "$dockerd_folder/log" | tail -n 1 | cut -c 1-300)"
    dockerd_stop
    return 1
}

dockerd_again() {
    rm -f "$dockerd_folder/pid"
    dockerd --data-root "$dockerd_folder/root" --exec-root "$dockerd_folder/exec" --pidfile "$dockerd_folder/pid" \
        -H "$DOCKER_HOST" --iptables=false --ip6tables=false --bridge=none --storage-driver=overlay2 \
        >>"$dockerd_folder/log" 2>&1 </dev/null &
    dockerd_pid=$!
    wait_until 60 timeout 5 docker version --format '{{.Server.Version}}'
}

dockerd_crash() {
    kill -9 "$dockerd_pid"
    wait "$dockerd_pid" 2>/dev/null
    dockerd_pid=
    # Its containerd dies with it, a moment later; a new daemon would take it for alive and wait for it.
    wait_until 10 dockerd_has_no_containerd || for helper in $(dockerd_helpers containerd.toml); do kill -9 "$helper"; done
    rm -f "$dockerd_folder/exec/containerd/containerd.pid"
}
dockerd_has_no_containerd() { [ -z "$(dockerd_helpers containerd.toml)" ]; }

# Processes whose command line names our folder: containerd and the keepers of containers that lost their daemon.
dockerd_helpers() {
    for entry in /proc/[0-9]*; do
        { tr '\0' ' ' <"$entry/cmdline"; } 2>/dev/null | grep -qF -- "$dockerd_folder/exec/containerd/${1:-}" && echo "${entry#/proc/}"
    done
}

unmount_below() {
    awk -v folder="$1/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | sort -r |
        while read -r mount; do umount -l "$mount"; done
}

dockerd_stop() {
    dockerd_is_ours || return 0
    if [ -n "$dockerd_pid" ]; then
        kill "$dockerd_pid" 2>/dev/null
        wait_until 20 dockerd_gone || kill -9 "$dockerd_pid" 2>/dev/null
        wait "$dockerd_pid" 2>/dev/null
    fi
    for helper in $(dockerd_helpers); do kill -9 "$helper" 2>/dev/null; done
    wait_until 5 dockerd_no_helpers
    unmount_below "$dockerd_folder"
    rm -rf --one-file-system "$dockerd_folder"
    unset DOCKER_HOST
    dockerd_folder=
    dockerd_pid=
}

dockerd_gone() { ! kill -0 "$dockerd_pid" 2>/dev/null || grep -q '^State:.Z' "/proc/$dockerd_pid/status"; }
dockerd_no_helpers() { [ -z "$(dockerd_helpers)" ]; }

# A shell, its tools, and sysbench as this system has it; false when something is missing.
container_tree() {
    busybox=$(command -v busybox) && sysbench=$(command -v sysbench) && command -v ldd >/dev/null || {
        dockerd_missing='busybox or sysbench is not installed'
        return 1
    }
    if ldd "$busybox" >/dev/null 2>&1; then
        dockerd_missing='busybox is not a static one (busybox-static)'
        return 1
    fi
    mkdir -p "$1/bin" "$1/usr/bin" "$1/etc" "$1/tmp" "$1/proc" "$1/sys" "$1/dev" || return 1
    cp "$busybox" "$1/bin/busybox"
    for applet in sh cat ls sleep mkdir rm dd kill true false yes; do ln -sf busybox "$1/bin/$applet"; done
    cp "$sysbench" "$1/usr/bin/sysbench"
    ldd "$sysbench" | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\//) print $i }' | while read -r library; do
        mkdir -p "$1$(dirname "$library")" && cp -L "$library" "$1$library"
    done
}
