. "$E2E/lib.sh"
# Sixteen versions, the ninth slower: added one by one, at once, in another order; the answer is the same.
sbstat parse "$SAMPLE" --where config=c1g1 --where test=cpu -o all.csv || fail "parse"
i=0
while [ $((i += 1)) -le 16 ]; do
    factor=$(awk -v i=$i 'BEGIN { print (i > 8 ? 0.9 : 1) * (1 + (i * 7 % 5 - 2) / 1000) }')
    awk -v platform=docker -v factor="$factor" -f "$E2E/scale_cpu.awk" all.csv >"v$i.csv"
    day=$(printf '2026-11-%02d' $i)
    sbstat history add "v$i.csv" --id "v$i" --at "$day" --db one.sqlite >>added || fail "add v$i"
    awk -v i=$i -v day="$day" 'NR == 1 { if (i == 1) print $0 ",version_tested,day"; next } { sub(/^[^,]*/, "&_" i); print $0 ",v" i "," day }' "v$i.csv" >>together.csv
done
grep -c created added | grep -qx 16 || fail "not 16 entries"
sbstat history show --db one.sqlite -q
sbstat history show --db one.sqlite -q --series --where platform=docker --format markdown | head -n 14
sbstat history list --db one.sqlite | tail -n 2

sbstat history add together.csv --by version_tested --at-label day --db all.sqlite -q >added || fail "add at once"
for i in 9 3 16 1 2 15 4 14 5 13 12 6 11 7 10 8; do
    sbstat history add "v$i.csv" --id "v$i" --at "$(printf '2026-11-%02dT00:00Z' $i)" --where 'platform=[!d]*' --db parts.sqlite >>added || fail "add part"
    sbstat history add "v$i.csv" --id "v$i" --at "$(printf '2026-11-%02dT01:00+01:00' $i)" --where platform=docker --db parts.sqlite >>added || fail "add part"
done
for action in list show; do
    for format in text csv json markdown; do
        sbstat history $action --db one.sqlite --format $format -q >one
        sbstat history $action --db all.sqlite --format $format -q >two
        sbstat history $action --db parts.sqlite --format $format -q >three
        cmp one two || fail "$action $format: at once and one by one differ"
        cmp one three || fail "$action $format: the order of adding shows"
    done
done
sbstat history show --db one.sqlite --format csv -q | awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } $at["verdict"] == "slower" { print $at["id"] }' >slower
[ "$(cat slower)" = v9 ] || { cat slower; fail "not slower since v9"; }

sbstat history show --db one.sqlite --format csv -q >before

# The same again changes nothing; other figures under an id, or another time, are refused.
sbstat history add v3.csv --id v3 --at 2026-11-03 --db one.sqlite >again || fail "the same again"
grep -q '^v3  *unchanged' again || { cat again; fail "the same again is not unchanged"; }
expect_status 2 sbstat history add v4.csv --id v3 --at 2026-11-03 --db one.sqlite
expect_one_error_line "v3" "other figures"
expect_status 2 sbstat history add v3.csv --id v3 --at 2026-11-04 --db one.sqlite
expect_one_error_line 2026-11-03
sbstat history show --db one.sqlite --format csv -q | cmp - before || fail "a refused entry left something behind"
