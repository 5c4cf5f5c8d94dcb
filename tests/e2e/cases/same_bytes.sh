. "$E2E/lib.sh"
# Same input, same bytes: whatever the folder, locale, time zone, number of threads, umask, order of files on disk.
cp -r "$SAMPLE" logs
sbstat report logs -o one >out || fail "first"
sbstat compare logs --format text >one.txt

mkdir -p elsewhere/logs
find "$SAMPLE" -type f | LC_ALL=C sort -r | while IFS= read -r file; do
    to=elsewhere/logs/${file#"$SAMPLE"/}
    mkdir -p "$(dirname "$to")"
    cp "$file" "$to"
done
cd elsewhere || exit 1
locale=C.UTF-8
if locale -a 2>/dev/null | grep -qix 'de_DE.utf-\{0,1\}8'; then
    locale=de_DE.UTF-8
elif command -v localedef >/dev/null && localedef -i de_DE -f UTF-8 "$HOME/de_DE.UTF-8" 2>/dev/null; then
    LOCPATH=$HOME
    locale=de_DE.UTF-8
    export LOCPATH
fi
umask 027
LC_ALL=$locale LANG=$locale TZ=Asia/Kolkata COLUMNS=40 sbstat report logs -o two -j 1 >out || fail "second"
LC_ALL=$locale LANG=$locale TZ=Asia/Kolkata sbstat compare logs --format text >../two.txt || fail "compare"
cd ..
cmp one.txt two.txt || fail "compare differs under $locale"
diff -r one elsewhere/two || fail "the report differs under $locale"
