#!/bin/sh
# Builds images for real: what is in them, and that nothing is lost or left behind when a build is interrupted, killed,
# repeated, or meets another one. Skipped, saying so, where a program or a kernel is missing.
set -u
work=$(mktemp -d /tmp/sbib.XXXXXX) || exit 2
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
. "$SOURCE_DIR/tests/collect/tiny_image.sh"
tiny_kernel || skip "$tiny_missing"
cd "$work" || exit 2
PATH=$PATH:/usr/sbin:/sbin

# The names in a folder, on a line.
names() { ls -A "$1" | tr '\n' ' '; }
whole='disk.qcow2 disk.raw image.json initrd rootfs.tar vmlinuz '
check_whole() {
    [ "$(names "$1")" = "$whole" ] || fail "$1 has $(names "$1")"
    qemu-img compare -q -f raw -F qcow2 "$1/disk.raw" "$1/disk.qcow2" || fail "$1: the disks differ"
    [ ! -e "$1.partial" ] || fail "$1.partial is left"
    [ ! -e "$1.replaced" ] || fail "$1.replaced is left"
}

# ---- what is in it ----
expect 0 tiny_build -o images/one
grep -q 'raw: {image: images/one}' out || fail "no lines for a plan"
says "making disk.raw, 32 MiB"
check_whole images/one
if command -v e2fsck >/dev/null; then expect 0 e2fsck -fn images/one/disk.raw; fi
expect 0 qemu-img info --output=json images/one/disk.qcow2
grep -q '"format": "qcow2"' out || fail "disk.qcow2 is no qcow2 file"
grep -q '"virtual-size": 33554432' out || fail "disk.qcow2 has another size"
expect 0 "$SBSTAT" image show images/one --format json
cmp out images/one/image.json || fail "show has something else than image.json"
for wanted in '"kind": "tiny"' "\"sysbench_version\": \"$(sysbench --version | cut -d ' ' -f 2)" '"kernel": "vmlinuz"' '"initrd": "initrd"' \
    '"bytes": 33554432' "$(sha256sum <images/one/disk.raw | cut -c 1-64)" "$(sha256sum <images/one/disk.qcow2 | cut -c 1-64)"; do
    grep -qF -- "$wanted" out || fail "image.json has no $wanted"
done
expect 0 "$SBSTAT" image show images/one
grep -q '^kind *tiny$' out || fail "show: no kind"
tar -tf images/one/rootfs.tar >list || fail "rootfs.tar cannot be read"
grep -qx 'usr/bin/sysbench' list || fail "no sysbench in rootfs.tar"
grep -qxE 'init|lib/modules(/.*)?|dev/.+' list && fail "rootfs.tar has what containers do not need"
gzip -t images/one/initrd || fail "the initrd cannot be unpacked"

# ---- again ----
expect 0 tiny_build -o two -q
[ -s err ] && fail "-q speaks"
cmp images/one/initrd two/initrd || fail "two builds, two initrds"
cmp images/one/rootfs.tar two/rootfs.tar || fail "two builds, two trees"
before=$(ls -i two/disk.raw)
expect 4 tiny_build -o two
says "$work/two" --force
[ "$before" = "$(ls -i two/disk.raw)" ] || fail "an image was replaced without --force"
expect 0 tiny_build -o two/ --force -q
[ "$before" = "$(ls -i two/disk.raw)" ] && fail "--force did not replace"
check_whole two

# ---- what is not ours ----
mkdir mine mine/sub three.partial
echo notes >mine/sub/notes
echo notes >three.partial/notes
for force in '' --force; do
    # shellcheck disable=SC2086
    expect 4 tiny_build -o mine $force
    says "is no image"
done
echo '{"name": "an image of something else"}' >mine/image.json
expect 4 tiny_build -o mine --force
[ "$(names mine)" = 'image.json sub ' ] && [ -s mine/sub/notes ] || fail "a folder that is no image was touched"
echo notes >two/notes
expect 4 tiny_build -o two --force
says notes
rm two/notes
expect 4 tiny_build -o three
says three.partial
[ "$(names three.partial)" = 'notes ' ] || fail "three.partial was touched"
ln -s mine four.partial
expect 4 tiny_build -o four
[ "$(names mine)" = 'image.json sub ' ] || fail "built through a link"
if [ "$(id -u)" != 0 ]; then
    mkdir -m 555 closed
    expect 4 tiny_build -o closed/image
fi
expect 3 "$SBSTAT" image build --kind tiny -o five --kernel none.deb
says none.deb
echo text >no.deb
expect 3 "$SBSTAT" image build --kind tiny -o five --kernel no.deb
says "no.deb is no Debian package"
mkdir empty
expect 3 "$SBSTAT" image build --kind tiny -o five --kernel empty
[ ! -e five ] && [ ! -e five.partial ] || fail "a failed build left something"

# ---- interrupted ----
# Runs a build of $1 in the background and waits until it has begun.
begin() {
    # shellcheck disable=SC2086
    env $default_signal "$SBSTAT" image build --kind tiny --size 32M ${tiny_kernel:+--kernel "$tiny_kernel"} -o "$@" >out 2>err &
    builder=$!
    tries=0
    until [ -e "$1.partial/.sbstat-partial" ] || [ $tries -gt 600 ]; do
        kill -0 $builder 2>/dev/null || break
        tries=$((tries + 1))
        sleep 0.05
    done
}
# A shell ignores SIGINT for what it runs in the background.
signal=TERM default_signal=
if env --default-signal=INT true 2>/dev/null; then signal=INT default_signal=--default-signal=INT; fi
for delay in 0 0.3 1 2.5; do
    begin int
    sleep $delay
    kill -s $signal $builder 2>/dev/null
    wait $builder
    status=$?
    [ ! -e int.partial ] || fail "interrupted after $delay s: int.partial is left: $(names int.partial)"
    case $status in
    0) check_whole int && rm -r int ;;
    130 | 143) [ ! -e int ] || fail "interrupted, but int is there" ;;
    *) fail "interrupted after $delay s: status $status" ;;
    esac
done

# ---- killed ----
begin killed
sleep 0.5
kill -s KILL $builder 2>/dev/null
wait $builder 2>/dev/null
if [ ! -e killed ]; then
    [ -d killed.partial ] || fail "where did the remains go?"
    mkdir -p killed.partial/of/somebody
    expect 0 tiny_build -o killed
fi
check_whole killed
before=$(ls -i killed/disk.raw)
begin killed --force
sleep 0.5
kill -s KILL $builder 2>/dev/null
wait $builder 2>/dev/null
qemu-img compare -q -f raw -F qcow2 killed/disk.raw killed/disk.qcow2 || fail "a killed build took the earlier image with it"
expect 0 tiny_build -o killed --force
[ "$before" = "$(ls -i killed/disk.raw)" ] && fail "--force did not replace after a kill"
check_whole killed

# ---- two at once ----
begin both
expect 4 tiny_build -o both
grep -qE 'another build is at work|already' err || fail "the second build does not say why"
wait $builder || fail "the first of two builds failed"
check_whole both

# ---- no room ----
if [ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] && mkdir small && unshare -m true 2>/dev/null; then
    # shellcheck disable=SC2016
    unshare -m sh -c 'mount -t tmpfs -o size=20m none small || exit 77
        "$SBSTAT" image build --kind tiny --size 32M ${1:+--kernel "$1"} -o small/image >out 2>err
        status=$?
        ls -A small
        exit $status' sh "$tiny_kernel" >left
    status=$?
    [ "$status" = 77 ] || [ "$status" = 4 ] || [ "$status" = 5 ] || fail "a full disk: status $status"
    [ ! -s left ] || fail "a full disk: left $(cat left)"
fi
echo "images were built"
