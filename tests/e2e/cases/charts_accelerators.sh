. "$E2E/lib.sh"
# Charts say what was emulated, and which comparisons have no verdict for it, by the cells that they show.
words() { sed 's/<[^>]*>//g' "$1" | tr '\n' ' '; }
says() { words "charts/$1.svg" | grep -qF -- "$2" || { words "charts/$1.svg"; fail "$1 does not say \"$2\""; }; }
says_not() { ! words "charts/$1.svg" | grep -qF -- "$2" || fail "$1 says \"$2\""; }

# The same platforms were emulated in one configuration and not in the other.
cp -r "$SAMPLE" part
sed '/"config": "c2g2"/s/"accelerator": "tcg"/"accelerator": "kvm"/' "$SAMPLE/manifest.json" >part/manifest.json
expect_status 0 sbstat plot part -q -f svg -o charts
says ratios-docker-vs-raw 'no verdict for 3 of 6 rows'
says ratios-docker-vs-raw 'within 2 %, counts as equivalent'
says ratios-docker-vs-raw 'colours: verdict after'
says ratios-docker-vs-raw 'native against software emulation (TCG)'
says ratios-c2g2-vs-c1g1 'KVM against software emulation (TCG): not a property of the configurations'
says_not ratios-qcow2-vs-raw 'no verdict'
says platforms-c1g1 'QEMU raw and QEMU qcow2: software emulation (TCG), not comparable with Docker'
for chart in platforms-c2g2 within-raw-c2g2; do
    says_not $chart TCG
done
for chart in overview runs-cpu; do
    says $chart 'QEMU raw and QEMU qcow2: software emulation (TCG) in part; emulated and native figures are not comparable'
done
says configs-raw 'QEMU raw: software emulation (TCG) in part'

# Everything barred, and nothing emulated.
sed '/"platform": "raw"/s/"tcg"/"kvm"/; /"platform": "qcow2"/s/"tcg"/"hvf"/' "$SAMPLE/manifest.json" >part/manifest.json
expect_status 0 sbstat plot part -q -f svg -o charts --chart ratios-qcow2-vs-raw
says ratios-qcow2-vs-raw 'no verdict: the two ran under different accelerators'
says ratios-qcow2-vs-raw 'HVF against KVM: not a property of the platforms'
says_not ratios-qcow2-vs-raw TCG
says_not ratios-qcow2-vs-raw within
