#!/bin/sh
# An ssh server for tests, on a loopback port, with a host key and an authorized key of its own: nothing of the user's is
# read or written. Runs until it is ended.
#
#   sh sshd.sh FOLDER [PORT]      FOLDER must be there; PORT: else a free one is looked for
#
# Programs in FOLDER/bin are found before all others by the commands that come. FOLDER/bin must have poweroff, shutdown,
# halt and sudo of its own: nothing that a test does may reach the machine's.
#
# Makes in FOLDER: port (when it listens), user, key, other_key (not let in), known_hosts, no_hosts (knows nobody), log.
# Ends with status 77, saying why, where there is no server or it lets nobody in.
set -u
folder=$1
skip() {
    echo "SKIPPED: $*" >&2
    exit 77
}
sshd=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v sshd) || skip 'no sshd'
command -v ssh-keygen >/dev/null || skip 'no ssh-keygen'
if [ "$(id -u)" = 0 ] && [ "$(uname -s)" = Linux ]; then
    mkdir -p /run/sshd # where Debian's sshd puts its helper; made by its service otherwise
fi
for key in host_key key other_key; do
    [ -e "$folder/$key" ] || ssh-keygen -q -t ed25519 -N '' -C "sbstat-test" -f "$folder/$key" || exit 2
done
cp "$folder/key.pub" "$folder/authorized_keys"
: >"$folder/no_hosts"
id -un >"$folder/user"
cat >"$folder/shell" <<SHELL
#!/bin/sh
PATH=$folder/bin:\$PATH
export PATH
for name in poweroff shutdown halt sudo; do
    [ "\$(command -v \$name)" = "$folder/bin/\$name" ] || { echo "\$name would be the machine's own" >&2; exit 99; }
done
exec sh -c "\$SSH_ORIGINAL_COMMAND"
SHELL
chmod 755 "$folder/shell"

# start PORT - the server in the background, its pid in $server; false when it does not listen
start() {
    cat >"$folder/config" <<CONFIG
Port $1
ListenAddress 127.0.0.1
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PidFile none
UseDNS no
PrintMotd no
ForceCommand $folder/shell
MaxStartups 100:30:200
LogLevel VERBOSE
CONFIG
    "$sshd" -D -e -f "$folder/config" 2>>"$folder/log" &
    server=$!
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        sleep 0.1
        kill -0 "$server" 2>/dev/null || return 1
        ! grep -q 'Server listening on' "$folder/log" || return 0
    done
    kill "$server"
    return 1
}

# Ports that are rarely taken; another test may have been faster.
port=${2-$((20000 + $$ % 20000))}
: >"$folder/log"
for _ in 1 2 3 4 5 6 7 8; do
    if start "$port"; then break; fi
    [ $# -lt 2 ] || skip "sshd does not listen on $port: $(tail -n 1 "$folder/log")"
    port=$((port + 997))
done
kill -0 "$server" 2>/dev/null || skip "sshd does not start: $(tail -n 1 "$folder/log")"
trap 'kill "$server"' TERM INT
printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d ' ' -f 1,2 "$folder/host_key.pub")" >"$folder/known_hosts"
ssh -F /dev/null -i "$folder/key" -o IdentitiesOnly=yes -o BatchMode=yes -o "UserKnownHostsFile=$folder/known_hosts" \
    -p "$port" 127.0.0.1 true 2>"$folder/try" </dev/null || {
    kill "$server"
    skip "sshd lets nobody in: $(tail -n 1 "$folder/try")"
}
echo "$port" >"$folder/port.new" && mv "$folder/port.new" "$folder/port"
wait "$server"
