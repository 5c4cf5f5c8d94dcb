. "$E2E/lib.sh"
# All intervals of a history are of one level, whatever its entries were added with; the charts say which.
sbstat parse "$SAMPLE/docker" --where config=c1g1 --where test=cpu -o all.csv || fail "parse"
i=0
while [ $((i += 1)) -le 12 ]; do
    factor=$(awk -v i=$i 'BEGIN { print (i > 6 ? 0.9 : 1) * (1 + (i * 7 % 5 - 2) / 1000) }')
    awk -v platform=docker -v factor="$factor" -f "$E2E/scale_cpu.awk" all.csv >one.csv
    confidence=95%
    [ $((i % 3)) = 2 ] && confidence=80%
    at=$(printf '2026-11-%02d' $i)
    sbstat history add one.csv --id "v$i" --at "$at" --confidence $confidence --db mixed.db >/dev/null || fail "add"
    sbstat history add one.csv --id "v$i" --at "$at" --db default.db >/dev/null || fail "add"
    sbstat history add one.csv --id "v$i" --at "$at" --confidence 80% --db lower.db >/dev/null || fail "add"
done

# The figures to ten digits: one that is computed anew may differ in the last.
figures() { sbstat history show --series --db "$@" --format csv -q | awk -F, '{ for (i = 1; i <= NF; i++) printf "%s,", $i ~ /^[0-9]+\.[0-9]+$/ ? sprintf("%.10g", $i) : $i; print "" }'; }
figures default.db >wanted
figures mixed.db | diff wanted - || fail "not all intervals are of 95 %"
figures lower.db | diff wanted - || fail "not computed anew at 95 %"
figures lower.db --confidence 80% >wanted
figures mixed.db --confidence 80% | diff wanted - || fail "not all intervals are of 80 %"
expect_status 0 sbstat history show --series --db mixed.db -q
grep -q '95 % CI' out || { cat out; fail "the level is not said"; }

expect_status 0 sbstat history show --db mixed.db --charts charts --confidence 80%
sed 's/<[^>]*>//g' charts/trend-docker-c1g1-cpu-events-per-second.svg >words
grep -q 'mean and 80 % confidence interval' words || { cat words; fail "the chart does not say the level"; }
[ "$(grep -c 'centre between changes' words)" = 2 ] || { cat words; fail "subtitle and legend do not agree"; }
! grep -q 'fitted model' words || fail "a centre is no fitted model"
