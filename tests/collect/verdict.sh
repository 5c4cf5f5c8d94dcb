# How a script test ends before its end; sourced with `. "$SOURCE_DIR/tests/collect/verdict.sh"`. The last lines of $work/out,
# $work/err and of the files in $more_output are shown with a failure.
skip() {
    echo "SKIPPED: $*"
    exit 77
}
fail() {
    echo "FAILED: $*"
    for verdict_file in "$work/out" "$work/err" ${more_output:-}; do
        [ -s "$verdict_file" ] && { echo "--- ${verdict_file##*/}"; tail -n 40 "$verdict_file"; }
    done
    exit 1
}
