. "$E2E/lib.sh"
# Everything that a report consists of is there, and the first lines say what the data cannot show.
expect_status 0 sbstat report "$SAMPLE" -o report
[ -s err ] && { cat err; fail "stderr is not empty"; }
for file in index.html report.md runs.csv summary.csv comparisons.csv report.json; do
    [ -s "report/$file" ] || fail "no $file"
done
for extension in svg png pdf; do
    [ "$(find report/charts -name "*.$extension" | wc -l)" -ge 3 ] || fail "fewer than three charts as $extension"
done
[ "$(find report/charts -name '*.svg' | wc -l)" = "$(find report/charts -name '*.pdf' | wc -l)" ] || fail "SVG and PDF do not match"
grep -q 'report/index.html' out || fail "does not say what to open"
head -n 20 out | grep -qi 'emulat' || fail "the summary does not speak of emulation"
head -n 20 report/report.md | grep -qi 'emulat' || fail "report.md does not begin with emulation"
awk 'length($0) > 400 { print; exit 1 }' out || fail "a very long line"
! grep -qE 'nan|inf([^a-z]|$)' report/runs.csv report/summary.csv report/comparisons.csv || fail "nan or inf in a CSV"
sbstat parse "$SAMPLE" | cmp - report/runs.csv || fail "runs.csv is not what parse prints"
sbstat analyze "$SAMPLE" --format csv | cmp - report/summary.csv || fail "summary.csv is not what analyze prints"
