. "$E2E/lib.sh"
# explain says for a line which rule read it, which run it belongs to and what comes from it.
cp "$SAMPLE/raw/c1g1_cpu_r1.txt" cpu.txt
line=$(grep -n 'events per second' cpu.txt | cut -d: -f1)
value=$(sed -n "s/.*events per second: *//p" cpu.txt)
expect_status 0 sbstat explain "cpu.txt:$line" --format csv
grep -q "events_per_second=$value" out || { cat out; fail "does not name the figure"; }
[ "$(wc -l <out)" = 2 ] || { cat out; fail "not one line"; }
expect_status 0 sbstat explain cpu.txt --format csv
[ "$(wc -l <out)" -gt 20 ] || fail "not every line"
expect_status 2 sbstat explain
expect_status 3 sbstat explain nothing.txt
expect_status 3 sbstat explain "cpu.txt:9999"

# A row of the tidy CSV names its line, and a finding's code is put into words.
expect_status 0 sbstat parse cpu.txt --format csv
row=$(grep ',events_per_second,' out)
expect_status 0 sbstat explain "$row" --format csv
grep -q "events_per_second=$value" out || { cat out; fail "the row does not lead to its line"; }
expect_status 0 sbstat explain BOOT_UNKNOWN
grep -q '^BOOT_UNKNOWN: which boot' out || { cat out; fail "the code is not explained"; }
expect_status 3 sbstat explain NO_SUCH_CODE
