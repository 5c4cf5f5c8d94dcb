#!/bin/sh
# The small experiment of the README with shorter tests, from images to the report, for real: raw and qcow2 guests under
# QEMU and containers under Docker; two configurations, three tests, three boots each: 54 runs. Skipped, saying so, where
# QEMU, a kernel or Docker is missing.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
. "$SOURCE_DIR/tests/collect/verdict.sh"
command -v "qemu-system-$(uname -m)" >/dev/null || skip "no qemu-system-$(uname -m)"
. "$here/dockerd.sh"
work=$(mktemp -d /tmp/sbsmall.XXXXXX) || exit 2
clean_up() {
    dockerd_stop
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM
dockerd_start "$work/docker" || skip "no Docker daemon, and none can be started here"
cd "$work" || exit 2

"$SBSTAT" image build --kind tiny -o images/guest --container sbstat-sysbench >out 2>err || {
    grep -q 'kernel' err && skip "no tiny image: $(tail -n 1 err)"
    fail "image build"
}
sed -e 's/--time=3/--time=1/' -e 's/=128M/=16M/' "$SOURCE_DIR/docs/plans/small.yaml" >small.yaml
"$SBSTAT" run small.yaml -o small --allow-busy >out 2>err || fail "sbstat run ended with $?"

runs=$(find small -name '*.log' | wc -l)
[ "$runs" = 54 ] || fail "$runs logs, not 54"
"$SBSTAT" parse small --format csv -o runs.csv 2>err || fail "parse"
complete=$(awk -F, '$9 && $11 == "complete" { seen[$1] } END { n = 0; for (s in seen) n++; print n }' runs.csv)
[ "$complete" = 54 ] || fail "$complete complete runs, not 54"
page=$(find . -name index.html)
[ -s "$page" ] || fail "no report"
grep -q "software emulation\|hardware" "$page" || fail "the report does not say how the guests ran"
left=$(docker ps -aq --filter label=sbstat.experiment | wc -l)
[ "$left" = 0 ] || fail "$left containers are left"
