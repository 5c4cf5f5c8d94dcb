#!/bin/sh
# The container drivers against stand-ins for docker that hang, end early, lie, flood, and answer nonsense.
set -u
work=$(mktemp -d /tmp/sbfd.XXXXXX) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
failed=0
cd "$work" || exit 2
mkdir bin scratch state
PATH=$work/bin:$PATH
export PATH
unset DOCKER_HOST

cat >plan.yaml <<'PLAN'
experiment: test
timeouts: {boot: 5, step: 30, shutdown: 5}
platforms:
  docker: {image: "mysysbench:latest"}
  bound: {driver: docker, image: "mysysbench:latest", storage: "FOLDER/bound", cpuset: 0-1, nofile: 1024:1024, extra: "--cap-drop=ALL  --read-only", host: "tcp://127.0.0.1:1"}
  layer: {driver: docker, image: "mysysbench:latest", storage: overlay, program: /nowhere/docker}
  podman: {image: "mysysbench:latest"}
configs:
  config1: {vcpus: 1, memory_mib: 64}
  huge: {vcpus: 1, memory_mib: 1000000}
tests:
  cpu: cpu --time=1
  file: {run: fileio --file-total-size=16M --file-test-mode=rndrw, timeout: 100}
exclude: [{platform: "[!l]*", config: huge}]
PLAN
sed -i.bak "s#FOLDER#$work#" plan.yaml

# A docker that behaves: one container, kept in files of $STATE. MISDEED says what it does wrong, where.
cat >bin/docker <<'FAKE'
#!/bin/sh
state=$STATE
[ "$1" = --host ] && shift 2
[ "$1" = --log-level=error ] && shift
command=$1
shift
echo "$command $*" >>"$state/calls"
misdeed() { [ "${MISDEED:-}" = "$1" ]; }
misdeed "hang:$command" && exec sleep 100
misdeed "flood:$command" && exec yes flooding
misdeed "nonsense:$command" && { printf '{"a":[\001\377'; exit 0; }
misdeed "array:$command" && { echo '[]'; exit 0; }
misdeed "down:$command" && { echo 'Cannot connect to the Docker daemon at unix:///s. Is the docker daemon running?' >&2; exit 1; }
id=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
seen=$id
misdeed "liar:$command" && seen=f${id#0}
cpus=1000000000 memory=67108864 quota=100000 limit=67108864
misdeed noted:cpus && cpus=0
misdeed noted:memory && memory=0
misdeed seen:cpus && quota=-1
misdeed seen:memory && limit=9223372036854771712
case $command in
version)
    misdeed podman:version && { echo '{"Client":{"Version":"4.3.1"}}'; exit 0; }
    echo '{"Client":{"Version":"28.0.0"},"Server":{"Version":"20.10.24"}}' ;;
info)
    root=/nowhere
    misdeed root:info && root=/
    printf '{"NCPU":2,"MemTotal":25276514304,"DockerRootDir":"%s"}\n' "$root" ;;
image)
    misdeed none:image && { echo 'Error: No such image: mysysbench:latest' >&2; exit 1; }
    echo '[{"Id":"sha256:abc"}]' ;;
ps) [ -e "$state/name" ] && echo "$id"
    misdeed liar:ps && echo 'rm --all; reboot' ;;
run)
    before=
    for word; do
        case $word in --cidfile=*) cid=${word#--cidfile=} ;; --name=*) name=${word#--name=} ;; esac
        [ "$before" = --name ] && name=$word
        before=$word
    done
    misdeed refuse:run && { echo 'docker: Error response from daemon: no space left on device.' >&2; exit 125; }
    echo "$name" >"$state/name"
    printf %s "$id" >"$cid"
    misdeed early:run && { rm "$state/name"; exit 1; }
    while [ -e "$state/name" ]; do sleep 0.1; done
    exit 137 ;;
inspect)
    running=true
    misdeed oom:inspect && running=false
    [ -e "$state/name" ] || { echo 'Error: No such container' >&2; exit 1; }
    misdeed other:inspect && echo other >"$state/name"
    oom=false
    misdeed oom:inspect && oom=true
    [ -e "$state/after" ] && misdeed ended:inspect && running=false
    [ -e "$state/after" ] && misdeed late:inspect && { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }
    misdeed oom:inspect && [ ! -e "$state/after" ] && running=true
    printf '[{"Id":"%s","Name":"/%s","Image":"sha256:abcdef","State":{"Running":%s,"OOMKilled":%s,"StartedAt":"x","ExitCode":137},' \
        "$seen" "$(cat "$state/name")" "$running" "$oom"
    printf '"HostConfig":{"NanoCpus":%s,"Memory":%s,"MemorySwap":67108864}}]\n' "$cpus" "$memory" ;;
exec)
    [ "$1" = --workdir ] && shift 2
    shift
    misdeed blind:exec && [ "$1" = sh ] && { echo 'exec: "sh": executable file not found' >&2; exit 126; }
    case "$*" in
    'sysbench --version')
        misdeed never:exec && { echo 'Error response from daemon: Container is not running' >&2; exit 1; }
        misdeed without:exec && { echo 'OCI runtime exec failed: exec: "sysbench": executable file not found in $PATH' >&2; exit 126; }
        echo 'sysbench 1.0.20' ;;
    sh*)
        g=/sys/fs/cgroup
        if misdeed v2:exec; then
            printf '%s\n' "$g/cpu.max 100000 100000" "$g/memory.max 67108864" "$g/memory.swap.max 0" "$g/memory.events low 0" \
                "$g/memory.events oom_kill $(cat "$state/oom" 2>/dev/null || echo 0)"
        elif misdeed v2max:exec; then
            printf '%s\n' "$g/cpu.max max 100000" "$g/memory.max 67108864" "$g/memory.swap.max 0"
        else
            printf '%s\n' "$g/cpu/cpu.cfs_quota_us $quota" "$g/cpu/cpu.cfs_period_us 100000" \
                "$g/memory/memory.limit_in_bytes $limit" "$g/memory/memory.memsw.limit_in_bytes $limit" \
                "$g/memory/memory.oom_control oom_kill_disable 0" \
                "$g/memory/memory.oom_control oom_kill $(cat "$state/oom" 2>/dev/null || echo 0)"
        fi
        k=/proc/sys/kernel
        if misdeed here:exec; then
            echo "$k/osrelease $(uname -r)"
            [ ! -r $k/random/boot_id ] || echo "$k/random/boot_id $(cat $k/random/boot_id)"
        elif misdeed twin:exec; then
            printf '%s\n' "$k/osrelease $(uname -r)" "$k/random/boot_id 01234567-89ab-cdef-0123-456789abcdef"
        elif misdeed shy:exec; then
            echo "$k/osrelease $(uname -r)"
        else
            printf '%s\n' "$k/osrelease 6.1.0$(printf '\033[31m')"
        fi ;;
    *) touch "$state/after"; shift; exec sh -c "$*" ;;
    esac ;;
kill | rm)
    for word; do :; done
    case $word in "$id" | "$(cat "$state/name" 2>/dev/null)") rm -f "$state/name" "$state/after" ;;
    *) echo "Error: No such container: $word" >&2; exit 1 ;;
    esac ;;
esac
exit 0
FAKE
chmod +x bin/docker
ln -s docker bin/podman
STATE=$work/state
export STATE

# try MISDEED PLATFORM ORDERS - answers in the file out
try() {
    rm -rf state scratch
    mkdir state scratch
    printf '%b\n' "$3" | MISDEED=$1 timeout 120 "$DRIVE" plan.yaml scratch "$2" config1 >out 2>err
    status=$?
    [ "$status" = 0 ] || { echo "FAILED: $1 $2: drive ended with $status"; cat err; failed=1; }
}
# says PATTERN... - each on some line of out
says() {
    for pattern; do
        grep -qE -- "$pattern" out && continue
        echo "FAILED: misdeed \"$misdeed\": no answer is like: $pattern"
        cat out
        failed=1
    done
}
case_of() { misdeed=$1; try "$@"; }

# As it should be.
case_of '' docker 'show\ncheck\nstart\nexec 10 log sysbench exit 0\nexec 10 log x exit 3\nstop\nsweep'
says '^show ok docker run --cidfile=\$RUN/cid --name=sbstat-test-1 --label=sbstat.experiment=test --label=sbstat.boot=1 --cpus=1 --memory=64m --memory-swap=64m --network=none .*--pull=never -v /sbstat-work --entrypoint=sleep mysysbench:latest 400$' \
    '^check ok$' '^start ok ready=[0-9.]+ tool=docker version=20.10.24 sha256=abcdef format=container kernel=6.1.0␛\[31m sysbench=1.0.20 accelerator=- other_kernel=yes doubt=-$' \
    '^exec ended 0 ' '^exec ended 3 [0-9.]+ $' '^stop ok clean$' '^sweep ok 0$'
case_of '' bound 'show'
says 'docker --host tcp://127.0.0.1:1 run .*--cpuset-cpus=0-1 --ulimit=nofile=1024:1024 .* -v /tmp/.*/bound/sbstat-test-1:/sbstat-work --cap-drop=ALL --read-only --entrypoint=sleep mysysbench:latest'
case_of '' layer 'show\ncheck'
says '^show ok /nowhere/docker run ' '^check failed .*no program "/nowhere/docker"'
grep -q -- '-v ' out && { echo 'FAILED: storage: overlay still makes a volume'; failed=1; }
case_of '' podman 'show\nstart\nstop'
says '^show ok podman --log-level=error run ' '^start ok .* tool=podman '

# Whose kernel it is: this machine's, known by its release and the id of its boot.
case_of here:exec docker 'start\nstop'
says '^start ok .* accelerator=none other_kernel=no '
case_of shy:exec docker 'start\nstop'
says '^start ok .* accelerator=none other_kernel=no '
[ ! -r /proc/sys/kernel/random/boot_id ] || {
    case_of twin:exec docker 'start\nstop'
    says '^start ok .* accelerator=- other_kernel=yes '
}
case_of blind:exec docker 'start\nstop'
says '^start ok .* accelerator=- other_kernel=yes '

# check() says what is wrong and what to do.
case_of down:version docker 'check\nstart'
says '^check failed [0-9] platform docker: Docker does not answer .*Cannot connect.*systemctl start docker' '^start failed Docker does not answer'
case_of podman:version docker check
says '^check failed .*as podman does .version 4.3.1.; name the platform.s driver podman'
case_of none:image docker check
says '^check failed [0-9] platform docker: Docker has no image "mysysbench:latest" .*No such image.*sbstat image build --container mysysbench:latest --engine docker -o FOLDER.*docker build -t mysysbench:latest'
case_of none:image podman check
says '^check failed [0-9] platform podman: Podman has no image .*sbstat image build --container mysysbench:latest --engine podman -o FOLDER.*podman build -t'
case_of nonsense:info docker check
says '^check failed [0-9] platform docker: answer of docker info:'
case_of array:image docker check
says '^check failed .*it is empty'
sed -e 's/vcpus: 1, memory_mib: 64/vcpus: 3, memory_mib: 64/' plan.yaml >many.yaml
printf 'check\n' | "$DRIVE" many.yaml scratch docker config1 >out 2>err
says '^check failed [0-9] platform docker: config config1 wants 3 CPUs, but Docker has 2 here'
sed -e 's/vcpus: 1, memory_mib: 64/vcpus: 1, memory_mib: 64000/' plan.yaml >large.yaml
printf 'check\n' | "$DRIVE" large.yaml scratch docker config1 >out 2>err
says '^check failed [0-9] platform docker: config config1 wants 64000 MiB of memory, but Docker has 24106 MiB'
# What is excluded for a platform does not matter there, however it is said.
sed -e 's/^exclude:.*/exclude: [{platform: docker, config: huge, test: cpu}, {config: huge, test: f*}]/' plan.yaml >each.yaml
printf 'check\n' | "$DRIVE" each.yaml scratch docker config1 >out 2>err
misdeed='each test excluded'
says '^check ok$'
# Room for the files is looked for only where the engine is here.
sed -e 's/file-total-size=16M/file-total-size=900T/' plan.yaml >full.yaml
full() { # full DOCKER_HOST
    misdeed="900T, DOCKER_HOST=$1"
    rm -rf state && mkdir state
    printf 'check\n' | DOCKER_HOST=$1 MISDEED=root:info "$DRIVE" full.yaml scratch docker config1 >out 2>err
}
full ''
says '^check failed 4 platform docker: / has [0-9]* MiB free, the tests. files need 962592776 MiB; free some, or name another folder with "storage:"'
full unix:///var/run/docker.sock
says '^check failed 4 platform docker: / has'
full ssh://me@far
says '^check ok$'
full tcp://127.0.0.1:1
says '^check ok$'

case_of '' bound check
says '^check failed 3 platform bound: storage: /tmp/.*/bound: No such file or directory'
touch bound
case_of '' bound check
says '^check failed 4 platform bound: storage: /tmp/.*/bound is no folder that we may write into'
rm bound
# with_storage PATH - a check with this storage; what could be in the way is told
with_storage() {
    misdeed="storage: $1"
    sed -e "s#storage: \"[^\"]*\"#storage: \"$1\"#" "${2:-plan.yaml}" >storage.yaml
    printf 'check\n' | "$DRIVE" storage.yaml scratch bound config1 >out 2>err
}
for mistake in relative/x volum /a:b; do
    with_storage "$mistake"
    says "^check failed 2 platform bound: storage: \"$mistake\" cannot be bound"
done
with_storage "$work" full.yaml
says "^check failed 4 platform bound: $work has [0-9]* MiB free, the tests. files need 962592776 MiB"

# Options that take away what is needed of a container are mistakes in the plan; others are not.
with_extra() {
    misdeed="extra: $1"
    sed -e "s#--cap-drop=ALL  --read-only#$1#" -e 's#storage: "[^"]*", ##' plan.yaml >extra.yaml
    printf 'check\n' | "$DRIVE" extra.yaml scratch bound config1 >out 2>err
}
for mistake in '--name foo' --name=foo '--cidfile /c' --detach -d -itd -d=true --rm --rmi --restart=always '--entrypoint sh' --pull=always \
    --cpus=3 '-m 1g' --memory=1g '--label sbstat.experiment=x' --label=sbstat.x -lsbstat.x; do
    with_extra "--read-only $mistake"
    says "^check failed 2 platform bound: extra: "
done
for fine in '--memory-swap -1' --detach-keys=ctrl-x --label=mine=1 '--name-not x' '-e d' --memory-reservation=10m; do
    with_extra "$fine"
    says '^check ok$'
done
mkdir bound
case_of '' bound 'check\nstart\nstop'
says '^check ok' '^start ok' '^stop ok clean'
[ -z "$(ls bound)" ] || { echo 'FAILED: a bound folder is left'; failed=1; }
mkdir bound/sbstat-test-7 bound/sbstat-tester-7 bound/mine
case_of '' bound sweep
says '^sweep ok 1$'
[ "$(ls bound | tr '\n' ' ')" = 'mine sbstat-tester-7 ' ] || { ls bound; echo 'FAILED: sweep took more than its own folders'; failed=1; }

# start() that cannot.
case_of refuse:run docker 'start'
says '^start failed docker run: the container did not stay up .exit status 125.: docker: Error response from daemon: no space left on device.'
case_of early:run docker 'start'
says '^start failed docker run: the container did not stay up .exit status 1.'
case_of hang:run docker 'start'
says '^start failed the container sbstat-test-1 did not answer within 5 s: it was not created'
grep -q '^rm --force --volumes sbstat-test-1$' state/calls || { echo 'FAILED: a container that did not start is not removed'; failed=1; }
case_of never:exec docker 'start'
says '^start failed the container sbstat-test-1 did not answer within 5 s: docker exec: .*Container is not running'
case_of without:exec docker 'start'
says '^start failed sysbench cannot be run in the container: .*executable file not found'
case_of nonsense:inspect docker 'start'
says '^start failed answer of docker inspect:'
case_of flood:inspect docker 'start'
says '^start failed docker inspect: .*too much output'
case_of liar:inspect docker 'start'
says '^start failed docker inspect answers for another container'
case_of other:inspect docker 'start'
says '^start failed docker inspect answers for another container: "other"'
# Whatever it is called: what was started is gone when the start is given up.
with_extra '--name foo'
printf 'start\n' | "$DRIVE" extra.yaml scratch bound config1 >out 2>err
says '^start failed docker inspect answers for another container: "foo"'
[ ! -e state/name ] || { echo 'FAILED: a start that was given up leaves its container'; failed=1; }

# Limits: noted by the engine, seen in the container.
case_of noted:cpus docker 'start'
says '^start failed --cpus is not in force: 1.00 CPUs asked for, no limit noted by the engine'
case_of noted:memory docker 'start'
says '^start failed --memory is not in force: 64.00 MiB asked for, no limit noted by the engine'
case_of seen:cpus docker 'start'
says '^start failed --cpus is not in force: 1.00 CPUs asked for, no limit seen in the container'
case_of seen:memory docker 'start'
says '^start failed --memory is not in force: 64.00 MiB asked for, no limit seen in the container'
case_of v2:exec docker 'start\nexec 10 log x echo 1 >$STATE/oom; exit 137\nexec 10 log x exit 137\nstop'
says '^start ok .* doubt=-$' '^exec ended 137 .*killed: out of memory .limit 64 MiB.$' '^exec ended 137 [0-9.]+ killed by SIGKILL, not for lack of memory$'
case_of v2max:exec docker 'start'
says '^start failed --cpus is not in force'
case_of blind:exec docker 'start\nstop'
says '^start ok .* doubt=--cpus could not be seen .*; --memory could not be seen'

# Commands.
case_of '' docker 'start\nexec 10 log x echo 1 >$STATE/oom; exit 137\nexec 10 log x exit 137\nexec 10 log x exit 255\nexec 10 log x exit 126\nstop'
says '^exec ended 137 .*killed: out of memory .limit 64 MiB.$' '^exec ended 137 [0-9.]+ killed by SIGKILL' '^exec lost 255 .*the way to the container broke' \
    '^exec ended 126 .*cannot be executed'
case_of oom:inspect docker 'start\nexec 10 log x exit 137\nstop'
says '^exec ended 137 .*killed: out of memory'
case_of ended:inspect docker 'start\nexec 10 log x echo Error response from daemon: gone >&2; exit 1\nstop'
says '^exec lost 1 [0-9.]+ Error response from daemon: gone'
case_of late:inspect docker 'start\nexec 10 log x exit 1\nstop'
says '^exec lost 1 .*Cannot connect to the Docker daemon'
case_of '' docker 'start\nexec 1 log x sleep 50\nexec 9 log x exit 0\nstop'
says '^exec timeout ' '^exec lost 0 .*had ended before the command'
grep -q '^kill 0123456789abcdef' state/calls || { echo 'FAILED: a command past its deadline is not ended in the container'; failed=1; }
case_of '' docker 'start\nexec 60 log x exec yes\nstop'
says '^exec flood '
case_of hang:kill docker 'start\nexec 1 log x sleep 50\nstop'
says '^exec timeout .*could not be ended at once: docker kill: timed out' '^stop ok clean'
case_of down:rm docker 'start\nstop'
says '^stop ok kill'
grep -q 'sbstat: the container sbstat-test-1 could not be removed .*Cannot connect.*ends by itself' scratch/console || {
    cat scratch/console; echo 'FAILED: nobody is told of a container that stays'; failed=1; }

# What an earlier one left; names that are no ids are never passed on.
rm -rf state
mkdir state
echo left >state/name
echo sweep | MISDEED=liar:ps "$DRIVE" plan.yaml scratch docker config1 >out 2>err
misdeed=liar:ps
says '^sweep ok 1$'
grep -q '^rm --force --volumes [0-9a-f]*$' state/calls || { cat state/calls; echo 'FAILED: sweep passes on what is no id'; failed=1; }

# Our death by SIGKILL while a command runs: the guardians remove the container.
rm -rf state scratch
mkdir state scratch
mkfifo orders
"$DRIVE" plan.yaml scratch docker config1 >out 2>err <orders &
owner=$!
exec 3>orders
printf 'start\nexec 60 log x sleep 60\n' >&3
tries=100
until grep -q 'sleep 60' state/calls 2>/dev/null || [ "$tries" = 0 ]; do sleep 0.2; tries=$((tries - 1)); done
kill -9 "$owner"
tries=100
while [ -e state/name ] && [ "$tries" != 0 ]; do sleep 0.2; tries=$((tries - 1)); done
[ -e state/name ] && { echo 'FAILED: SIGKILL leaves the container'; failed=1; }
exit "$failed"
