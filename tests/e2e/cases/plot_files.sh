. "$E2E/lib.sh"
# plot writes each chart in each format asked for, and only those; --list names them; an unknown name is said.
expect_status 0 sbstat plot "$SAMPLE" --list
cut -d' ' -f1 out >names
[ "$(wc -l <names)" -ge 5 ] || fail "fewer than five charts"
[ -z "$(ls -d charts 2>/dev/null)" ] || fail "--list wrote something"
expect_status 0 sbstat plot "$SAMPLE" -o made --format svg
(cd made && ls) | sed 's/\.svg$//' | LC_ALL=C sort >got
LC_ALL=C sort names | cmp - got || fail "not the charts that --list names"
expect_status 0 sbstat plot "$SAMPLE" -o two --format svg,pdf,png --chart 'platforms-*'
for file in two/*.svg; do
    base=${file%.svg}
    head -c 4 "$base.pdf" | grep -q '%PDF' || fail "$base.pdf is no PDF"
    [ "$(head -c 8 "$base.png" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ] || fail "$base.png is no PNG"
    cmp "$file" "made/$(basename "$file")" || fail "$file differs from the one drawn alone"
    if command -v xmllint >/dev/null; then xmllint --noout --nonet "$file" || fail "$file is not well-formed"; fi
done
expect_status 2 sbstat plot "$SAMPLE" -o three --chart no-such-chart
grep -q -- --list err || fail "does not say how to find the names"
expect_status 2 sbstat plot "$SAMPLE" -o three --format gif
[ -e three ] && fail "made an output"
true
