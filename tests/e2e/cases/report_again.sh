. "$E2E/lib.sh"
# Into an existing folder: files of others stay, those of the report before go when the new one has none of that name.
mkdir -p report/charts
echo mine >report/notes.txt
echo mine >report/charts/mine.svg
sbstat report "$SAMPLE" -o report >out || fail "first"
(cd report && find . -type f | LC_ALL=C sort) >first
sbstat report "$SAMPLE" -o report >out || fail "second"
(cd report && find . -type f | LC_ALL=C sort) | cmp first - || fail "the second time gave other files"
sbstat report "$SAMPLE" --where test=cpu -o report >out || fail "third"
sbstat report "$SAMPLE" --where test=cpu -o other >out || fail "fourth"
[ "$(cat report/notes.txt report/charts/mine.svg)" = "mine
mine" ] || fail "a file of others changed"
rm report/notes.txt report/charts/mine.svg
diff -r report other || fail "files of the first report were left"
