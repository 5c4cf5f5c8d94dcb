#!/bin/sh
# Every finding code that the source can raise is explained: by a row of the audit's checks or of core/code.c.
set -eu
cd "$SOURCE_DIR"
raised=$(grep -hoE '"[A-Z]+(_[A-Z]+)+"' analyze/*.c parsers/*.c core/dataset.c core/split.c core/results.c | tr -d '"' | sort -u)
known=$({ grep -hoE '\.code = "[A-Z_]+"' analyze/audit.c; grep -hoE '^    \{"[A-Z_]+"' core/code.c; } | grep -oE '[A-Z][A-Z_]+' | sort -u)
missing=$(for code in $raised; do echo "$known" | grep -qx "$code" || echo "$code"; done)
if [ -n "$missing" ]; then
    echo "codes without a meaning:" $missing
    exit 1
fi
echo "$(echo "$raised" | wc -l) codes, each explained"
