. "$E2E/lib.sh"
# A metric that does not restate the main one has no verdict: twice the threads give twice the rate at the same latency,
# and a run for a fixed time takes that time.
sbstat parse "$SAMPLE" --where test=cpu --where platform=raw -o raw.csv || fail "parse"
awk 'BEGIN { FS = OFS = "," } NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; print; next }
    $at["metric"] !~ /^(events_per_second|events|latency_avg|total_time|param.threads)$/ { next }
    { print; $at["platform"] = "qcow2"; sub("raw", "qcow2", $at["source"]); $at["threads"] = 2 }
    $at["metric"] ~ /^(events_per_second|events|param.threads)$/ { $at["value"] *= 2 } { print }' raw.csv >two_threads.csv
grep -q ',qcow2,.*param.threads,2,' two_threads.csv || fail "the threads are not known"
sbstat compare two_threads.csv --format csv --include-suspect -o rows.csv || fail "compare"
grep -q ',events_per_second,.*,faster,' rows.csv || { cat rows.csv; fail "the rate is not faster"; }
! grep -E ',(latency_avg|total_time),' rows.csv | grep -E ',(faster|slower|equivalent|inconclusive),' || fail "carried"
# At equal threads the average latency carries it.
sbstat compare "$SAMPLE" --where test=cpu --format csv -o rows.csv || fail "compare"
! grep ',latency_avg,' rows.csv | grep -v -E ',(faster|slower|equivalent|inconclusive),' || fail "not carried"

carried='Metrics that restate a test.s main metric carry its verdict'
none='where they do not restate it (another number of threads, no fixed number of events), they have none'
for command in "compare $SAMPLE" "gate --baseline $SAMPLE --candidate $SAMPLE"; do
    sbstat $command --metric latency_avg >text
    grep -q "$carried" text || { cat text; fail "$command does not say that verdicts are carried"; }
    ! grep -qF "$none" text || fail "$command says that some are not"
    sbstat $command --quiet >text
    ! grep -q "$carried" text || fail "$command says it where every row was tested"
done
sbstat compare two_threads.csv --metric latency_avg --include-suspect >text
grep -qF 'Rows without a verdict were not tested' text || { cat text; fail "not said why there is no verdict"; }
sbstat compare "$SAMPLE" --metric 'latency_avg' --metric total_time >text
grep -qF "$none" text || { cat text; fail "not said that some carry none"; }
