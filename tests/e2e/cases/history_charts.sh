. "$E2E/lib.sh"
# A chart for each series of a history, in three formats, with safe names; the same history draws the same bytes.
for i in 1 2 3; do
    expect_status 0 sbstat history add "$SAMPLE/docker" --where config=c1g1 --where test=cpu --db h.db --id "v$i" --at "2026-11-0$i"
done
expect_status 0 sbstat history show --db h.db --charts one
expect_status 0 sbstat history show --db h.db --charts two
for format in svg png pdf; do
    [ -s "one/trend-docker-c1g1-cpu-events-per-second.$format" ] || { ls one; fail "no $format"; }
done
grep -q 'over time: Docker, c1g1, cpu' one/trend-docker-c1g1-cpu-events-per-second.svg || fail "no title"
diff -r one two || fail "other bytes the second time"
