# report.json and every --format json follow docs/schema; documents that should not, do not.
set -eu
python3 -c 'import jsonschema' 2>/dev/null || { echo "skipped: python3-jsonschema is not installed"; exit 77; }
schema=$SOURCE_DIR/docs/schema
validate() { python3 "$SOURCE_DIR/tests/schema/validate.py" "$@"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for variant in plain emulated 'emulated hostile'; do
  # shellcheck disable=SC2086
  "$BUILD_DIR/tests/report_page" json $variant >"$work/report.json"
  validate "$schema/report.schema.json" "$work/report.json"
done

sed 's/"severity":"error"/"severity":"fatal"/' "$work/report.json" >"$work/bad.json"
if validate "$schema/report.schema.json" "$work/bad.json" >/dev/null; then echo "a wrong severity was accepted"; exit 1; fi
sed 's/"schema_version":1/"schema_version":2/' "$work/report.json" >"$work/bad.json"
if validate "$schema/report.schema.json" "$work/bad.json" >/dev/null; then echo "a wrong version was accepted"; exit 1; fi

# Two sides and two reports that differ, and a history of ten entries that changes.
sbstat() { status=0; "$SBSTAT" "$@" 2>/dev/null || status=$?; [ "$status" -le 1 ] || { echo "$1: exit $status"; exit 1; }; }
cd "$work"
sbstat parse "$SOURCE_DIR/tests/e2e/experiment" -o before.csv
awk -v platform=docker -v factor=0.9 -f "$SOURCE_DIR/tests/e2e/scale_cpu.awk" before.csv >after.csv
sbstat gate --baseline before.csv --candidate after.csv --format json -o gate.json
for side in before after; do sbstat report $side.csv -o $side -q >report.txt; done
sbstat diff before after --format json -o diff.json
for i in 0 1 2 3 4 5 6 7 8 9; do
  if [ $i -lt 5 ]; then from=before.csv; else from=after.csv; fi
  sbstat history add $from --id "v$i" --at "2026-11-1$i" --format json -o add.json
done
sbstat history list --format json -o list.json
sbstat history show --correction none --format json -o show.json
grep -q '"verdict":"slower"' show.json || { echo "the history has no change"; exit 1; }
for table in gate diff add list show; do validate "$schema/rows.schema.json" "$work/$table.json"; done
sed 's/"outcome":"fail"/"outcome":"maybe"/' gate.json >bad.json
if validate "$schema/rows.schema.json" "$work/bad.json" >/dev/null; then echo "a wrong outcome was accepted"; exit 1; fi

sbstat collect init -o plan.yaml >/dev/null
sbstat collect plan plan.yaml --format json -o plan.json
sbstat collect plan plan.yaml --show-argv --host darwin-arm64 --format json -o argv.json
for table in plan argv; do
  [ "$(grep -c '"platform":"raw"' $table.json)" -ge 4 ] || { echo "$table.json has no rows"; exit 1; }
  validate "$schema/rows.schema.json" "$work/$table.json"
done
sed 's/"boot":1/"boot":0/' plan.json >bad.json
if validate "$schema/rows.schema.json" "$work/bad.json" >/dev/null; then echo "a boot 0 was accepted"; exit 1; fi

for command in parse analyze compare audit; do
  status=0
  "$SBSTAT" "$command" "$SOURCE_DIR/tests/e2e/experiment" --format json -o "$work/$command.json" 2>/dev/null || status=$?
  [ "$status" -le 1 ] || { echo "$command: exit $status"; exit 1; }
  validate "$schema/rows.schema.json" "$work/$command.json"
done
