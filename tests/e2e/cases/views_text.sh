# Every view for people, from a small design of two platforms, three sizes and four boots.
design=$SOURCE_DIR/tests/reference/views/design.csv
show() {
    echo "\$ sbstat $*"
    sbstat "$@" --quiet "$design"
    echo
}
show effects --by platform,vcpus
show effects --by vcpus --where test=cpu
show repetitions --width 1% --cost-boot 30 --cost-run 10
show analyze --scaling vcpus
show analyze --center geomean --where config=c1
show analyze --center median --prediction --tolerance 90% --bootstrap 2000 --where config=c1
show compare
show compare --aggregate
show compare --estimate difference --test permutation
show compare --estimate hodges-lehmann --test mann-whitney --correction none
show compare --by vcpus --test dunnett --where test=cpu
show compare --by vcpus --all-pairs --test games-howell --where test=cpu
show compare --null-control 'test=cpu,platform=[rd]*' --null-control test=disk
show compare --null-control test=disk --format markdown
echo '$ sbstat analyze --steady'
sbstat analyze --steady --quiet "$SOURCE_DIR/tests/reference/views/warmup.log"
echo
echo '$ sbstat analyze --percentiles'
sbstat analyze --percentiles 50,95,99.9 --quiet "$SOURCE_DIR/tests/golden/parsers/logs/1.0.20-cpu-interval-histogram.txt"
