. "$E2E/lib.sh"
# A limit on the size of files (ulimit -f, a quota) is a full disk too: status 4 and a message, not a signal.
for sub in parse analyze; do
    (ulimit -f 8 && exec sbstat $sub "$SAMPLE" --format csv -o made.csv) >out 2>err
    status=$?
    [ "$status" = 4 ] || { cat err; fail "$sub: status $status"; }
    grep -q made.csv err || { cat err; fail "$sub: no message"; }
    rm -f out err
    [ -z "$(ls -A .)" ] || fail "$sub left $(ls -A .)"
done
true
