. "$E2E/lib.sh"
# "-" reads a log or a tidy CSV from standard input.
sbstat parse - <"$SAMPLE/raw/c1g1_cpu_r1.txt" >out || fail "a log"
[ "$(column metric out | grep -c '^events_per_second$')" = 1 ] || fail "not one result"
[ "$(column source out | sort -u)" = stdin ] || fail "the source of standard input"
sbstat parse - <out >again || fail "a tidy CSV"
cmp out again
