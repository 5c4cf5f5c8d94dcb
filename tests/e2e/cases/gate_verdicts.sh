. "$E2E/lib.sh"
# Slower and missing fail, faster and equivalent pass, new cells pass; the golden output shows each.
sbstat parse "$SAMPLE" -o all.csv || fail "parse"
awk -v platform=none -v factor=1 -f "$E2E/scale_cpu.awk" all.csv >baseline.csv
awk -v platform=docker -v factor=0.9 -f "$E2E/scale_cpu.awk" all.csv >slow.csv
awk -v platform=qcow2 -v factor=1.2 -f "$E2E/scale_cpu.awk" slow.csv >fast_and_slow.csv
awk -F, 'NR == 1 || !($4 == "raw" && $5 == "c2g2" && $6 == "cpu")' fast_and_slow.csv | sed 's/,docker,c2g2,cpu,/,podman,c2g2,cpu,/' >candidate.csv
sbstat gate --baseline baseline.csv --candidate candidate.csv --where test=cpu
[ $? = 1 ] || fail "a slower and a missing cell pass"
echo
sbstat gate --baseline baseline.csv --candidate candidate.csv --where test=cpu --where config=c1g1 --where 'platform=[rq]*' --format markdown
[ $? = 0 ] || fail "a faster cell fails"

# The other way round the direction turns.
expect_status 1 sbstat gate --baseline slow.csv --candidate baseline.csv --where test=cpu --strict
expect_status 0 sbstat gate --baseline slow.csv --candidate baseline.csv --where test=cpu
# Lower is better for a latency: ten per cent less is faster, the same factor on the rate slower.
sed 's/,events_per_second,\([^,]*\),1\/s,/,latency_p95,\1,ms,/' slow.csv >latency_slow.csv
sed 's/,events_per_second,\([^,]*\),1\/s,/,latency_p95,\1,ms,/' baseline.csv >latency.csv
expect_status 0 sbstat gate --baseline latency.csv --candidate latency_slow.csv --where test=cpu --format csv
grep -q '^pass,faster,.*latency_p95' out || { cat out; fail "a lower latency is not faster"; }
expect_status 1 sbstat gate --baseline latency_slow.csv --candidate latency.csv --where test=cpu
# A wider margin than the loss passes; a metric that did not get slower passes.
expect_status 0 sbstat gate --baseline baseline.csv --candidate slow.csv --where test=cpu --margin 25%
expect_status 0 sbstat gate --baseline baseline.csv --candidate slow.csv --metric '*_throughput'
expect_status 1 sbstat gate --baseline baseline.csv --candidate slow.csv --metric events_per_second
