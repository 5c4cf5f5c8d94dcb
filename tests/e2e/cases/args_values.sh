. "$E2E/lib.sh"
# Option values that make no sense: status 2, the value is named, before any work.
bad() {
    word=$1
    shift
    expect_status 2 sbstat "$@"
    grep -qF -- "$word" err || { cat err; fail "does not name $word: $*"; }
    [ -s out ] && fail "printed on stdout: $*"
    return 0
}
bad yaml analyze "$SAMPLE" --format yaml
bad platform parse "$SAMPLE" --where platform
bad '{x' parse "$SAMPLE" --layout '{x'
bad many report "$SAMPLE" -j many
bad nowhere compare "$SAMPLE" --by platform --baseline nowhere
grep -q docker err || fail "does not say which baselines there are"
bad nothing compare "$SAMPLE" --by nothing
grep -q platform err || fail "does not say which labels there are"
bad --format analyze "$SAMPLE" --format
for sub in analyze compare report; do
    expect_status 2 sbstat $sub
done
true
