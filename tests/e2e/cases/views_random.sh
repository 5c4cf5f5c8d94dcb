. "$E2E/lib.sh"
# Draws are seeded: the same seed gives the same bytes, another seed other figures; p comes with its standard error.
design=$SOURCE_DIR/tests/reference/views/design.csv
# 24 against 24 replicates cannot be enumerated: each run a replicate of one cell
sed '2,$s/,c[0-9]*_/,/' "$design" | awk -F, -v OFS=, 'NR == 1 { print; next } $6 == "cpu" { $5 = "c"; $17 = NR; $19 = 1; print }' >many.csv
for seed in 1 1 2; do
    sbstat compare many.csv --test permutation --permutations 2000 --seed $seed --format csv --quiet -o "p$seed.csv" || fail "compare"
    [ -e before ] && [ "$seed" = 1 ] && { cmp before "p$seed.csv" || fail "the same seed gave another result"; }
    cp "p$seed.csv" before
done
[ "$(column p p1.csv)" != "$(column p p2.csv)" ] || fail "another seed gave the same p"
awk -v e="$(column p_error p1.csv)" -v f="$(column p_floor p1.csv)" 'BEGIN { exit !(e > 0 && f > 0) }' || fail "no standard error"
sbstat compare many.csv --test permutation --permutations 2000 --quiet | grep -q 'random draws (seed 0)' || fail "the text does not speak of draws"
for center in mean geomean median; do
    sbstat analyze "$design" --bootstrap 500 --seed 7 --center $center --format csv -o "$center.csv" || fail "analyze"
    sbstat analyze "$design" --bootstrap 500 --seed 7 --center $center --format csv | cmp - "$center.csv" || fail "not the same again"
done
[ "$(column bca_low mean.csv)" != "$(column bca_low median.csv)" ] || fail "--center does not reach the bootstrap"
