. "$E2E/lib.sh"
# A disk of one's own, from empty to a plan's line; what is there already is kept; what to type next is said.
command -v qemu-img >/dev/null || skip "no qemu-img"
expect_status 0 sbstat image create "my disk.img" --format raw --size 10G
grep -qxF "    sbstat image adopt 'my disk.img' --user NAME --key FILE" out || fail "create does not say what comes next"
grep -qF "raw disk of 10 GiB" out || fail "create does not say what it made"
expect_status 4 sbstat image create "my disk.img" --format qcow2 --size 1G
expect_one_error_line "my disk.img" --force
expect_status 0 sbstat image create other.qcow2 --format qcow2 --size 512M
expect_status 0 sbstat image create other.qcow2 --format qcow2 --size 256M --force
expect_status 0 sbstat image show other.qcow2
grep -q '^qcow2 *other.qcow2: 256.0 MiB' out || fail "--force did not replace"
grep -q '^kind *a disk that was not adopted' out || fail "a disk that was only created is called adopted"
expect_status 0 sbstat image show other.qcow2 --format json
grep -q '"kind": null' out || fail "json calls a disk adopted that was only created"
expect_status 4 sbstat image create no/such/disk.img --format raw --size 1M
expect_one_error_line no/such

printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----\n' >key
expect_status 3 sbstat image adopt "my disk.img" --user me --key key
expect_one_error_line "no system is installed"
if command -v qemu-io >/dev/null; then
    chmod 600 key
    expect_status 3 sbstat image adopt other.qcow2 --user me --key key
    expect_one_error_line "other.qcow2 has no boot sector"
    [ ! -e other.qcow2.json ] || fail "an empty disk was adopted"
fi
printf '\125\252' | dd of="my disk.img" bs=1 seek=510 conv=notrunc 2>/dev/null
chmod 644 key
expect_status 3 sbstat image adopt "my disk.img" --user me --key key
expect_one_error_line "chmod 600 key"
chmod 600 key
expect_status 0 sbstat image adopt "my disk.img" --user me --key key
grep -qxF '  raw: {image: "my disk.img"}' out || fail "no line for a plan"
cp "my disk.img.json" kept
expect_status 4 sbstat image adopt "my disk.img" --user other --key key
expect_one_error_line "my disk.img.json" --force
cmp kept "my disk.img.json" || fail "a description was overwritten"
expect_status 0 sbstat image adopt "my disk.img" --user other --key key --arch arm64 --force
expect_status 0 sbstat image show "my disk.img"
for line in 'kind       adopted' 'arch       aarch64' 'user       other'; do
    grep -qxF "$line" out || { cat out; fail "show does not say \"$line\""; }
done
expect_status 0 sbstat image show "my disk.img" --format json
cmp out "my disk.img.json" || fail "json is not what was written"

# The lines make a plan.
sbstat collect init >/dev/null
sed -e 's|^  raw: .*|  raw: {image: "my disk.img"}|' -e '/^  qcow2: /d' -e '/^  docker: /d' plan.yaml >own.yaml
expect_status 0 sbstat collect plan own.yaml -q
grep -q 'image=my disk.img' out || fail "the plan does not name the disk"
true
