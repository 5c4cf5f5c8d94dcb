. "$E2E/lib.sh"
# A log that was cut before its report still has interval lines: parse gives them, analysis says there is nothing to analyse.
{
    sed -n '1,/Threads started/p' "$SAMPLE/raw/c1g1_cpu_r1.txt"
    printf '\n[ 1s ] thds: 1 eps: 931.90 lat (ms,95%%): 1.10\n[ 2s ] thds: 1 eps: 932.01 lat (ms,95%%): 1.10\n'
} >cut.txt
expect_status 0 sbstat parse --series cut.txt
grep -q '^cut.txt,1,.*,2,events_per_second,932.01,1/s$' out || { cat out; fail "the interval is not there"; }
expect_status 0 sbstat parse cut.txt
expect_status 3 sbstat analyze cut.txt
