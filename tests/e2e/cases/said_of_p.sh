. "$E2E/lib.sh"
# What a page says of its p is what --test and --correction did: over which rows it was adjusted, and by what.
plain() { sed "s/$(printf '\302\240')/ /g; s/<[^>]*>//g; s/&#39;/'/g" "$1" | tr -s '[:space:]' ' '; }
# says TEXT REFUSED OPTION... - in the report's method section
says() {
    wanted=$1 refused=$2
    shift 2
    sbstat report "$SAMPLE" -o made --quiet "$@" >/dev/null || fail "report $*"
    plain made/index.html >page
    grep -qF "$wanted" page || fail "report $* does not say \"$wanted\""
    ! grep -qF "$refused" page || fail "report $* says \"$refused\""
}
holm="adjusted by Holm's method over all headline and percentile rows"
says "Welch's t test on the logarithms, $holm" "not adjusted for the number of"
says "p comes from a permutation test" '"permutation"' --test permutation
says "p comes from the Mann-Whitney U test" '"mann-whitney"' --test mann-whitney
says "logarithms, which adjusts for the levels within each combination and metric, not" "$holm" --test dunnett
says "direction, when p is below 0.05" "adjusted p is below" --correction none

# gate_says TEXT REFUSED OPTION...
gate_says() {
    wanted=$1 refused=$2
    shift 2
    sbstat gate --baseline "$SAMPLE" --candidate "$SAMPLE" --quiet "$@" >text || fail "gate $*"
    grep -qF "$wanted" text || { cat text; fail "gate $* does not say \"$wanted\""; }
    ! grep -qF "$refused" text || { cat text; fail "gate $* says \"$refused\""; }
}
gate_says 'significant at 0.05 over the whole table (holm).' 'by itself'
gate_says 'significant at 0.05 in each row by itself, not corrected (none).' 'the whole table' --correction none
gate_says 'of all such rows at most that share is expected to be false (bh).' 'the whole table' --correction bh
gate_says 'significant at 0.05 in each cell and metric by itself (dunnett).' 'over the whole table' --test dunnett
gate_says 'significant at 0.05 in each cell and metric by itself (games-howell).' 'over the whole table' --test games-howell
! sbstat gate --help | tr -s '[:space:]' ' ' | grep -q "compare', corrected over the whole table" || fail "the help promises what --correction may undo"

# Two runs a side allow no small p, corrected or not.
sbstat parse "$SAMPLE" --where 'repetition=[12]' -o two.csv || fail "parse"
sbstat compare two.csv --test mann-whitney --correction none --metric events_per_second >text
grep -q P_FLOOR text || { cat text; fail "no floor"; }
! grep -E 'so many comparisons|once corrected' text || fail "speaks of a correction that was not made"
