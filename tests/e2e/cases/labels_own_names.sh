. "$E2E/lib.sh"
# Platforms, configurations and tests may have any name: of logs that are named by the labels in their manifest nothing is
# guessed, whatever the names look like.
add() { # PLATFORM TEST BOOT, and the log
    mkdir -p "logs/$1/native"
    cp "$SAMPLE/raw/$4" "logs/$1/native/$2_b$3_r1.log"
    printf '%s{"log": "%s/native/%s_b%s_r1.log", "platform": "%s", "config": "native", "test": "%s", "boot": "%s", "repetition": "1", "exit_codes": [0]}' \
        "$comma" "$1" "$2" "$3" "$1" "$2" "$3" >>runs
    comma=,
}
comma=
for boot in 1 2 3; do
    for platform in host writeback server2; do
        add "$platform" fio "$boot" "c1g1_fileio_r$boot.txt"
        add "$platform" prime "$boot" "c1g1_cpu_r$boot.txt"
    done
done
printf '{"schema_version": 1, "experiment": "e", "runs": [%s]}' "$(cat runs)" >logs/manifest.json
sbstat parse logs -f csv -o runs.csv --quiet || fail "parse"
head -n 1 runs.csv | grep -q -E '(^|,)(file|folder[0-9]*)(,|$)' && fail "labels that nobody gave: $(head -n 1 runs.csv)"
sbstat audit logs --quiet >audit
grep -E 'LABEL_CONTRADICTION|NAME_CONTRADICTS|CONFOUNDED' audit && fail "the names were read as if they meant something"
sbstat compare logs --quiet >compare || fail "compare"
grep -q CONFOUNDED compare && fail "confounded"
grep -q writeback compare && grep -q server2 compare || fail "a platform is missing"
sbstat compare logs -f csv -o compare.csv --quiet
head -n 1 compare.csv | grep -q '^factor,baseline,level,config,test,metric,' || fail "columns: $(head -n 1 compare.csv)"
