# The header lines of the views' CSV forms are a public interface; the further columns come only when asked for, at the end.
for args in effects repetitions 'analyze --scaling vcpus' 'analyze --prediction' 'analyze --tolerance 90%' 'analyze --bootstrap 200' \
    'analyze --center median' 'analyze --all-columns' 'compare --aggregate' 'compare --estimate difference' 'compare --test permutation' \
    'compare --null-control test=cpu' 'compare --all-columns'; do
    echo "$args"
    # shellcheck disable=SC2086 # words
    sbstat $args "$SAMPLE" --format csv | head -n 1
done
echo 'analyze --steady'
sbstat analyze --steady --format csv "$SOURCE_DIR/tests/reference/views/warmup.log" | head -n 1
echo 'analyze --percentiles'
sbstat analyze --percentiles 95 --format csv "$SOURCE_DIR/tests/golden/parsers/logs/1.0.20-cpu-interval-histogram.txt" | head -n 1
