# Building tiny images in tests; sourced with `. "$SOURCE_DIR/tests/collect/tiny_image.sh"` where $work is a scratch folder.
#
#   tiny_kernel       finds what to build from; false, with the reason in $tiny_missing, when something is missing.
#                     SBSTAT_TEST_KERNEL names a kernel's .deb or a folder with boot/ and lib/modules/; else the system's
#                     own is taken, or one is downloaded, once.
#   tiny_build ...    sbstat image build --kind tiny with a small disk and that kernel
#   expect N COMMAND  runs it, output in $work/out and $work/err, and ends the test unless its status is N
#   says TEXT...      the last expect's standard error has each of these

tiny_kernel=
tiny_missing=

. "$SOURCE_DIR/tests/collect/verdict.sh"

expect() {
    wanted=$1
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null
    got=$?
    [ "$got" = "$wanted" ] || fail "status $got, expected $wanted: $*"
}

says() {
    for text in "$@"; do grep -qF -- "$text" "$work/err" || fail "standard error does not say \"$text\""; done
}

tiny_kernel() {
    for program in qemu-img busybox sysbench ldd; do
        command -v "$program" >/dev/null || { tiny_missing="no $program"; return 1; }
    done
    PATH=$PATH:/usr/sbin:/sbin command -v mke2fs >/dev/null || { tiny_missing='no mke2fs'; return 1; }
    tiny_kernel=${SBSTAT_TEST_KERNEL:-}
    [ -n "$tiny_kernel" ] && return 0
    for tiny_file in /boot/vmlinuz-*; do
        [ -r "$tiny_file" ] && [ -d "/lib/modules/${tiny_file#/boot/vmlinuz-}" ] && return 0
    done
    tiny_missing='no kernel in /boot, and none can be downloaded; set SBSTAT_TEST_KERNEL'
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    meta=linux-image-cloud-$(dpkg --print-architecture)
    package=$(apt-cache depends "$meta" 2>/dev/null | awk '/Depends: linux-image-[0-9]/ { print $2; exit }')
    [ -n "$package" ] || return 1
    mkdir -p "$work/kernel" && (cd "$work/kernel" && apt-get download "$package") >/dev/null 2>&1 || return 1
    for tiny_kernel in "$work/kernel"/*.deb; do [ -s "$tiny_kernel" ] && return 0; done
    return 1
}

tiny_build() { "$SBSTAT" image build --kind tiny --size 32M ${tiny_kernel:+--kernel "$tiny_kernel"} "$@"; }
