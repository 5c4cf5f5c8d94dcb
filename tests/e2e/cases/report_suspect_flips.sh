. "$E2E/lib.sh"
# One wrong figure among five turns a clear verdict into none: the run is left out, and the report says what hangs on it.
cp -r "$SAMPLE" logs
rm -r logs/manifest.json logs/qcow2 # without a manifest the accelerators are unknown, so the platforms are compared
log=logs/docker/c1g1_cpu_r5.txt
sed -E 's/(events per second: *)[0-9.]+/\19.99/' "$log" >changed
cmp -s changed "$log" && fail "nothing was changed"
cp changed "$log"
expect_status 0 sbstat report logs -o report
wanted='without the suspect runs: faster \(ratio 5\.[0-9]+ \[[^]]*\], n = 4 against 5\); with them: inconclusive \(ratio [0-9.]+ \[[^]]*\], n = 5 against 5\)'
sed 's/<[^>]*>//g; s/&nbsp;/ /g; s/\xc2\xa0/ /g' report/index.html >page
sed 's/\\//g; s/&#[0-9]*;//g' report/report.md >marked
grep -Eq "Docker against QEMU raw, cpu in c1g1, events per second: $wanted" page || fail "the page does not say what the run decides"
grep -q 'with them: inconclusive' marked || fail "the Markdown does not say what the run decides"
grep -q 'With the 1 suspect run kept, 2 of [0-9]* headline verdicts would differ' page || { grep 'suspect run kept' page; fail "no count"; }
grep -q 'suspect run kept' out || fail "the printed answer does not speak of it"

expect_status 0 sbstat report logs -o kept --include-suspect
! grep -q 'id="suspect"' kept/index.html || fail "compared with itself"
