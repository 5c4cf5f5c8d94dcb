. "$E2E/lib.sh"
# --where keeps the runs whose label matches the glob, in every stage; what is kept does not change.
sbstat parse "$SAMPLE" -o all.csv || fail "parse"
sbstat parse "$SAMPLE" --where platform=docker -o some.csv || fail "parse --where"
awk -F, 'NR == 1 || $4 == "docker"' all.csv | cmp - some.csv || fail "not the rows of docker"
sbstat parse "$SAMPLE" --where 'platform=*w*' --where test=cpu -o some.csv || fail "two globs"
[ "$(column platform some.csv | sort -u | tr '\n' ' ')" = "qcow2 raw " ] || fail "glob over platforms"
[ "$(column test some.csv | sort -u)" = cpu ] || fail "glob over tests"
sbstat analyze "$SAMPLE" --format csv -o all.csv || fail "analyze"
sbstat analyze "$SAMPLE" --format csv --where platform=docker -o some.csv || fail "analyze --where"
cut -d, -f1,2,3,6-24 all.csv | grep -E '^(platform|docker),' >want
cut -d, -f1,2,3,6-24 some.csv | cmp - want || fail "the figures of docker changed"
sbstat compare "$SAMPLE" --format csv --where 'platform=[rq]*' -o some.csv || fail "compare --where"
[ "$(column level some.csv | sort -u)" = qcow2 ] || fail "compare took more than raw and qcow2"
