#!/bin/sh
# The shell scripts of the project give shellcheck nothing to say.
set -u
cd -- "$SOURCE_DIR" || exit 2
command -v shellcheck >/dev/null || { echo "SKIPPED: no shellcheck"; exit 77; }
# Left out: sourced files it cannot follow, variables that those set, words that are split on purpose, $? in tests.
shellcheck -s sh -e SC1091,SC2154,SC2086,SC2181,SC2015,SC2012 run tests/arch/*.sh tests/e2e/*.sh tests/e2e/cases/*.sh tests/run/*.sh \
    tests/reference/summary/*.sh || exit 1
[ ! -e .ci/run ] || shellcheck -s bash .ci/run
