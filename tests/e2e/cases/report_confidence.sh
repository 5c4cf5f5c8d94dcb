. "$E2E/lib.sh"
# --confidence and --alpha are said wherever an interval or the test of equivalence is named, and nothing else.
sbstat report "$SAMPLE" -o made --confidence 99.5% --alpha 0.015 --quiet >text || fail "report"
for format in markdown junit openmetrics; do
    sbstat report "$SAMPLE" -o made --confidence 99.5% --alpha 0.015 --quiet -f "$format" >"$format" || fail "$format"
done
sbstat compare "$SAMPLE" --confidence 99.5% --quiet >compare || fail "compare"
sbstat gate --baseline "$SAMPLE" --candidate "$SAMPLE" --confidence 99.5% --quiet >gate
sbstat analyze "$SAMPLE" --confidence 99.5% --quiet >analyze || fail "analyze"
for file in text markdown junit openmetrics compare gate analyze made/index.html made/report.md made/report.tex; do
    [ -s "$file" ] || fail "$file is empty"
    sed "s/$(printf '\302\240')/ /g" "$file" >plain # no-break spaces
    mv plain "$file"
    ! grep -n -E '(^|[^0-9.])(90|95|100|99|1e\+02) (%|\\%) (CI|interval|confidence)' "$file" || fail "$file names another level"
done
for file in text junit compare gate made/index.html made/report.md; do
    grep -q -E '99\.5 % (CI|interval)' "$file" || fail "$file does not name the level"
done
grep -q 'when the 97 % interval of the ratio' made/index.html || fail "the test of equivalence has another level"
grep -q 'adjusted p is below 0.015' made/index.html || fail "alpha is not what was asked for"
