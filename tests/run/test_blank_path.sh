#!/bin/sh
# The project configures and compiles in a folder whose name has a blank.
set -u
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/a checkout"
for entry in "$SOURCE_DIR"/*; do
    case ${entry##*/} in build | .git) ;; *) ln -s "$entry" "$scratch/a checkout/" ;; esac
done
generator='Unix Makefiles'
command -v ninja >/dev/null && generator=Ninja
cmake -S "$scratch/a checkout" -B "$scratch/a checkout/build" -G "$generator" -DBUILD_TESTING=OFF >"$scratch/log" 2>&1 &&
    cmake --build "$scratch/a checkout/build" --target sb_core sb_io >"$scratch/log" 2>&1 ||
    { echo "FAILED:"; tail -n 20 "$scratch/log"; exit 1; }
