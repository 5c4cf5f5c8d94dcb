. "$E2E/lib.sh"
# No right to write where the output goes: status 4, nothing left there.
have_nobody || skip "no setpriv"
mkdir locked
chmod 555 locked
let_nobody_in || skip "the scratch folder is closed to others"
as_nobody test -r "$SAMPLE/manifest.json" || skip "the checkout is closed to others"
for sub in parse analyze compare; do
    as_nobody "$SBSTAT" $sub "$SAMPLE" -o locked/x.csv 2>err
    [ $? = 4 ] || { cat err; fail "$sub: not 4"; }
    grep -q "locked/x.csv" err || fail "$sub does not name the file"
done
as_nobody "$SBSTAT" report "$SAMPLE" -o locked/report 2>err >out
[ $? = 4 ] || { cat err; fail "report: not 4"; }
[ -z "$(ls -A locked)" ] || fail "something was left"
