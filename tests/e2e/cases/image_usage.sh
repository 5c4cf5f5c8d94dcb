. "$E2E/lib.sh"
# image: wrong words, options of another word, sizes that are none: 2, and nothing is made; no such path: 3; what is there
# already: 4. Each says what to do in one line.
usage() {
    expect_status 2 sbstat image "$@"
    expect_one_error_line ""
}
says() { expect_one_error_line "$@"; }

usage
says "create, build, adopt or show"
usage creat x
says 'not "creat"' 'did you mean "create"?'
usage something
says "create, build, adopt or show" something
usage "$(printf '\033[31m')"
grep -q "$(printf '\033')" err && fail "an escape sequence came through"

# create
usage create
says "create needs a DISK"
usage create a b --format raw --size 1M
says "takes one DISK"
usage create a --size 1M
says --format raw qcow2
usage create a --format raw
says --size
usage create a --format vdi --size 1M
says "raw or qcow2" vdi
for size in 10GB 1.5G G 0 -1 '' 1e9 1000 99999999999999999999 "10 G"; do usage create a --format raw --size "$size"; done
usage create a --format raw --size 10GB
says "like 10G" 10GB
usage create a --format raw --size 1M -o b
says "-o does not go with image create"
usage create a --format raw --size 1M --kind tiny
says "--kind does not go with image create"
usage create a --format raw --size 1M --user me
[ -e a ] && fail "something was made"

# build
usage build
says "-o FOLDER" --dockerfile
usage build guest
says "-o FOLDER"
usage build -o -
usage build -o ''
usage build -o .
says "does not name a folder"
usage build -o x --kind other
says "debian or tiny" other
usage build -o x --kind tiny --arch vax
says "x86_64 and aarch64" vax
usage build -o x --kind tiny --size 1K
says 16M
usage build -o x --kind tiny --size huge
says --size huge
usage build -o x --kind tiny --engine lxc --container t
says "docker or podman" lxc
usage build -o x --kind tiny --engine docker
says "--engine goes with --container"
usage build -o x --kind tiny --dockerfile Dockerfile
says "--dockerfile goes with --container"
usage build --container t --dockerfile Dockerfile --kernel x
says "--kernel goes with -o"
usage build --container t
usage build -o x --kind tiny --container Big
says "small letters" Big
usage build -o x --kind tiny --container=-v
usage build -o x --suite=-x
usage build -o x --kind tiny --suite sid
says "--suite goes with --kind debian"
usage build -o x --kind tiny --mirror http://localhost/debian
says "--mirror goes with --kind debian"
usage build -o x --kernel k.deb
says "--kernel goes with --kind tiny"
case $(uname -m) in aarch64 | arm64) other=x86_64 ;; *) other=aarch64 ;; esac
usage build -o x --kind tiny --arch "$other"
says "kind tiny" "$other"
usage build -o x --key k
says "--key does not go with image build"
usage build -o x --format raw
echo mine >file
expect_status 4 sbstat image build -o file --kind tiny
says file "not touched"
expect_status 4 sbstat image build -o file --kind tiny --force
echo mine | cmp - file || fail "a file was touched"
expect_status 3 sbstat image build --container t --dockerfile none
says none
mkdir folder
expect_status 4 sbstat image build -o folder --kind tiny --force
says folder "no image"
[ -e x ] || [ -e x.partial ] && fail "something was made"

# adopt
usage adopt
says "adopt needs a DISK"
usage adopt disk --key k
says --user
usage adopt disk --user me
says --key
usage adopt disk other --user me --key k
usage adopt disk --user me --key k --size 1M
says "--size does not go with image adopt"
usage adopt disk --user 'a b' --key k
says "no user's name"
usage adopt disk --user me --key k --arch vax
expect_status 3 sbstat image adopt none --user me --key none
says none
expect_status 3 sbstat image adopt file --user me --key file
says "no disk"
[ -e file.json ] && fail "file.json was made"

# show
usage show
says "show needs an IMAGE"
usage show a b
usage show file --format csv
says "text or json" csv
usage show file --force
says "--force does not go with image show"
expect_status 3 sbstat image show none
says none
expect_status 3 sbstat image show folder
says folder "image build -o folder"
mkfifo fifo
expect_status 3 sbstat image show fifo
expect_status 3 sbstat image show file
says file "no disk"
true
