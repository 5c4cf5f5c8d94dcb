#!/bin/sh
# Container images, for real: the tree of a tiny image imported, a Dockerfile built, and sysbench run in both. Skipped,
# saying so, where there is no Docker daemon and none can be started, or a tiny image cannot be built.
set -u
work=$(mktemp -d /tmp/sbic.XXXXXX) || exit 2
. "$SOURCE_DIR/tests/collect/dockerd.sh"
. "$SOURCE_DIR/tests/collect/tiny_image.sh"
clean_up() {
    for tag in "$tree" "$file" "$other"; do docker rmi -f "$tag" >/dev/null 2>&1; done
    dockerd_stop
    rm -rf "$work"
}
tree=sbstat-test-tree-$$ file=sbstat-test-file-$$:one other=sbstat-test-other-$$:one
trap clean_up EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 2

# Without a daemon it says so at once, not after a build.
if command -v docker >/dev/null; then
    kept=${DOCKER_HOST:-}
    DOCKER_HOST=unix://$work/none
    export DOCKER_HOST
    expect 5 "$SBSTAT" image build --kind tiny -o none --container "$tree"
    says docker
    [ ! -e none ] && [ ! -e none.partial ] || fail "built although there is no daemon"
    expect 5 "$SBSTAT" image build --container "$tree" --dockerfile /dev/null
    DOCKER_HOST=$kept
    [ -n "$kept" ] || unset DOCKER_HOST
fi
dockerd_start "$work/docker" || skip "$dockerd_missing"
tiny_kernel || skip "$tiny_missing"

expect 0 tiny_build -o image --container "$tree"
grep -q "docker: {image: $tree}" out || fail "no line for a plan"
grep -q "\"container\": \"$tree\"" image/image.json || fail "image.json does not name the container image"
expect 0 docker inspect -f '{{index .Config.Labels "org.sbstat.version"}}' "$tree"
grep -q '^[0-9]' out || fail "no label with the version"
# Once more under the same names: the tag moves.
expect 0 tiny_build -o image --container "$tree" --force -q

mkdir context
cp image/rootfs.tar context/
printf 'FROM scratch\nADD rootfs.tar /\nWORKDIR /work\n' >context/Dockerfile
expect 0 "$SBSTAT" image build --container "$file" --dockerfile context/Dockerfile
grep -q "docker: {image: \"$file\"}" out || fail "no line for a plan"
(cd context && expect 0 "$SBSTAT" image build --container "$file" --dockerfile Dockerfile -q) || exit 1
printf 'FROM scratch\nADD no-such-file /\n' >context/bad
expect 5 "$SBSTAT" image build --container "$file" --dockerfile context/bad
says no-such-file
expect 3 "$SBSTAT" image build --container "$file" --dockerfile context/none
# A name that stands for somebody else's image is not taken from it.
expect 0 docker import image/rootfs.tar "$other"
expect 4 "$SBSTAT" image build --container "$other" --dockerfile context/Dockerfile
says "$other" "not from sbstat" --force
expect 0 "$SBSTAT" image build --container "$other" --dockerfile context/Dockerfile --force -q
for tag in "$tree" "$file"; do
    expect 0 docker run --rm --network=none "$tag" sysbench cpu --time=1 run
    grep -q 'events per second' out || fail "$tag: no sysbench"
    expect 0 docker run --rm --network=none "$tag" sh -c 'ls -d /boot /lib/modules /init 2>/dev/null; pwd'
    [ "$(cat out)" = /work ] || fail "$tag: $(cat out)"
done
ls "${TMPDIR:-/tmp}"/sbstat-image.* >/dev/null 2>&1 && fail "a log is left in the temporary folder"
echo "container images were made"
