. "$E2E/lib.sh"
# What a plan comes to, for people (the golden file) and for programs: each run once, in blocks; the seed decides the
# order and nothing else; layout, comments and the way sizes are written decide nothing.
sbstat collect init >/dev/null
sbstat collect plan plan.yaml || fail "the default plan"

expect_status 0 sbstat collect plan plan.yaml --format csv
mv out one
grep -q '^sbstat: VCPUS_CANNOT_ACT: ' err || { cat err; fail "csv: no warnings on standard error"; }
[ "$(wc -l <one)" = 361 ] || fail "$(wc -l <one) lines"
column log one | sort >logs
[ "$(sort -u logs | wc -l)" = 360 ] || fail "a log stands twice"
grep -vE '^(raw|qcow2|docker)/config[1-4]/(cpu|memory|fileio)_test[12]_b[1-5]_r1\.log$' logs && fail "another log"
column order one | awk '$1 != NR - 1 { exit 1 }' || fail "the order does not count up"
column boot one | awk '$1 != int((NR - 1) / 72) + 1 { exit 1 }' || fail "the blocks are not complete"
column boot_order one | awk '$1 != int((NR - 1) / 6) { exit 1 }' || fail "the boots are not whole"
grep -q 'sysbench fileio --file-test-mode=rndrw --file-total-size=2G run' one || fail "no command line"

sed 's/^seed: 1/seed: 2/' plan.yaml >seed.yaml
expect_status 0 sbstat collect plan seed.yaml --format csv -q
[ -s err ] && fail "-q speaks"
cmp -s one out && fail "the seed does not change the order"
column log out | sort | cmp - logs || fail "the seed changes the runs"

# The same in other words.
grep -v '^ *#' plan.yaml | grep -v '^  config' | awk '{ print } /^configs:/ { print "  config1: {\n    \"vcpus\": 2, # two\n    memory_mib: 2048}\n  config2: &small {vcpus: 1, memory_mib: 1024}\n  config3: {memory_mib: 2.048e3, vcpus: 1}\n  config4: {memory_mib: 1024, vcpus: 2}" }' >again.yaml
expect_status 0 sbstat collect plan again.yaml --format csv -q
cmp one out || fail "the layout changes the plan"

expect_status 0 sbstat collect plan plan.yaml --format json -q
grep -c '"log":"' out | grep -qx 360 || fail "json has other rows"
expect_status 0 sbstat collect plan plan.yaml --format markdown
grep -q '^| 1 | cpu_test1 | 1 | cpu --cpu-max-prime=50000 --time=30 |' out || fail "markdown"
expect_status 0 sbstat collect plan plan.yaml -o there.txt
grep -q 'MEMORY_TOO_SHORT: ' there.txt || fail "-o"
true
