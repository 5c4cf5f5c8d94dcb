. "$E2E/lib.sh"
# --help of the program and of every subcommand: on stdout, status 0, nothing on stderr, within 80 columns.
for sub in $path_commands explain; do
    echo "$subcommands" | grep -qx "$sub" || fail "sbstat --help does not list $sub"
done
for sub in $subcommands; do
    expect_status 0 sbstat "$sub" --help
    [ -s err ] && fail "$sub --help wrote on stderr"
    grep -q "sbstat $sub" out || fail "$sub --help has no usage line"
    options=--help
    head -n 1 out | grep -q PATH && options="--output --where --layout --labels --help"
    for option in $options; do
        grep -q -- "$option" out || fail "$sub --help does not mention $option"
    done
    awk -v sub_="$sub" 'length($0) > 80 { print "FAILED: " sub_ " --help, wider than 80: " $0; bad = 1 } END { exit bad }' out || exit 1
    cp out by_option
    expect_status 0 sbstat "$sub" -h
    cmp out by_option || fail "$sub -h and --help differ"
done
