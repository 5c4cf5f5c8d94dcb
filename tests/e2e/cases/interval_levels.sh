. "$E2E/lib.sh"
# Every interval that is shown has its level beside it, with all its digits, and a refused one has its reason.
csv=all.csv
sbstat parse "$SAMPLE" -o $csv || fail "parse"
has() { grep -qF -- "$1" text || { cat text; fail "$2"; }; }
lacks() { ! grep -qF -- "$1" text || { cat text; fail "$2"; }; }

for level in 90 99.5 99.99999; do
    sbstat analyze "$SAMPLE" --confidence $level% >text && has " $level % CI " "analyze names no level"
    sbstat analyze "$SAMPLE" --confidence $level% --steady >text && has " $level % CI " "analyze --steady names no level"
    sbstat analyze "$SAMPLE" --confidence $level% --scaling vcpus >text && has "speed-up [$level % CI]" "scaling names no level"
    has " $level % CI" "the laws have no level"
    sbstat effects "$SAMPLE" --confidence $level% >text && has "[$level % CI]" "effects names no level"
    sbstat compare "$SAMPLE" --confidence $level% >text && has "[$level % CI]" "compare names no level"
    sbstat compare "$SAMPLE" --aggregate --confidence $level% >text && has "[$level % CI]" "compare --aggregate names no level"
    sbstat gate --baseline $csv --candidate $csv --confidence $level% >text && has "[$level % CI]" "gate names no level"
    sbstat gate --baseline $csv --candidate $csv --confidence $level% --format junit >text
    has "] ($level % CI), n = " "gate's JUnit names no level"
    sbstat report "$SAMPLE" -o made --quiet --confidence $level% --format openmetrics >text
    [ "$(grep -c "^# HELP .* $level % confidence interval" text)" = 4 ] || { grep HELP text; fail "openmetrics names no level"; }
    cat made/charts/*.svg >text && has "$level % confidence interval" "no chart names the level"
done
sbstat report "$SAMPLE" -o made --quiet --confidence 99.99999% >text
! grep -rE '(^|[^0-9.])100( |&nbsp;|&#160;|'"$(printf '\302\240')"')%( |&nbsp;|&#160;|'"$(printf '\302\240')"')(CI|interval|confidence)' made text || fail "a level of 100 %"

# Only a mean lies in the middle of its interval.
sbstat analyze "$SAMPLE" --where test=cpu --confidence 90% >text && has '± ' "the mean has no half width"
for center in median geomean; do
    sbstat analyze "$SAMPLE" --where test=cpu --confidence 90% --center $center --format csv -o rows.csv || fail "csv"
    sbstat analyze "$SAMPLE" --where test=cpu --confidence 90% --center $center >text || fail "text"
    lacks '± ' "the $center has a half width"
    grep -qE '\[[0-9,.]+, [0-9,.]+\]' text || { cat text; fail "the $center has no limits"; }
done

# Five against five do not reach 99.9 % by ranks.
sbstat compare "$SAMPLE" --estimate hodges-lehmann --confidence 99.9% --where test=cpu --where config=c1g1 >text
has 'No 99.9 % interval for the shift at n = 5 against 5' "no reason for the missing interval"
sbstat compare "$SAMPLE" --estimate hodges-lehmann --where test=cpu --where config=c1g1 >text
lacks 'interval for the shift' "a reason for an interval that is there"

# What the ratios of the factorial view are averages of.
sbstat effects $csv --by platform,vcpus --where test=cpu >text && has 'averaged over the other factors with equal weight' "not said"
lacks 'main effects' "main effects where all cells are there"
grep -v ',docker,c2g2,cpu,' $csv >empty.csv
sbstat effects empty.csv --by platform,vcpus --where test=cpu >text
has 'Effect of each factor on the geometric mean, from main effects only' "an average over cells that are empty"
lacks 'averaged over the other' "both are said"
sbstat report empty.csv -o empty --quiet >/dev/null || fail "report"
if grep -q EMPTY_CELLS empty/report.json; then
    grep -q 'main effects only' empty/report.md || fail "the report does not say it"
fi
