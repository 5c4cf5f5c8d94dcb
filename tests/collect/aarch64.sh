#!/bin/sh
# aarch64, as far as TCG allows: the command line that people type on a Mac is accepted by qemu-system-aarch64 with every
# device in it and its firmware starts; and a guest without a system is given up with its console kept.
set -u
. "$SOURCE_DIR/tests/collect/verdict.sh"
command -v qemu-system-aarch64 >/dev/null || skip "no qemu-system-aarch64"
command -v qemu-img >/dev/null || skip "no qemu-img"
for firmware in /usr/share/AAVMF/AAVMF_CODE.fd /usr/share/edk2/aarch64/QEMU_EFI-pflash.raw /opt/homebrew/share/qemu/edk2-aarch64-code.fd ''; do
    [ -e "$firmware" ] && break
done
[ -n "$firmware" ] || skip "no UEFI firmware for aarch64 (Debian: qemu-efi-aarch64)"

work=$(mktemp -d /tmp/sbarm.XXXXXX) || exit 2
qemu=
clean_up() {
    [ -z "$qemu" ] || kill -9 "$qemu" 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 2
"$SBSTAT" image create myrawimage.img --format raw --size 64M >out 2>err || fail "image create: $?"
"$SBSTAT" image create myqcow2image.qcow2 --format qcow2 --size 64M >out 2>err || fail "image create: $?"
: >id && chmod 600 id
cat >plan.yaml <<'PLAN'
experiment: classic
boots: 1
retries: 0
timeouts: {boot: 20, step: 60, shutdown: 5}
platforms:
  raw: {image: myrawimage.img, user: me, key: id, cpu: cortex-a57, program: qemu-system-aarch64}
  qcow2: {image: myqcow2image.qcow2, user: me, key: id, cpu: cortex-a57, program: qemu-system-aarch64}
configs:
  config2: {memory_mib: 1024, vcpus: 1}
tests:
  cpu_test1: cpu --cpu-max-prime=50000 --time=30
PLAN

# What a Mac is told, with what only a Mac has replaced.
rm myrawimage.img.json myqcow2image.qcow2.json 2>/dev/null
"$SBSTAT" collect plan plan.yaml --show-argv --host darwin-arm64 >argv 2>err || fail "--show-argv: $?"
for part in '-accel hvf' '-cpu cortex-a57' '-M virt,highmem=off' '-m 1024' '-smp 1' 'edk2-aarch64-code.fd,if=pflash,format=raw,readonly=on' \
    'format=raw,id=hd0' '-device virtio-blk-device,drive=hd0' '-device virtio-net-device,netdev=net0' 'hostfwd=tcp:127.0.0.1:' \
    '-device ramfb' '-device usb-ehci' '-device usb-kbd' '-device usb-mouse' '-display none'; do
    grep -qF -- "$part" argv || fail "the Mac's command line lacks $part"
done
RUN=$work/run
export RUN
for platform in raw qcow2; do
    rm -rf "$RUN" && mkdir "$RUN"
    sed -n "/^# $platform,/,/^\$/p" argv | sed -e 's/-accel hvf/-accel tcg/' -e "s|/[^ ]*edk2-aarch64-code.fd|$firmware|" >command
    sh ./command >out 2>err &
    qemu=$!
    tries=0
    until grep -qi 'UEFI\|BdsDxe' "$RUN/console" 2>/dev/null; do
        kill -0 "$qemu" 2>/dev/null || fail "$platform: QEMU ended"
        tries=$((tries + 1))
        [ "$tries" -lt 240 ] || fail "$platform: the firmware says nothing"
        sleep 0.5
    done
    [ -S "$RUN/qmp" ] || fail "$platform: no monitor"
    pkill -9 -P "$qemu" 2>/dev/null
    kill -9 "$qemu" 2>/dev/null
    wait "$qemu" 2>/dev/null
    qemu=
done

# Ours, started by us: firmware searched for, fitted to the flash, given up in time, its console kept, nothing left.
"$SBSTAT" collect plan.yaml -o results --allow-busy --scratch "$work" >out 2>err
status=$?
[ "$status" = 5 ] || fail "status $status, not 5"
grep -q 'no ssh server answers' err || fail "why a boot failed is not said"
grep -q '\[2J' err && fail "a terminal's sequences are in a message"
cat results/.attempts/* 2>/dev/null | tr -d '\000' | grep -aqi 'UEFI\|BdsDxe' || fail "the console is not kept"
for entry in /proc/[0-9]*; do
    { tr '\0' ' ' <"$entry/cmdline"; } 2>/dev/null | grep -q "qemu-system-aarch64.*$work" && fail "a QEMU is left"
done
exit 0
