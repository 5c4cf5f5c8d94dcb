. "$E2E/lib.sh"
# No usable run at all: status 3 and no output under the final name.
mkdir logs
echo "nothing to see" >logs/notes.txt
mkdir none
for sub in parse analyze compare report plot; do
    for where in logs none; do
        expect_status 3 sbstat $sub $where -o made
        [ -s err ] || fail "$sub says nothing"
        [ -e made ] && fail "$sub made an output"
    done
done
for sub in analyze compare report; do
    expect_status 3 sbstat $sub "$SAMPLE" --where platform=nowhere -o made
    [ -e made ] && fail "$sub made an output"
done
printf '' >empty
for sub in parse analyze; do
    sbstat $sub - <empty >out 2>err
    [ $? = 3 ] || fail "$sub of an empty standard input"
done
true
