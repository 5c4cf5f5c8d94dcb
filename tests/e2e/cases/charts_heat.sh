. "$E2E/lib.sh"
# What a map of changes hatches is named as it is: equivalent, inconclusive, or both.
says() {
    sed 's/<[^>]*>//g' "charts/heat-qcow2-vs-raw.svg" | tr '\n' ' ' >words
    grep -qF -- "$1" words || { cat words; fail "the map does not say \"$1\""; }
    [ "$(grep -o hatched words | wc -l)" = 1 ] || { cat words; fail "said twice"; }
}
draw() { expect_status 0 sbstat plot "$SOURCE_DIR/sample-data" -q -f svg -o charts --chart 'heat-*' "$@"; }
draw --margin 30%
says 'hatched: equivalent or inconclusive'
draw --margin 99%
says 'hatched: equivalent '
draw
says 'hatched: inconclusive '
