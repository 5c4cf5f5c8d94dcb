. "$E2E/lib.sh"
# Eight programs add at once, every fifth is killed on its way; what was told to be added is there, whole.
sbstat parse "$SAMPLE" --where config=c1g1 --where test=cpu -o runs.csv || fail "parse"
worker() {
    n=0
    while [ $((n += 1)) -le 5 ]; do
        sbstat history add runs.csv --id "w$1-$n" --at 2026-11-24 -q >/dev/null 2>"err$1" &
        pid=$!
        [ $((($1 + n) % 5)) = 0 ] && kill -9 $pid 2>/dev/null
        if wait $pid; then echo "w$1-$n" >>"done$1"; fi
    done
}
for w in 1 2 3 4 5 6 7 8; do
    worker $w 2>/dev/null &
done
wait
cat done? | sort >told
[ "$(wc -l <told)" -ge 30 ] || { cat err?; fail "only $(wc -l <told) adds ended well"; }
sbstat history list --format csv >list || fail "list"
sed 1d list | cut -d, -f1 | sort >there
[ -z "$(comm -23 told there)" ] || fail "lost: $(comm -23 told there)"
[ "$(cut -d, -f3 list | sort -u | wc -l)" = 2 ] || { cat list; fail "half an entry"; }
if command -v python3 >/dev/null; then
    python3 -c 'import sqlite3; print(sqlite3.connect("sbstat-history.sqlite").execute("PRAGMA integrity_check").fetchone()[0])' | grep -qx ok || fail "the file is damaged"
fi
