#!/bin/sh
# run_case.sh CASE.sh - runs one end-to-end case in an empty scratch folder and compares what it printed.
#
#   CASE.sh            run by sh; `sbstat` is the program under test, $SAMPLE a recorded experiment, $E2E this folder
#   CASE.exit          expected exit status (without it: 0)
#   CASE.stdout        expected output, byte for byte
#   CASE.stdout.glob   the same with "*" for any text in a line and a line "..." for any number of lines
#   CASE.stderr, CASE.stderr.glob   likewise
#
# Status 77 from the case means skipped. SBSTAT_UPDATE=1 rewrites the exact expectations that exist.
set -u
case_file=$1
base=${case_file%.sh}
E2E=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
scratch=$(mktemp -d) || exit 2
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
folders_mode() { ls -ld "${scratch%/*}" | cut -c 1-10; } # of the folder that holds all scratch folders: not ours
before=$(folders_mode)
mkdir "$scratch/bin" "$scratch/cwd" "$scratch/home"
ln -s "$SBSTAT" "$scratch/bin/sbstat"

SAMPLE=$E2E/experiment
export E2E SAMPLE SBSTAT SOURCE_DIR
(
    cd "$scratch/cwd" || exit 2
    unset COLUMNS SOURCE_DATE_EPOCH NO_COLOR SBSTAT_UPDATE
    PATH=$scratch/bin:$PATH HOME=$scratch/home LC_ALL=C TZ=UTC exec sh "$case_file"
) >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
status=$?

if [ "$status" = 77 ]; then
    cat "$scratch/stdout" "$scratch/stderr"
    exit 77
fi

failed=0
want=0
if [ "$(folders_mode)" != "$before" ]; then
    echo "FAILED: the case changed the mode of ${scratch%/*} from $before to $(folders_mode)"
    failed=1
fi
[ -e "$base.exit" ] && want=$(cat "$base.exit")
if [ "$status" != "$want" ]; then
    echo "FAILED: exit status $status, expected $want"
    failed=1
fi

for stream in stdout stderr; do
    if [ -e "$base.$stream" ]; then
        if [ "${SBSTAT_UPDATE:-}" = 1 ]; then cp "$scratch/$stream" "$base.$stream"; fi
        diff -u "$base.$stream" "$scratch/$stream" || { echo "FAILED: $stream differs"; failed=1; }
    elif [ -e "$base.$stream.glob" ]; then
        awk -f "$E2E/glob.awk" "$base.$stream.glob" "$scratch/$stream" || { echo "FAILED: $stream differs"; failed=1; }
    fi
done
if [ "$failed" = 1 ]; then
    for stream in stdout stderr; do
        echo "--- $stream"
        head -n 60 "$scratch/$stream"
    done
fi
exit "$failed"
