. "$E2E/lib.sh"
# The disk fills at any byte, or what was written is lost at fsync, close or rename: status 4, one line, the old file is
# still there and nothing beside it.
[ -e "${FAULT_WRITE:-}" ] || skip "no preloading here (another system, or a build with sanitizers)"
sbstat analyze "$SAMPLE" --format csv -o whole.csv || fail "whole"
size=$(wc -c <whole.csv)
mkdir to
try() { # try VARIABLE=VALUE
    echo old >to/x.csv
    env "$1" LD_PRELOAD="$FAULT_WRITE" sbstat analyze "$SAMPLE" --format csv -o to/x.csv >out 2>err
    status=$?
    [ "$status" = 4 ] || { cat err; fail "$1: status $status"; }
    [ "$(cat to/x.csv)" = old ] || fail "$1: the old file is gone"
    [ "$(ls -A to)" = x.csv ] || fail "$1: left $(ls -A to)"
    expect_one_error_line to/x.csv
}
for bytes in 0 1 2 100 4095 4096 4097 $((size / 2)) $((size - 1)); do try SBSTAT_FAULT_BYTES=$bytes; done
for call in fsync close rename; do try SBSTAT_FAULT_CALL=$call; done
SBSTAT_FAULT_BYTES=$size LD_PRELOAD=$FAULT_WRITE sbstat analyze "$SAMPLE" --format csv -o to/x.csv || fail "room enough"
cmp whole.csv to/x.csv || fail "room enough, and not the whole file"

# A report: whichever file it fails in, those that are there are whole, and the old page stays until the end.
sbstat report "$SAMPLE" -o whole >out || fail "whole report"
for bytes in 0 1 5000 60000 200000 400000; do
    rm -rf made
    SBSTAT_FAULT_BYTES=$bytes LD_PRELOAD=$FAULT_WRITE sbstat report "$SAMPLE" -o made >out 2>err
    status=$?
    [ "$status" = 4 ] || { cat err; fail "report after $bytes bytes: status $status"; }
    [ -s err ] || fail "report after $bytes bytes: no message"
    find made -type f >files
    grep tmp files && fail "report after $bytes bytes: a temporary file is left"
    while IFS= read -r file; do
        cmp "$file" "whole/${file#made/}" || fail "report after $bytes bytes: $file is not whole"
    done <files
done
