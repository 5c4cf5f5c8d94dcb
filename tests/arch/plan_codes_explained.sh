#!/bin/sh
# Every warning that a plan can get stands in docs/collect.md.
set -eu
cd "$SOURCE_DIR"
codes=$(grep -oE '\{"[A-Z_]+", warn_' collect/plan_warnings.c | grep -oE '[A-Z][A-Z_]+')
[ "$(echo "$codes" | wc -l)" -ge 15 ] || { echo "FAILED: the table of warnings was not found"; exit 1; }
for code in $codes; do
    grep -q "\`$code\`" docs/collect.md || { echo "FAILED: docs/collect.md does not explain $code"; exit 1; }
done
