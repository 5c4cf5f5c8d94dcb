. "$E2E/lib.sh"
# --layout takes labels from the trailing path components, --labels sets them from a file; both outrank what the path says.
mkdir -p logs/A logs/B
for r in 1 2; do
    cp "$SAMPLE/raw/c1g1_cpu_r$r.txt" "logs/A/one_x$r.txt"
    cp "$SAMPLE/docker/c1g1_cpu_r$r.txt" "logs/B/one_x$r.txt"
done
sbstat parse logs --layout '{platform}/{config}_x{repetition}.txt' -o tidy.csv || fail "--layout"
[ "$(column platform tidy.csv | sort -u | tr '\n' ' ')" = "A B " ] || fail "platform from the layout"
[ "$(column config tidy.csv | sort -u)" = one ] || fail "config from the layout"
[ "$(column repetition tidy.csv | sort -u | tr '\n' ' ')" = "1 2 " ] || fail "repetition from the layout"
cat >labels.csv <<'EOF'
source,=>,platform,config
logs/A/*,,raw,small
logs/B/*,,docker,small
logs/B/one_x2.txt,,docker,large
EOF
sbstat parse logs --layout '{platform}/{config}_x{repetition}.txt' --labels labels.csv -o tidy.csv || fail "--labels"
[ "$(column platform tidy.csv | sort -u | tr '\n' ' ')" = "docker raw " ] || fail "platform from the file"
[ "$(grep '^logs/B/one_x2.txt,' tidy.csv | cut -d, -f5 | sort -u)" = large ] || fail "a later row wins"
expect_status 2 sbstat parse logs --layout '{platform/{config}.txt'
expect_status 3 sbstat parse logs --labels no_such.csv
