#!/bin/sh
# docs/gallery.md shows what the program draws today: the same pictures, each mentioned. Numbers are left out of the
# comparison, because text widths differ in the last digits between versions of Pango.
#   REGENERATE=1 writes the pictures anew: look at them before you commit them.
set -eu
sample_charts='overview platforms-config1 ratios-qcow2-vs-raw heat-qcow2-vs-raw configs-docker runs-fileio-test1 order-docker-cpu-test1 series-fileio-test1-config1 histogram-cpu-test1-config1 percentiles-fileio-test1-config1'
# draw_samples FOLDER - some of the charts of the sample data, as sample-NAME.svg
draw_samples() {
    "$SBSTAT" plot "$SOURCE_DIR/sample-data" -q -f svg -o "$1/samples"
    for name in $sample_charts; do
        mv "$1/samples/$name.svg" "$1/sample-$name.svg"
    done
    rm -rf "$1/samples"
}
docs="$SOURCE_DIR/docs/gallery"
if [ -n "${REGENERATE:-}" ]; then
    mkdir -p "$docs"
    rm -f "$docs"/*.svg
    "$BUILD_DIR/tests/draw_gallery" --docs "$docs"
    draw_samples "$docs"
    exit 0
fi
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
"$BUILD_DIR/tests/draw_gallery" --docs "$new"
draw_samples "$new"
status=0
for file in "$new"/*.svg; do
    name=${file##*/}
    if [ ! -f "$docs/$name" ]; then
        echo "docs/gallery/$name is missing" && status=1
    elif [ "$name" != hostile.svg ] && ! { sed 's/[0-9.]*//g' "$file" >"$new/a" && sed 's/[0-9.]*//g' "$docs/$name" >"$new/b" && cmp -s "$new/a" "$new/b"; }; then
        echo "docs/gallery/$name is not what is drawn now" && status=1
    fi
    grep -q "gallery/$name" "$SOURCE_DIR/docs/gallery.md" || { echo "docs/gallery.md does not show $name" && status=1; }
done
if command -v xmllint >/dev/null 2>&1; then
    xmllint --noout "$new"/*.svg || status=1
fi
exit $status
