. "$E2E/lib.sh"
# The disk fills at any byte: status 4, no half-written file under a final name. A small filesystem of every size in
# pages up to what the output needs.
if [ "${1:-}" != inside ]; then
    sbstat analyze "$SAMPLE" --format csv -o whole.csv || fail "whole"
    sbstat report "$SAMPLE" -o whole >out || fail "whole report"
    if [ "$(id -u)" = 0 ]; then unshare="unshare -m"; else unshare="unshare -rm"; fi
    $unshare true 2>/dev/null || skip "no private mounts here"
    mkdir small
    $unshare sh -c 'mount -t tmpfs -o size=4k none small' 2>/dev/null || skip "cannot mount here"
    exec $unshare sh "$E2E/cases/output_disk_full.sh" inside
fi
try() { # try KIB COMMAND...: leaves status in $status, small mounted
    mount -t tmpfs -o "size=${1}k" none small || fail "mount"
    shift
    "$@" >out 2>err
    status=$?
}
need=$(($(wc -c <whole.csv) / 1024 + 1))
kib=4
while [ "$kib" -le "$((need + 8))" ]; do
    try "$kib" sbstat analyze "$SAMPLE" --format csv -o small/summary.csv
    case $status in
    0) cmp whole.csv small/summary.csv || fail "$kib KiB: status 0 and not the whole file" ;;
    4)
        [ -s err ] || fail "$kib KiB: no message"
        [ -z "$(ls -A small)" ] || fail "$kib KiB: left $(ls -A small)"
        ;;
    *) cat err; fail "$kib KiB: status $status" ;;
    esac
    umount small
    last=$status
    kib=$((kib + 4))
done
[ "$last" = 0 ] || fail "never enough room"

# A report is many files: each that is there is whole.
total=$(du -sk whole | cut -f1)
step=$((total / 12 + 1))
kib=4
while [ "$kib" -lt "$total" ]; do
    try "$kib" sbstat report "$SAMPLE" -o small/report
    [ "$status" = 4 ] || { cat err; fail "report in $kib KiB of $total: status $status"; }
    [ -s err ] || fail "report in $kib KiB: no message"
    find small -type f | while IFS= read -r file; do
        cmp "$file" "whole/${file#small/report/}" || exit 1
    done || fail "report in $kib KiB: a half-written file"
    umount small
    kib=$((kib + step))
done
