. "$E2E/lib.sh"
# An existing target that is no regular file is written directly, never renamed over; a regular one is replaced.
sbstat parse "$SAMPLE" -o whole.csv || fail "a file"
mkfifo pipe
cat pipe >from_pipe &
sbstat parse "$SAMPLE" -o pipe || fail "a FIFO"
wait
[ -p pipe ] || fail "the FIFO was replaced"
cmp whole.csv from_pipe || fail "what went through the FIFO"
sbstat parse "$SAMPLE" -o /dev/null || fail "a device"
[ -c /dev/null ] || fail "/dev/null was replaced"
sbstat parse "$SAMPLE" -o - >stdout.csv || fail "-o -"
cmp whole.csv stdout.csv || fail "-o -"
echo old >target.csv
ln -s target.csv link.csv
sbstat parse "$SAMPLE" -o link.csv || fail "a link"
cmp whole.csv link.csv || fail "through a link"
for left in .* *; do
    case $left in
    . | .. | whole.csv | pipe | from_pipe | stdout.csv | target.csv | link.csv) ;;
    *) fail "left behind: $left" ;;
    esac
done
