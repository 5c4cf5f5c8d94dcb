. "$E2E/lib.sh"
# --confidence and --alpha are said wherever an interval or the test of equivalence is named, and nothing else.
one='--where config=c1g1' # what the choices are tried on: a report with fewer charts to draw
for format in markdown junit openmetrics; do
    # shellcheck disable=SC2086
    sbstat report "$SAMPLE" -o made $one --confidence 99.5% --alpha 0.015 --quiet -f "$format" >"$format" || fail "$format"
done
sbstat report "$SAMPLE" -o made --confidence 99.5% --alpha 0.015 --quiet >text || fail "report"
sbstat compare "$SAMPLE" --confidence 99.5% --quiet >compare || fail "compare"
sbstat gate --baseline "$SAMPLE" --candidate "$SAMPLE" --confidence 99.5% --quiet >gate
sbstat analyze "$SAMPLE" --confidence 99.5% --quiet >analyze || fail "analyze"
for center in geomean median; do
    sbstat analyze "$SAMPLE" --center $center --confidence 99.5% --quiet >analyze_$center || fail "analyze --center $center"
done
for test in permutation mann-whitney dunnett; do
    sbstat compare "$SAMPLE" --confidence 99.5% --alpha 0.015 --test $test --quiet >compare_$test || fail "compare --test $test"
    # shellcheck disable=SC2086
    sbstat report "$SAMPLE" -o made_$test $one --confidence 99.5% --alpha 0.015 --test $test --quiet >text_$test || fail "report --test $test"
done
for correction in bh none; do
    sbstat compare "$SAMPLE" --confidence 99.5% --alpha 0.015 --correction $correction --quiet >compare_$correction || fail "compare --correction $correction"
    # shellcheck disable=SC2086
    sbstat report "$SAMPLE" -o made_$correction $one --confidence 99.5% --alpha 0.015 --correction $correction --quiet >text_$correction || fail "report"
done
choices='permutation mann-whitney dunnett bh none'
more=$(for choice in $choices; do echo "text_$choice compare_$choice made_$choice/index.html made_$choice/report.md made_$choice/report.tex"; done)
# shellcheck disable=SC2086 # lists of files
for file in $more text markdown junit openmetrics compare gate analyze analyze_geomean analyze_median made/index.html made/report.md made/report.tex; do
    [ -s "$file" ] || fail "$file is empty"
    sed "s/$(printf '\302\240')/ /g" "$file" >plain # no-break spaces
    mv plain "$file"
    ! grep -n -E '(^|[^0-9.])(90|95|100|99|1e\+02) (%|\\%) (CI|interval|confidence)' "$file" || fail "$file names another level"
done
# shellcheck disable=SC2086
for file in $more text junit openmetrics compare gate analyze analyze_geomean made/index.html made/report.md made/report.tex; do
    grep -q -E '99\.5 (%|\\%) (CI|interval|confidence)' "$file" || fail "$file does not name the level"
done
# The median has no interval at 99.5 % (n = 5): that is said with the level.
grep -q 'No interval for the median at n = 5: .* not 99.5 %' analyze_median || { cat analyze_median; fail "no reason for the median's missing interval"; }
for made in made made_permutation made_mann-whitney made_dunnett made_bh made_none; do
    grep -q 'when the 97 % interval of the ratio' $made/index.html || fail "$made: the test of equivalence has another level"
    wanted='adjusted p is below 0.015'
    [ $made != made_none ] || wanted=', when p is below 0.015'
    tr '\n' ' ' <$made/index.html | grep -q "$wanted" || fail "$made: alpha is not what was asked for"
done
