# Helpers of the end-to-end cases; each is sourced with `. "$E2E/lib.sh"`.

fail() {
    echo "FAILED: $*"
    exit 1
}

skip() {
    echo "SKIPPED: $*"
    exit 77
}

# expect_status N COMMAND... - runs it with output in the files out and err of the current folder.
expect_status() {
    wanted=$1
    shift
    "$@" >out 2>err </dev/null
    got=$?
    [ "$got" = "$wanted" ] && return 0
    echo "--- stdout"
    head -n 20 out
    echo "--- stderr"
    head -n 20 err
    fail "status $got, expected $wanted: $*"
}

# One line on standard error, and it has each of these texts.
expect_one_error_line() {
    [ "$(wc -l <err)" -eq 1 ] || { cat err; fail "expected one line on stderr"; }
    for text in "$@"; do
        grep -qF -- "$text" err || { cat err; fail "stderr does not say \"$text\""; }
    done
}

# The value of a column (by name) in each row of a CSV without quoted fields: column NAME FILE
column() {
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i; if (!at) exit 1; next }
        { print $at }' "$2"
}

# A filesystem of SIZE bytes mounted on ./small, in this process tree only, or a skip: needs a private mount namespace.
have_small_filesystem() { unshare -m true 2>/dev/null || unshare -rm true 2>/dev/null; }

# as_nobody COMMAND... - as a user who has no rights here; the program's own user when it is not root.
as_nobody() {
    if [ "$(id -u)" != 0 ]; then "$@"; else setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; fi
}
have_nobody() { [ "$(id -u)" != 0 ] || command -v setpriv >/dev/null 2>&1; }
# let_nobody_in - opens the case's own folders to others; false where the folder above them is closed to others.
let_nobody_in() { chmod a+rx . .. && as_nobody test -x .; }

# shellcheck disable=SC2034 # for those who source this
subcommands=$(sbstat --help | awk '/^commands:/ { inside = 1; next } /^$/ { inside = 0 } inside { print $1 }')
# Those that read PATHs.
# shellcheck disable=SC2034
path_commands='parse audit analyze compare plot report'
