# The classic experiment's names: result_raw_1/config1_cpu_test1.txt with several runs in a file. cpu_test1 and cpu_test2 are two
# tests, not repetitions of one, even with equal parameters.
for platform in raw docker; do
    mkdir "result_${platform}_1"
    for test in cpu_test1 cpu_test2 memory_test1; do
        cat "$SAMPLE/$platform/c1g1_${test%_*}"_r[123].txt >"result_${platform}_1/config1_$test.txt"
    done
done
sbstat parse --labels-only -f csv result_docker_1 result_raw_1 |
    awk -F, '$3 != "repetition" || $2 == 3' | sort | uniq
