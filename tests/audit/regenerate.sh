#!/bin/sh
# The committed logs of tests/golden/audit are what the scripts make: same clean logs, same bytes.
set -eu
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
golden="$SOURCE_DIR/tests/golden/audit"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/clean" "$work/tampered"
cp -r "$golden/sets" "$work/sets"
cp "$golden"/clean/*_r[0-9].log "$work/clean"
python3 "$SOURCE_DIR/tests/audit/clean_logs.py" "$work/clean"
python3 "$SOURCE_DIR/tests/audit/tamper_logs.py" "$work/clean" "$work/tampered" "$work/sets"
for folder in clean tampered sets; do
  diff -r "$golden/$folder" "$work/$folder"
done
