. "$E2E/lib.sh"
# What the views refuse: status 2 and one line that says what is wrong, before any work.
bad() {
    word=$1
    shift
    expect_status 2 sbstat "$@"
    expect_one_error_line "$word"
    [ -s out ] && fail "printed on stdout: $*"
    return 0
}
bad hodges-lehmann compare "$SAMPLE" --estimate guess
bad games-howell compare "$SAMPLE" --test guess
bad games-howell compare "$SAMPLE" --test dunnett --all-pairs
bad LABEL=GLOB compare "$SAMPLE" --null-control test
bad LABEL=GLOB compare "$SAMPLE" --null-control test=cpu,=x
bad LABEL=GLOB compare "$SAMPLE" --null-control =x
bad 2^53 compare "$SAMPLE" --seed -1
bad 2^53 compare "$SAMPLE" --seed 1.5
bad 100 compare "$SAMPLE" --permutations 10
bad 100 analyze "$SAMPLE" --bootstrap 99
bad 90 analyze "$SAMPLE" --percentiles 50,900
bad like analyze "$SAMPLE" --percentiles 50,
bad like analyze "$SAMPLE" --percentiles ''
bad median analyze "$SAMPLE" --center mode
bad fraction analyze "$SAMPLE" --tolerance 2
bad one analyze "$SAMPLE" --steady --scaling vcpus
bad speed analyze "$SAMPLE" --scaling speed
bad nothing effects "$SAMPLE" --by nothing
bad vcpus effects "$SAMPLE" --by platform,,vcpus
bad factors effects "$SAMPLE" --by platform,vcpus,memory_mib,config,test,platform
bad fraction repetitions "$SAMPLE" --width 0
bad positive repetitions "$SAMPLE" --cost-boot -1
# What the data do not hold: status 3, said in one line.
none() {
    word=$1
    shift
    expect_status 3 sbstat "$@"
    expect_one_error_line "$word"
}
none interval analyze "$SAMPLE" --steady
none histogram analyze "$SAMPLE" --percentiles 95
none average compare "$SAMPLE" --aggregate --where platform=raw
none tested repetitions "$SAMPLE" --metric nothing
true
