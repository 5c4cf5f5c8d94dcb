#!/bin/sh
# What the README shows is what the program does: every line that begins with "$ " in a ```console block is run, and what
# follows it must be its output ("..." stands for any lines, "*" for any text). "./run" is the program itself here;
# `./run test` would run this test again and is left out.
set -u
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
mkdir "$scratch/checkout" "$scratch/bin"
cd "$scratch/checkout" || exit 2
cp -r "$SOURCE_DIR/sample-data" sample-data
ln -s "$SBSTAT" "$scratch/bin/sbstat"
ln -s "$SBSTAT" run
PATH=$scratch/bin:$PATH
LC_ALL=C.UTF-8
export PATH LC_ALL

awk -v out="$scratch" '
/^```console$/ { inside = 1; next }
/^```/ { inside = 0 }
inside && /^\$ / { n++; print substr($0, 3) >(out "/" n ".sh"); printf "" >(out "/" n ".want"); next }
inside && n { print >(out "/" n ".want") }
END { print n + 0 >(out "/count") }' "$SOURCE_DIR/README.md"

count=$(cat "$scratch/count")
[ "$count" -ge 5 ] || { echo "FAILED: only $count commands in the README"; exit 1; }
failed=0
n=0
while [ "$n" -lt "$count" ]; do
    n=$((n + 1))
    command=$(cat "$scratch/$n.sh")
    case $command in "./run test"* | "git clone"* | "cd "*) continue ;; esac
    sh "$scratch/$n.sh" >"$scratch/$n.got" 2>&1 </dev/null
    sed 's/[ \t]*$//' "$scratch/$n.got" >"$scratch/$n.trimmed"
    if ! awk -f "$here/glob.awk" "$scratch/$n.want" "$scratch/$n.trimmed"; then
        echo "FAILED: \$ $command"
        diff -u "$scratch/$n.want" "$scratch/$n.trimmed" | head -40
        failed=1
    fi
done

# Links in the documents lead somewhere.
for page in "$SOURCE_DIR"/*.md "$SOURCE_DIR"/docs/*.md "$SOURCE_DIR"/sample-data/*.md; do
    folder=$(dirname "$page")
    grep -o "](\([^)#:]*\)" "$page" | sed "s/^](//" >"$scratch/links"
    while IFS= read -r target; do
        [ -e "$folder/$target" ] || { echo "FAILED: ${page#"$SOURCE_DIR"/} links to $target, which is not there"; failed=1; }
    done <"$scratch/links"
done
exit "$failed"
