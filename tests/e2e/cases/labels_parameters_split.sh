. "$E2E/lib.sh"
# Runs with other parameters or versions are never averaged into one cell: the difference becomes a label, and is said.
mkdir -p logs/raw
for r in 1 2 3 4; do cp "$SAMPLE/raw/c1g1_cpu_r$r.txt" "logs/raw/config1_cpu_r$r.txt"; done
chmod u+w logs/raw/*
sbstat analyze logs --format csv -o same.csv || fail "same"
[ "$(grep -c ',events_per_second,' same.csv)" = 1 ] || fail "one cell to begin with"
for r in 3 4; do
    sed 's/Prime numbers limit: 10000/Prime numbers limit: 20000/' "$SAMPLE/raw/c1g1_cpu_r$r.txt" >"logs/raw/config1_cpu_r$r.txt"
done
sbstat analyze logs --format csv -o split.csv || fail "parameters"
grep ',events_per_second,' split.csv >rows
[ "$(wc -l <rows)" = 2 ] || fail "other cpu-max-prime, and not two cells"
[ "$(column cpu-max-prime split.csv | sort -u | tr '\n' ' ')" = "10000 20000 " ] || fail "no label cpu-max-prime"
grep -q PARAMETERS_SPLIT rows || fail "no cell carries PARAMETERS_SPLIT"
for r in 3 4; do
    sed 's/^sysbench 1.0.20/sysbench 1.0.18/' "$SAMPLE/raw/c1g1_cpu_r$r.txt" >"logs/raw/config1_cpu_r$r.txt"
done
sbstat analyze logs --format csv -o split.csv || fail "versions"
[ "$(grep -c ',events_per_second,' split.csv)" = 2 ] || fail "two versions, and not two cells"
[ "$(column version split.csv | sort -u | tr '\n' ' ')" = "1.0.18 1.0.20 " ] || fail "no label version"
