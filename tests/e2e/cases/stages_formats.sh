. "$E2E/lib.sh"
# text, csv, json and markdown carry the same rows; JSON has the CSV's columns as keys, missing is null.
command -v python3 >/dev/null || skip "no python3"
for sub in parse analyze compare audit effects repetitions; do
    for format in text csv json markdown; do
        expect_status 0 sbstat $sub "$SAMPLE" --format $format -o "$sub.$format"
        [ -s "$sub.$format" ] || fail "$sub $format: nothing"
    done
    python3 - "$sub" <<'EOF' || fail "$sub: JSON and CSV differ"
import csv, json, sys
sub = sys.argv[1]
document = json.load(open(sub + ".json", encoding="utf-8"))
rows = list(csv.DictReader(open(sub + ".csv", encoding="utf-8", newline="")))
assert document["schema_version"] == 1 and document["command"] == sub, document["command"]
assert len(document["rows"]) == len(rows), (len(document["rows"]), len(rows))
for got, want in zip(document["rows"], rows):
    assert list(got) == list(want), (list(got), list(want))
    for key, text in want.items():
        value = got[key]
        if isinstance(value, list):
            value = ";".join(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            assert float(text) == value, (key, text, value)
        else:
            assert (value or "") == text, (key, text, value)
EOF
    grep -q '^|' "$sub.markdown" || [ $sub = audit ] || fail "$sub: no Markdown table"
done
