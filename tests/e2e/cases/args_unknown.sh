. "$E2E/lib.sh"
# Words that the program does not know: status 2, the word is named, nothing on stdout.
expect_status 2 sbstat frobnicate
grep -q "frobnicate" err || fail "does not name the subcommand"
[ -s out ] && fail "printed on stdout"
for sub in $subcommands; do
    expect_status 2 sbstat "$sub" --frobnicate "$SAMPLE"
    grep -q -- "frobnicate" err || fail "$sub does not name the option"
    [ -s out ] && fail "$sub printed on stdout"
done
true
