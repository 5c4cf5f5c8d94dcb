#!/bin/sh
# A container image's name that is taken: by sbstat, by somebody else, with --force. The engine is a stand-in.
set -u
work=$(mktemp -d /tmp/sbit.XXXXXX) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 2
mkdir bin
PATH=$work/bin:$PATH
export PATH

# Knows one image, whose labels are in the file "labels"; without that, none.
cat >bin/docker <<'FAKE'
#!/bin/sh
echo "$*" >>calls
case "$1 $2" in
'info '*) echo info ;;
'image inspect')
    [ -e labels ] || { echo 'Error: No such image' >&2; exit 1; }
    cat labels ;;
'build '*) echo built ;;
*) exit 9 ;;
esac
FAKE
chmod +x bin/docker
cp bin/docker bin/podman
printf 'FROM scratch\n' >Dockerfile

fail() {
    echo "FAILED: $*"
    cat out err calls 2>/dev/null
    exit 1
}
# build STATUS OPTIONS...
build() {
    wanted=$1
    shift
    rm -f calls
    "$SBSTAT" image build --container mine --dockerfile Dockerfile "$@" >out 2>err
    status=$?
    [ "$status" = "$wanted" ] || fail "status $status, not $wanted: $*"
}
was_built() { grep -q '^build ' calls; }

build 0
was_built || fail 'a name that is free was not taken'
echo '{"org.sbstat.version":"0.1"}' >labels
build 0
was_built || fail 'an image of ours was not replaced'
for other in 'null' '{}' '{"maintainer":"somebody"}'; do
    echo "$other" >labels
    for engine in docker podman; do
        build 4 --engine $engine
        was_built && fail "an image of somebody else lost its name: $other"
        grep -q "$engine has an image \"mine\" that is not from sbstat: choose another name, or --force" err || fail 'nothing says why'
    done
    build 0 --force
    was_built || fail '--force does not take the name'
done
exit 0
