. "$E2E/lib.sh"
# Every format carries the same verdicts; the JUnit file is XML that counts right; nothing depends on where the files lie.
command -v python3 >/dev/null || skip "no python3"
mkdir -p deep/baseline deep/candidate
sbstat parse "$SAMPLE" -o all.csv || fail "parse"
awk -v platform=none -v factor=1 -f "$E2E/scale_cpu.awk" all.csv >deep/baseline/runs.csv
awk -v platform=docker -v factor=0.9 -f "$E2E/scale_cpu.awk" all.csv | awk -F, '!($4 == "raw" && $6 == "memory")' >deep/candidate/runs.csv
for format in text csv json markdown junit; do
    expect_status 1 sbstat gate --baseline deep/baseline --candidate "$PWD/deep/candidate/" --format $format -o "g.$format" -q
    [ -s out ] && fail "$format wrote on stdout"
    grep -qF -e "$PWD" -e deep "g.$format" && fail "$format names a path"
    (cd deep && sbstat gate --baseline baseline/runs.csv --candidate candidate/runs.csv --format $format -q) | cmp - "g.$format" || fail "$format: other bytes from elsewhere"
done
awk '/^\[/ { next } length($0) > 82 { print "wide: " $0; bad = 1 } END { exit bad }' g.text || fail "too wide"
python3 - <<'PY' || fail "formats disagree"
import csv, json
import xml.etree.ElementTree as tree
rows = list(csv.DictReader(open("g.csv", encoding="utf-8", newline="")))
document = json.load(open("g.json", encoding="utf-8"))
assert document["schema_version"] == 1 and document["command"] == "gate"
assert [(r["outcome"], r["reason"], r["platform"], r["metric"]) for r in document["rows"]] == \
       [(r["outcome"], r["reason"], r["platform"], r["metric"]) for r in rows]
failed = [r for r in rows if r["outcome"] == "fail"]
assert len([r for r in failed if r["reason"] == "slower"]) == 2 and len([r for r in failed if r["reason"] == "missing"]) == 4, failed
missing = [r for r in failed if r["reason"] == "missing"][0]
assert missing["n_level"] == "0" and missing["mean_level"] == "" and float(missing["mean_baseline"]) > 0
suite = tree.parse("g.junit").getroot().find("testsuite")
cases = suite.findall("testcase")
assert len(cases) == len(rows) == int(suite.get("tests")), len(cases)
assert len([c for c in cases if c.find("failure") is not None]) == len(failed) == int(suite.get("failures"))
assert len([c for c in cases if c.find("skipped") is not None]) == int(suite.get("skipped"))
assert len({c.get("name") for c in cases}) == len(cases)
text = open("g.text", encoding="utf-8").read()
assert "FAIL, 6 of" in text and text.count("FAIL: slower") == 2
markdown = open("g.markdown", encoding="utf-8").read()
assert markdown.startswith("### Gate: FAIL, 6 of") and markdown.count("FAIL: slower") == 2
PY
# Labels that try to be something else stay text.
awk 'BEGIN { FS = OFS = "," } NR > 1 && $4 == "docker" { $4 = "\"</system-out><script>&\"\"|`x`\033[31m\"" } { print }' deep/baseline/runs.csv >hostile.csv
for format in text csv json markdown junit; do
    sbstat gate --baseline hostile.csv --candidate hostile.csv --format $format -q >"h.$format"
    [ $? = 0 ] || fail "$format: status $?"
    grep -q "$(printf '\033')" "h.$format" && fail "$format lets an escape sequence through"
done
python3 - <<'PY' || fail "hostile label"
import json
import xml.etree.ElementTree as tree
names = [c.get("name") for c in tree.parse("h.junit").getroot().iter("testcase")]
assert any("</system-out><script>&\"|`x`" in n for n in names), names
assert any(r["platform"].startswith("</system-out><script>") for r in json.load(open("h.json"))["rows"])
table = [l for l in open("h.markdown", encoding="utf-8") if l.startswith("|")]
assert len({l.replace("\\|", "").count("|") for l in table}) == 1, "a label made a column"
assert "<script>" not in open("h.markdown").read() and "<script>" not in open("h.junit").read()
PY
