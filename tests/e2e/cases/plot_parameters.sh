. "$E2E/lib.sh"
# What made a chart stands in the file itself: the settings of the analysis, in each format.
expect_status 0 sbstat plot "$SAMPLE" -q -o charts --chart overview --margin 3% --baseline docker
for format in svg png pdf; do
    [ -s "charts/overview.$format" ] || fail "no $format"
done
wanted='confidence=0.95 alpha=0.05 margin=0.03 correction=holm test=welch baseline=docker'
grep -qF "$wanted" charts/overview.svg || fail "the SVG does not say what made it"
grep -aqF "$wanted" charts/overview.png || fail "the PNG does not say what made it"
grep -aq 'margin=0.03' charts/overview.pdf || fail "the PDF does not say what made it"
