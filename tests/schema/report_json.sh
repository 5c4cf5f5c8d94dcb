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

for command in parse analyze compare audit; do
  status=0
  "$SBSTAT" "$command" "$SOURCE_DIR/sample-data" --format json -o "$work/$command.json" 2>/dev/null || status=$?
  [ "$status" -le 1 ] || { echo "$command: exit $status"; exit 1; }
  validate "$schema/rows.schema.json" "$work/$command.json"
done
