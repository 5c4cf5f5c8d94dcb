. "$E2E/lib.sh"
# Every stage reads logs or the tidy CSV, from a file or a pipe, with the same result.
sbstat parse "$SAMPLE" -o runs.csv || fail "parse"
sbstat parse runs.csv -o again.csv || fail "parse of its own output"
cmp runs.csv again.csv || fail "parse of a tidy CSV changed it"
for sub in analyze compare; do
    sbstat $sub "$SAMPLE" --format csv -o from_logs.csv || fail "$sub of logs: $?"
    sbstat $sub runs.csv --format csv -o from_csv.csv || fail "$sub of CSV: $?"
    sbstat parse "$SAMPLE" | sbstat $sub - --format csv -o from_pipe.csv || fail "$sub of a pipe: $?"
    cmp from_logs.csv from_csv.csv || fail "$sub: logs and CSV differ"
    cmp from_logs.csv from_pipe.csv || fail "$sub: logs and pipe differ"
    [ "$(wc -l <from_logs.csv)" -gt 1 ] || fail "$sub: no rows"
done

# The audit finds the same; its messages quote the log, which the CSV does not carry whole.
sbstat audit "$SAMPLE" --format csv | cut -d, -f1-4 >from_logs.csv
sbstat audit runs.csv --format csv | cut -d, -f1-4 >from_csv.csv
[ -s from_logs.csv ] || fail "audit: nothing"
cmp from_logs.csv from_csv.csv || fail "audit: logs and CSV differ"
