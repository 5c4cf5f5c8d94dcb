#!/bin/sh
# What the README shows is what the program does: every line that begins with "$ " in a ```console block is run in an
# 80-column terminal, and what follows it must be its output on the screen ("..." stands for any lines, "*" for any text).
# "./run" is the program itself here; `./run test` would run this test again and is left out. SBSTAT_UPDATE=1 writes the
# output of today into the README (but for commands whose output is abridged by "...").
set -u
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
failed=0

# Links in the documents lead somewhere.
for page in "$SOURCE_DIR"/*.md "$SOURCE_DIR"/docs/*.md; do
    folder=$(dirname "$page")
    grep -o "](\([^)#:]*\)" "$page" | sed "s/^](//" >"$scratch/links"
    while IFS= read -r target; do
        [ -e "$folder/$target" ] || { echo "FAILED: ${page#"$SOURCE_DIR"/} links to $target, which is not there"; failed=1; }
    done <"$scratch/links"
done

# Every subcommand has its row.
for sub in $("$SBSTAT" --help | awk '/^commands:/ { inside = 1; next } /^$/ { inside = 0 } inside { print $1 }'); do
    grep -q "^| \`$sub\` |" "$SOURCE_DIR/README.md" || { echo "FAILED: the README has no row for $sub"; failed=1; }
done

if ! script --version 2>/dev/null | grep -q util-linux || ! script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    [ "$failed" = 0 ] || exit 1
    echo "SKIPPED: no script(1) of util-linux, or no terminal for it to make"
    exit 77
fi
mkdir "$scratch/checkout" "$scratch/bin"
cd "$scratch/checkout" || exit 2
cp -r "$SOURCE_DIR/sample-data" sample-data
mkdir logs # stands for logs that a reader has
for r in 1 2 3; do
    cp "sample-data/raw/config1/cpu_test2_b${r}_r1.log" "logs/vm1-$r.log"
    cp "sample-data/qcow2/config1/cpu_test2_b${r}_r1.log" "logs/vm2-$r.log"
done
ln -s "$SBSTAT" "$scratch/bin/sbstat"
ln -s "$SBSTAT" run
PATH=$scratch/bin:$PATH
LC_ALL=C.UTF-8
TERM=dumb
unset COLUMNS NO_COLOR
export PATH LC_ALL TERM

awk -v out="$scratch" '
/^```console$/ { inside = 1; next }
/^```/ { inside = 0 }
inside && /^\$ / { n++; print substr($0, 3) >(out "/" n ".sh"); printf "" >(out "/" n ".want"); next }
inside && n { print >(out "/" n ".want") }
END { print n + 0 >(out "/count") }' "$SOURCE_DIR/README.md"

count=$(cat "$scratch/count")
[ "$count" -ge 5 ] || { echo "FAILED: only $count commands in the README"; exit 1; }
n=0
while [ "$n" -lt "$count" ]; do
    n=$((n + 1))
    command=$(cat "$scratch/$n.sh")
    case $command in "./run test"*) continue ;; esac
    script -qec "stty cols 80 rows 50; sh $scratch/$n.sh 2>$scratch/$n.err" /dev/null </dev/null >"$scratch/$n.screen"
    cat "$scratch/$n.err" >>"$scratch/$n.screen"
    tr -d '\r' <"$scratch/$n.screen" | sed 's/[ \t]*$//' >"$scratch/$n.got"
    if [ "${SBSTAT_UPDATE:-}" = 1 ] && ! grep -q '^\.\.\.$' "$scratch/$n.want"; then
        cp "$scratch/$n.got" "$scratch/$n.want"
    elif ! awk -f "$here/glob.awk" "$scratch/$n.want" "$scratch/$n.got"; then
        echo "FAILED: \$ $command"
        diff -u "$scratch/$n.want" "$scratch/$n.got" | head -40
        failed=1
    fi
done

if [ "${SBSTAT_UPDATE:-}" = 1 ]; then
    awk -v out="$scratch" '
    /^```console$/ { inside = 1; print; next }
    /^```/ { inside = 0 }
    inside && /^\$ / { n++; print; while ((getline line <(out "/" n ".want")) > 0) print line; next }
    !inside { print }' "$SOURCE_DIR/README.md" >"$scratch/README.md" && cp "$scratch/README.md" "$SOURCE_DIR/README.md"
fi
exit "$failed"
