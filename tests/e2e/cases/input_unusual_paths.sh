. "$E2E/lib.sh"
# Blanks, quotes, line ends, leading dashes and bytes that are no UTF-8 in names; two PATHs with one name; a file as PATH.
odd='logs/a "b"'"'"'c, d	e
f'
mkdir -p "$odd" logs/-o x/run y/run
cp "$SAMPLE/raw/c1g1_cpu_r1.txt" "$odd/cpu.txt"
cp "$SAMPLE/raw/c1g1_cpu_r2.txt" logs/-o/cpu.txt
cp "$SAMPLE/raw/c1g1_cpu_r3.txt" "$(printf 'logs/\377\376.txt')"
cp "$SAMPLE/raw/c1g1_cpu_r4.txt" x/run/cpu.txt
cp "$SAMPLE/raw/c1g1_cpu_r5.txt" y/run/cpu.txt
sbstat parse logs -o tidy.csv || fail "status $?"
sbstat parse tidy.csv -o again.csv || fail "what it wrote cannot be read back"
cmp tidy.csv again.csv || fail "reading back changed it"
[ "$(grep -c ',events_per_second,' tidy.csv)" = 3 ] || fail "not three results"
sbstat report logs -o report >out || fail "report: $?"
sbstat parse x/run y/run >two.csv || fail "two PATHs"
grep -q '^run/cpu.txt,' two.csv || fail "the first source"
grep -q '^run#2/cpu.txt,' two.csv || fail "the second source"
cd logs/-o || exit 1
sbstat parse -- cpu.txt >/dev/null || fail "a file after --"
cp cpu.txt ./-cpu.txt
sbstat parse ./-cpu.txt | grep -q "^'-cpu.txt," || fail "a file as PATH"
