#!/bin/sh
# The shell scripts of the project give shellcheck nothing to say.
set -u
cd -- "$SOURCE_DIR" || exit 2
command -v shellcheck >/dev/null || { echo "SKIPPED: no shellcheck"; exit 77; }
# Notes on style are left out, and so are files and variables that come from elsewhere.
shellcheck -s sh -S warning -e SC1091,SC2154 run tests/arch/*.sh tests/e2e/*.sh tests/e2e/cases/*.sh tests/run/*.sh \
    tests/reference/summary/*.sh || exit 1
[ ! -e .ci/run ] || shellcheck -s bash .ci/run
