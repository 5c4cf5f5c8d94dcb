#!/bin/sh
# The `run` script against package managers, compilers and users that are not there: everything it calls is a stand-in in
# a folder of its own, so that what it would do on any machine can be seen on this one.
#
#   test_run.sh [SHELL]   the shell that runs it (default: sh)
set -u
shell=${1:-sh}
scratch=$(mktemp -d) || exit 2
trap 'chmod -R u+rwx "$scratch"; rm -rf "$scratch"' EXIT
failed=0
unset DEBIAN_FRONTEND SBSTAT_BUILD_DIR SBSTAT_NO_INSTALL SBSTAT_LOCK_TRIES

fail() {
    printf 'FAILED (%s): %s: %s\n' "$shell" "$scenario" "$*"
    sed 's/^/    /' "$scratch/stderr"
    failed=1
}

stand_in() { # stand_in NAME: the script comes from standard input
    rm -f "$bin/$1"
    { echo "#!/bin/sh"; cat; } >"$bin/$1"
    chmod +x "$bin/$1"
}

# A machine where everything is there, and a checkout whose folder has a blank in its name.
new_machine() {
    scenario=$1
    chmod -R u+rwx "$scratch"
    rm -rf "${scratch:?}"/*
    bin=$scratch/bin
    root="$scratch/a checkout"
    calls=$scratch/calls
    mkdir -p "$bin" "$root/cli" "$scratch/there" "$scratch/drivers" "$scratch/cwd" "$scratch/tmp"
    : >"$calls"
    for tool in sh cat sed grep tr sort find head tail mkdir rm mv touch mktemp readlink id env getconf kill chmod ls cp uname; do
        path=$(command -v "$tool") && case $path in /*) ln -s "$path" "$bin/$tool" ;; esac
    done
    cp "$SOURCE_DIR/run" "$root/run"
    echo 'int x;' >"$root/cli/main.c"
    : >"$root/CMakeLists.txt"
    touch -t 202001010000 "$root/cli/main.c" "$root/CMakeLists.txt" "$root/run"
    for module in gsl plplot cairo-pdf pangocairo fontconfig libpng json-c libarchive sqlite3 yaml-0.1 glib-2.0 cmocka; do : >"$scratch/there/$module"; done
    : >"$scratch/drivers/cairo.driver_info"
    stand_in sleep <<'EOF'
exit 0
EOF
    stand_in cc </dev/null
    stand_in ninja </dev/null
    stand_in xmllint </dev/null
    stand_in busybox </dev/null
    stand_in pkg-config <<EOF
case \$1 in
--exists) [ -e "$scratch/there/\$2" ] ;;
--variable=drvdir) echo "$scratch/drivers" ;;
esac
EOF
    stand_in cmake <<EOF
echo "cmake \$*" >>"$calls"
build=
if [ "\$1" = --build ]; then
    [ -e "$scratch/there/build-breaks" ] && { echo "main.c:1: error: broken"; exit 1; }
    [ -e "$scratch/there/build-hangs" ] && { : >"$scratch/hanging"; exec /bin/sleep 30; }
    printf '#!/bin/sh\npwd >"%s"; for a; do echo "[\$a]"; done\nexit 7\n' "$scratch/ran_in" >"\$2/sbstat"
    chmod +x "\$2/sbstat"
else
    while [ \$# -gt 0 ]; do
        case \$1 in -S) root=\$2 ;; -B) build=\$2 ;; esac
        shift
    done
    printf 'CMAKE_HOME_DIRECTORY:INTERNAL=%s\n' "\$root" >"\$build/CMakeCache.txt"
    : >"\$build/build.ninja"
fi
EOF
    stand_in ctest <<EOF
echo "ctest \$*" >>"$calls"
exit 8
EOF
    stand_in apt-get <<EOF
echo "apt-get \$* (\${DEBIAN_FRONTEND:-})" >>"$calls"
exit 1
EOF
}

run() { # run ARGS...: status in $status, output in stdout, stderr
    (cd "$scratch/cwd" && PATH=$bin TMPDIR=$scratch/tmp exec "$shell_path" "$root/run" "$@") \
        >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
    status=$?
    [ -z "$(ls -A "$scratch/tmp")" ] || fail "left in TMPDIR: $(ls -A "$scratch/tmp")"
    [ ! -e "$root/build/release/.lock" ] || fail "left its lock"
}
expect_status() { [ "$status" = "$1" ] || fail "status $status, expected $1"; }
expect_said() { grep -qF -- "$1" "$scratch/stderr" || fail "did not say: $1"; }
expect_called() { grep -qxF -- "$1" "$calls" || fail "did not call: $1; called: $(cat "$calls")"; }
expect_not_called() { ! grep -qF -- "$1" "$calls" || fail "called: $(grep -F -- "$1" "$calls")"; }

# Where "busybox sh" is asked for, a link named sh to busybox.
case $shell in
busybox)
    command -v busybox >/dev/null || exit 77
    mkdir "$scratch-bb" && ln -s "$(command -v busybox)" "$scratch-bb/sh"
    trap 'chmod -R u+rwx "$scratch"; rm -rf "$scratch" "$scratch-bb"' EXIT
    shell_path=$scratch-bb/sh
    # The static build prefers its own commands to those in PATH, so no stand-in can take their place.
    mkdir "$scratch-bb/first" && printf '#!/bin/sh\necho stand-in\n' >"$scratch-bb/first/id" && chmod +x "$scratch-bb/first/id"
    if [ "$(PATH=$scratch-bb/first:$PATH "$shell_path" -c id)" != stand-in ]; then
        echo "SKIPPED: this busybox runs its own commands before those in PATH"
        exit 77
    fi
    ;;
*)
    shell_path=$(command -v "$shell") || exit 77
    ;;
esac

new_machine "nothing is missing"
run report 'a b' -o ''
expect_status 7
[ "$(cat "$scratch/stdout")" = "[report]
[a b]
[-o]
[]" ] || fail "arguments changed"
[ "$(cat "$scratch/ran_in")" = "$(cd "$scratch/cwd" && pwd -P)" ] || fail "not run in the caller's folder"
expect_not_called apt-get
: >"$calls"
run parse x
expect_status 7
[ -s "$calls" ] && fail "built again: $(cat "$calls")"
[ -s "$scratch/stderr" ] && fail "not quiet the second time"
touch "$root/cli/main.c"
run parse x
expect_called "cmake --build $root/build/release --target sbstat --parallel $(getconf _NPROCESSORS_ONLN)"
expect_not_called "cmake -S"

new_machine "through a link, from another folder"
ln -s "$root/run" "$scratch/link"
(cd / && PATH=$bin TMPDIR=$scratch/tmp "$shell_path" "$scratch/link" parse >"$scratch/stdout" 2>"$scratch/stderr")
[ $? = 7 ] || fail "status"
[ -x "$root/build/release/sbstat" ] || fail "built elsewhere"

new_machine "no argument"
run
expect_status 2
expect_said "./run SUBCOMMAND"
run --help
expect_status 0
grep -qF "./run test" "$scratch/stdout" || fail "no help"
[ -s "$calls" ] && fail "did something"

new_machine "test"
run test -R arch
expect_status 8
expect_called "ctest --test-dir $root/build/release --output-on-failure --no-tests=error -j $(getconf _NPROCESSORS_ONLN) -R arch"

new_machine "packages are missing, apt has them"
rm "$scratch/there/gsl" "$scratch/drivers/cairo.driver_info"
stand_in apt-get <<EOF
echo "apt-get \$* (\${DEBIAN_FRONTEND:-})" >>"$calls"
case \$* in
*install*) : >"$scratch/there/gsl"; : >"$scratch/drivers/cairo.driver_info" ;;
esac
echo "E: The noise of a package manager"
EOF
stand_in id <<'EOF'
echo 0
EOF
run parse x
expect_status 7
expect_called "apt-get -q update ()"
expect_called "apt-get -q -y --no-install-recommends install libgsl-dev plplot-driver-cairo (noninteractive)"
expect_said "installing: libgsl-dev plplot-driver-cairo"
grep -q noise "$scratch/stderr" "$scratch/stdout" && fail "lets the package manager's output through"

new_machine "no network"
rm "$scratch/there/gsl"
stand_in id <<'EOF'
echo 0
EOF
stand_in apt-get <<'EOF'
echo "E: Failed to fetch http://example.invalid/libgsl-dev.deb  Temporary failure resolving"
exit 100
EOF
run parse x
expect_status 70
expect_said "Temporary failure resolving"
expect_said "could not install"
expect_said "sudo apt-get update && sudo apt-get install --no-install-recommends libgsl-dev"
[ -e "$root/build" ] && fail "built all the same"

new_machine "installed, and still missing"
rm "$scratch/there/gsl"
stand_in id <<'EOF'
echo 0
EOF
stand_in apt-get </dev/null
run parse x
expect_status 70
expect_said "still missing: pc:gsl"

new_machine "another program holds the package manager"
rm "$scratch/there/gsl"
stand_in id <<'EOF'
echo 0
EOF
stand_in apt-get <<EOF
echo x >>"$scratch/tries"
[ "\$(grep -c x "$scratch/tries")" -ge 5 ] || {
    echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 99 (apt)"
    exit 100
}
: >"$scratch/there/gsl"
EOF
run parse x
expect_status 7
expect_said "another program is using the package manager"

new_machine "a lock that is never released"
rm "$scratch/there/gsl"
stand_in id <<'EOF'
echo 0
EOF
stand_in apt-get <<EOF
echo "E: Could not get lock /var/lib/apt/lists/lock."
exit 100
EOF
SBSTAT_LOCK_TRIES=3
export SBSTAT_LOCK_TRIES
run parse x
unset SBSTAT_LOCK_TRIES
expect_status 70
expect_said "Could not get lock"

new_machine "not root, with sudo and nobody to ask"
rm "$scratch/there/gsl"
stand_in id <<'EOF'
echo 1000
EOF
stand_in sudo <<EOF
echo "sudo \$*" >>"$calls"
case \$* in *install*) : >"$scratch/there/gsl" ;; esac
EOF
run parse x
expect_status 7
expect_called "sudo -n env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install libgsl-dev"

new_machine "not root, no sudo"
rm "$scratch/there/gsl"
stand_in id <<'EOF'
echo 1000
EOF
run parse x
expect_status 70
expect_said "there is no sudo"
expect_said "libgsl-dev"
expect_not_called apt-get

new_machine "told not to install"
rm "$scratch/there/gsl"
SBSTAT_NO_INSTALL=1
export SBSTAT_NO_INSTALL
run parse x
unset SBSTAT_NO_INSTALL
expect_status 70
expect_said "missing: pc:gsl"
expect_not_called apt-get

new_machine "dnf"
rm "$bin/apt-get" "$scratch/there/gsl" "$scratch/there/json-c" "$bin/pkg-config"
stand_in id <<'EOF'
echo 0
EOF
stand_in dnf <<EOF
echo "dnf \$*" >>"$calls"
exit 1
EOF
run parse x
expect_status 70
grep -q '^dnf .*-y .*install .*gsl-devel.*json-c-devel.*pkgconf-pkg-config.*plplot-devel' "$calls" || fail "dnf: $(cat "$calls")"

new_machine "Homebrew"
rm "$bin/apt-get" "$scratch/there/plplot" "$scratch/drivers/cairo.driver_info"
stand_in brew <<EOF
echo "brew \$*" >>"$calls"
case \$* in
--prefix) echo "$scratch/brew" ;;
install*plplot*) : >"$scratch/there/plplot"; : >"$scratch/drivers/cairo.driver_info" ;;
esac
EOF
mkdir -p "$scratch/brew/include"
: >"$scratch/brew/include/csv.h"
run parse x
expect_status 7
expect_called "brew install plplot"

new_machine "no package manager"
rm "$bin/apt-get"
run parse x
expect_status 7
rm "$scratch/there/gsl" "$bin/cc"
run parse x
expect_status 70
expect_said "cmd:cc pc:gsl"

new_machine "the test tools cannot be had"
rm "$bin/xmllint"
run test
expect_status 8
expect_said "skipped"

new_machine "the build breaks"
: >"$scratch/there/build-breaks"
run parse x
expect_status 70
expect_said "main.c:1: error: broken"
rm "$scratch/there/build-breaks"
run parse x
expect_status 7

new_machine "interrupted while building"
: >"$scratch/there/build-hangs"
# A shell starts what it puts in the background deaf to INT, so the signal is TERM here; the trap is the same.
(cd "$scratch/cwd" && PATH=$bin TMPDIR=$scratch/tmp exec "$shell_path" "$root/run" parse x) \
    >"$scratch/stdout" 2>"$scratch/stderr" </dev/null &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ -e "$scratch/hanging" ] && break
    /bin/sleep 0.2
done
[ -e "$root/build/release/.lock" ] || fail "does not lock while it builds"
builder=$(ps -o pid= --ppid "$pid" 2>/dev/null)
kill -TERM "$pid"
# shellcheck disable=SC2086 # a list of process ids
[ -z "$builder" ] || kill -TERM $builder
wait "$pid"
[ $? = 143 ] || fail "status after TERM"
[ ! -e "$root/build/release/.lock" ] || fail "kept its lock"
[ -z "$(ls -A "$scratch/tmp")" ] || fail "left in TMPDIR: $(ls -A "$scratch/tmp")"
rm "$scratch/there/build-hangs"
run parse x
expect_status 7

new_machine "the lock of one that died"
mkdir -p "$root/build/release/.lock"
echo 999999999 >"$root/build/release/.lock/pid"
run parse x
expect_status 7

new_machine "the checkout was copied elsewhere with its build"
run parse x
mv "$root" "$scratch/moved"
root=$scratch/moved
touch "$root/cli/main.c"
run parse x
expect_status 7
expect_said "in another folder"
grep -qx "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$root/build/release/CMakeCache.txt" || fail "the old build was kept"

new_machine "the checkout is read-only"
if [ "$(id -u)" != 0 ]; then
    chmod a-w "$root"
    run parse x
elif command -v setpriv >/dev/null; then
    chmod -R a+rX "$scratch"
    chmod a+rwx "$scratch/tmp"
    (cd "$scratch/cwd" && PATH=$bin:/usr/bin TMPDIR=$scratch/tmp exec setpriv --reuid=65534 --regid=65534 --clear-groups \
        "$shell_path" "$root/run" parse x) >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
    status=$?
else
    status=70
    echo "cannot write to SBSTAT_BUILD_DIR" >"$scratch/stderr"
fi
expect_status 70
expect_said "cannot write to"
expect_said "SBSTAT_BUILD_DIR"

new_machine "built into another folder"
SBSTAT_BUILD_DIR=out/dir
export SBSTAT_BUILD_DIR
run parse x
unset SBSTAT_BUILD_DIR
expect_status 7
[ -x "$scratch/cwd/out/dir/sbstat" ] || fail "not built there"
[ ! -e "$root/build" ] || fail "built in the checkout too"

exit "$failed"
