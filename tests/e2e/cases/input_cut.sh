. "$E2E/lib.sh"
# A log cut after any line: what was printed counts, what was not is absent and never 0, and the run is not complete.
log=$SAMPLE/docker/c1g1_fileio_r1.txt
total=$(wc -l <"$log")
sbstat parse "$log" >whole.csv || fail "whole"
[ "$(column status whole.csv | sort -u)" = complete ] || fail "the whole log is not complete"
start=$(grep -n 'Threads started' "$log" | cut -d: -f1)
end=$(grep -n 'execution time (avg' "$log" | cut -d: -f1)
line=$((start + 1))
while [ "$line" -lt "$end" ]; do
    head -n "$line" "$log" >cut.txt
    sbstat parse cut.txt >cut.csv 2>err
    case $? in
    0)
        [ "$(column status cut.csv | sort -u)" != complete ] || fail "cut after line $line of $total, and complete"
        # Every value of the cut log stands in the whole one.
        awk -F, 'NR > 1 && $12 !~ /^param/ { print $12 "," $13 }' whole.csv >all
        awk -F, 'NR > 1 && $12 !~ /^param/ { print $12 "," $13 }' cut.csv | grep -vxF -f all >extra
        [ -s extra ] && { cat extra; fail "cut after line $line: values that the whole log does not have"; }
        ;;
    3) [ -s err ] || fail "cut after line $line: nothing said" ;;
    *) cat err; fail "cut after line $line: a strange status" ;;
    esac
    line=$((line + 1))
done
true
