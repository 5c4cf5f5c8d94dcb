. "$E2E/lib.sh"
# Compressed and archived logs give the figures of the plain ones.
command -v tar >/dev/null && command -v gzip >/dev/null || skip "no tar or gzip"
cp -r "$SAMPLE" logs
tar -cf - logs | gzip >logs.tar.gz
sbstat analyze logs --format csv -o plain.csv || fail "plain"
sbstat analyze logs.tar.gz --format csv -o packed.csv || fail "an archive: $?"
cmp plain.csv packed.csv || fail "the archive gives other figures"
find logs -name '*.txt' -exec gzip {} +
sbstat analyze logs --format csv -o packed.csv || fail "compressed files: $?"
cmp plain.csv packed.csv || fail "compressed files give other figures"
sbstat parse logs.tar.gz | cut -d, -f1 | grep -q '^logs.tar.gz!' || fail "the source does not name the archive's member"
