#!/bin/sh
# docs/gallery.md shows what the program draws today: the same pictures, each mentioned. Numbers are left out of the
# comparison, because text widths differ in the last digits between versions of Pango.
#   REGENERATE=1 writes the pictures anew: look at them before you commit them.
set -eu
docs="$SOURCE_DIR/docs/gallery"
if [ -n "${REGENERATE:-}" ]; then
    mkdir -p "$docs"
    rm -f "$docs"/*.svg
    exec "$BUILD_DIR/tests/draw_gallery" --docs "$docs"
fi
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
"$BUILD_DIR/tests/draw_gallery" --docs "$new"
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
