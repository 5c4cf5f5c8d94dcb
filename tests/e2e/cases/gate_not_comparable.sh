. "$E2E/lib.sh"
# Other parameters, accelerators or labels are told and fail; they are never compared silently.
sbstat parse "$SAMPLE" --where test=cpu -o all.csv || fail "parse"
awk -v platform=none -v factor=1 -f "$E2E/scale_cpu.awk" all.csv >baseline.csv
reason() { awk -F, -v platform="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["platform"] == platform { print $at["outcome"], $at["reason"] }' out | sort -u; }

awk 'BEGIN { FS = OFS = "," } $4 == "docker" && $12 == "param.cpu-max-prime" { $13 = 10 } { print }' baseline.csv >primes.csv
cmp -s baseline.csv primes.csv && fail "the sample has no cpu-max-prime"
expect_status 1 sbstat gate --baseline baseline.csv --candidate primes.csv --format csv
[ "$(reason docker)" = "fail not comparable" ] || { cat out; fail "other parameters are compared"; }
grep 'docker' out | grep -q PARAMETERS_DIFFER || fail "the reason is not given"
[ "$(reason raw | grep -c fail)" = 0 ] || fail "raw fails too"

awk 'BEGIN { FS = OFS = "," } $12 == "param.env.accelerator" && $4 == "raw" { $13 = "kvm" } { print }' baseline.csv >kvm.csv
cmp -s baseline.csv kvm.csv && fail "the sample has no accelerator"
expect_status 1 sbstat gate --baseline baseline.csv --candidate kvm.csv --format csv
[ "$(reason raw)" = "fail not comparable" ] || { cat out; fail "other accelerators are compared"; }
grep raw out | grep -q ACCELERATORS_DIFFER || fail "the reason is not given"
expect_status 1 sbstat gate --baseline baseline.csv --candidate kvm.csv
grep -q 'FAIL: not comparable' out || fail "the text does not say it"
# Nothing is emulated between kvm and hvf, and what the gate compares need not be platforms.
awk 'BEGIN { FS = OFS = "," } $12 == "param.env.accelerator" { $13 = "hvf" } { print }' kvm.csv >hvf.csv
awk 'BEGIN { FS = OFS = "," } $12 == "param.env.accelerator" { $13 = "kvm" } { print }' kvm.csv >all_kvm.csv
sbstat gate --baseline all_kvm.csv --candidate hvf.csv >hvf
grep -q 'ACCELERATORS_DIFFER: runs with different accelerators are compared' hvf || { cat hvf; fail "no footnote for kvm against hvf"; }
sbstat gate --baseline baseline.csv --candidate primes.csv --where platform=docker >text
grep -q 'PARAMETERS_DIFFER: cells that are compared' text || { cat text; fail "the footnote speaks of platforms"; }
grep 'not comparable' out | grep -q '\[' && fail "a ratio is shown of what cannot be compared"

# No cell on both sides: everything is missing, and why.
sed 's/,raw,c1g1,/,raw,one,/; s/,raw,c2g2,/,raw,two,/; s/,qcow2,c1g1,/,qcow2,one,/; s/,qcow2,c2g2,/,qcow2,two,/; s/,docker,c1g1,/,docker,one,/; s/,docker,c2g2,/,docker,two,/' baseline.csv >renamed.csv
expect_status 1 sbstat gate --baseline baseline.csv --candidate renamed.csv
grep -q '6 missing, 6 new' out || { cat out; fail "not 6 missing, 6 new"; }
grep -q 'these labels in common: config' out || { cat out; fail "does not say that config differs"; }

# A candidate whose figures the audit refuses is missing, with the reason.
awk 'BEGIN { FS = OFS = "," } $4 == "docker" && $12 == "events_per_second" { $13 *= 0.9 } { print }' all.csv >tampered.csv
expect_status 1 sbstat gate --baseline all.csv --candidate tampered.csv --format csv
[ "$(reason docker)" = "fail missing" ] || { cat out; fail "runs with errors are compared"; }
grep docker out | grep -q 'RATE_MISMATCH;RUNS_EXCLUDED' || { cat out; fail "no reason for the excluded runs"; }

# A label that is called like ours.
sed '1s/$/,side/; 2,$s/$/,x/' baseline.csv >sided.csv
expect_status 0 sbstat gate --baseline sided.csv --candidate sided.csv --format csv
grep -q ',side_2,' out || { head -n 2 out; fail "the label side was taken for ours"; }
grep -q '^pass,equivalent,.*,x,' out || fail "the label side is lost"
