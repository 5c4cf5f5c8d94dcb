. "$E2E/lib.sh"
# Output that cannot be written: status 4, one line that names it.
[ -w /dev/full ] || skip "no /dev/full"
for sub in parse audit analyze compare; do
    expect_status 4 sbstat $sub "$SAMPLE" -o /dev/full
    expect_one_error_line /dev/full
    sbstat $sub "$SAMPLE" >/dev/full 2>err
    [ $? = 4 ] || { cat err; fail "$sub: full standard output"; }
    [ -s err ] || fail "$sub: nothing on stderr"
    mkdir folder
    expect_status 4 sbstat $sub "$SAMPLE" -o folder
    rmdir folder || fail "$sub left something behind"
    echo >file
    expect_status 4 sbstat $sub "$SAMPLE" -o file/x.csv
    rm file
done
echo >file
expect_status 4 sbstat report "$SAMPLE" -o file
expect_one_error_line file
expect_status 4 sbstat report "$SAMPLE" -o file/report
sbstat report "$SAMPLE" -o made >/dev/full 2>err
[ $? = 4 ] || fail "report: full standard output"
[ -c /dev/full ] || fail "/dev/full was replaced"
