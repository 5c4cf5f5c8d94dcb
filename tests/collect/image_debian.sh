#!/bin/sh
# The default image for real: a Debian system from packages, booted as a raw disk in job mode and as a qcow2 disk over ssh,
# with all three tests in both. Skipped, saying so, where a program is missing or no package can be had.
set -u
. "$SOURCE_DIR/tests/collect/verdict.sh"
arch=$(uname -m)
command -v "qemu-system-$arch" >/dev/null || skip "no qemu-system-$arch"
command -v mmdebstrap >/dev/null || [ "$(id -u)" = 0 ] || skip "no mmdebstrap, and only root can use debootstrap"
work=$(mktemp -d /tmp/sbdeb.XXXXXX) || exit 2
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 2
PATH=$PATH:/usr/sbin:/sbin

if ! "$SBSTAT" image build -o guest --size 1G >out 2>err; then
    grep -qE 'not installed|bootstrap failed' err && skip "no Debian image: $(tail -n 1 err)"
    fail "image build"
fi
e2fsck -fn guest/disk.raw >out 2>err || fail "the file system of disk.raw"
qemu-img compare -q -f raw -F qcow2 guest/disk.raw guest/disk.qcow2 || fail "the disks differ"
for wanted in '"kind": "debian"' '"user": "sbstat"' '"sysbench_version": "1' '"kernel_version": "'; do
    grep -qF "$wanted" guest/image.json || fail "image.json has no $wanted"
done
[ "$(stat -c %a guest/id_ed25519)" = 600 ] || fail "others can read the key"
tar -tvf guest/rootfs.tar >list || fail "rootfs.tar"
grep -q ' usr/bin/sysbench$' list || fail "no sysbench in the tree"
grep -qE '^-rwsr-xr-x .* usr/bin/sudo$' list || fail "sudo cannot become root"
grep -qE ' (home/sbstat/.ssh|etc/ssh/ssh_host_.*|boot/vmlinuz.*)$' list && fail "keys or kernels in the container's tree"

cat >plan.yaml <<'PLAN'
experiment: debian
boots: 1
platforms:
  raw: {image: guest}
  over_ssh: {driver: qcow2, image: guest, mode: ssh}
configs:
  config1: {vcpus: 2, memory_mib: 512}
tests:
  cpu: {run: cpu --time=1, threads: vcpus}
  memory: memory --memory-total-size=64M
  fileio: fileio --file-test-mode=rndrw --file-total-size=16M --time=1
PLAN
"$SBSTAT" collect plan.yaml -o results --allow-busy >out 2>err || fail "collect ended with $?"
[ "$(find results -name '*.log' | wc -l)" = 6 ] || fail "not six logs"
grep -c '"caches":"dropped"' results/journal.jsonl | grep -qx 2 || fail "caches were not dropped: $(cat results/journal.jsonl)"
"$SBSTAT" parse results -o runs.csv 2>err || fail "parse"
complete=$(awk -F, 'NR > 1 && !seen[$1]++ && /,complete,/' runs.csv | wc -l)
[ "$complete" = 6 ] || fail "$complete complete runs, not 6"
