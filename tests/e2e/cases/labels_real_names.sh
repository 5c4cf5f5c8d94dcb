. "$E2E/lib.sh"
# Names as people choose them give platform, config, test and repetition without help.
for p in raw qcow2 docker; do
    mkdir -p "one/result_${p}_1" "two/$(echo $p | tr "[:lower:]" "[:upper:]")/cpu2ram3"
    for r in 1 2 3; do
        for t in cpu memory; do
            cat "$SAMPLE/$p/c1g1_${t}_r$r.txt" >>"one/result_${p}_1/config1_${t}_test1.txt"
            cp "$SAMPLE/$p/c1g1_${t}_r$r.txt" "two/$(echo $p | tr "[:lower:]" "[:upper:]")/cpu2ram3/${t}_$r.txt"
        done
    done
done
for tree in one two; do
    sbstat parse $tree -o $tree.csv || fail "$tree"
    [ "$(column platform $tree.csv | sort -u | tr '\n' ' ')" = "docker qcow2 raw " ] || fail "$tree: platforms"
    sbstat analyze $tree --format csv -o sum.csv || fail "$tree: analyze"
    [ "$(grep -c ',events_per_second,' sum.csv)" -ge 3 ] || fail "$tree: cells"
    [ "$(column n_runs sum.csv | sort -u)" = 3 ] || fail "$tree: three runs to a cell"
done
