. "$E2E/lib.sh"
# What changed between two reports, and whether a verdict changed for the worse.
sbstat parse "$SAMPLE" -o all.csv || fail "parse"
# All platforms under one accelerator, so that verdicts between them are drawn.
awk 'BEGIN { FS = OFS = "," } $12 == "param.env.accelerator" { next } { print }' all.csv | awk -v platform=none -v factor=1 -f "$E2E/scale_cpu.awk" >before.csv
awk -v platform=qcow2 -v factor=0.9 -f "$E2E/scale_cpu.awk" before.csv | awk -F, '!($4 == "docker" && $5 == "c2g2" && $6 == "memory")' >after.csv
for side in before after; do
    sbstat report $side.csv -o $side -q >/dev/null || fail "report $side"
done
expect_status 0 sbstat diff before before/report.json
grep -q 'say the same' out || fail "a report differs from itself"
sbstat diff before after -q
[ $? = 1 ] || fail "worse verdicts, and the status is not 1"
expect_status 0 sbstat diff after before --metric events_per_second --where test=cpu
sbstat diff - after <before/report.json >piped
[ $? = 1 ] || fail "standard input"
sbstat diff before after -q | cmp - piped || fail "standard input reads otherwise"

for format in csv json markdown; do
    expect_status 1 sbstat diff before after --format $format -o diff.$format
done
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["section"] == "verdict" && $at["direction"] == "worse" { print $at["baseline"], $at["level"], $at["config"], $at["text_before"], $at["text_after"] }' diff.csv >worse
grep -q '^raw qcow2 c1g1 .* slower$' worse || { cat worse; fail "qcow2 is not slower than raw now"; }
awk '$1 == "qcow2" && $2 == "raw"' worse | grep -q . && fail "one comparison is counted in both directions"
# With another baseline the same change is seen from there.
sbstat diff before after --baseline qcow2 --format csv -o other.csv
grep -q '^verdict,changed,better,platform,qcow2,raw' other.csv || { grep ^verdict other.csv; fail "--baseline qcow2"; }

expect_status 2 sbstat diff before
expect_status 2 sbstat diff before after before
expect_status 2 sbstat diff - -
expect_status 3 sbstat diff before no/such/report
expect_one_error_line no/such/report
mkdir empty
expect_status 3 sbstat diff before empty
expect_one_error_line report.json
echo '{"schema_version":1,"command":"compare","rows":[]}' >compare.json
expect_status 3 sbstat diff before compare.json
expect_one_error_line compare.json "not a report.json"
sed '1s/"schema_version":1/"schema_version":2/' before/report.json >newer.json
expect_status 3 sbstat diff before newer.json
expect_one_error_line schema_version
head -c 5000 before/report.json >cut.json
expect_status 3 sbstat diff before cut.json
expect_one_error_line cut.json
for text in '[]' '{"schema_version":1,"command":"report","summary":[1,null,{"metric":5}],"comparisons":{},"audit":[[]],"settings":7}' 'null'; do
    echo "$text" >odd.json
    sbstat diff odd.json before >out 2>err
    case $? in 0 | 1 | 3) ;; *) fail "odd report: $text" ;; esac
done
true
