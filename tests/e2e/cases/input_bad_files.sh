. "$E2E/lib.sh"
# An unreadable, an empty, a binary file and one without a run: one line each on stderr with path and reason, each
# named in the report, and the rest goes on as if they were not there.
have_nobody || skip "no setpriv"
cp -r "$SAMPLE" logs
chmod -R u+w logs
sbstat analyze logs --format csv -o clean.csv || fail "clean"
mkdir logs/bad
: >logs/bad/empty.txt
head -c 4096 /dev/zero | tr '\0' '\377' >logs/bad/binary.txt
echo "Average Events per Second: 1223.11" >logs/bad/byhand.txt
cp logs/raw/c1g1_cpu_r1.txt logs/bad/locked.txt
chmod 000 logs/bad/locked.txt
chmod a+w .
let_nobody_in || skip "the scratch folder is closed to others"
as_nobody "$SBSTAT" analyze logs --format csv -o - >with_bad.csv 2>err || fail "status $?"
for name in empty binary byhand locked; do
    [ "$(grep -c "logs/bad/$name.txt" err)" = 1 ] || { cat err; fail "not one line about $name.txt"; }
done
[ "$(wc -l <err)" = 4 ] || { cat err; fail "more than the four lines"; }
grep "locked" err | grep -qi "permission denied" || fail "no reason for locked.txt"
cmp clean.csv with_bad.csv || fail "the bad files changed the figures"
mkdir made
chmod a+rwx made
as_nobody "$SBSTAT" report logs -o made/report >out 2>err || { cat err; fail "report: status $?"; }
for name in empty binary byhand locked; do
    for page in index.html report.md report.json; do
        grep -q "bad/$name.txt" "made/report/$page" || fail "$page does not name $name.txt"
    done
done
