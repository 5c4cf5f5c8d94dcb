. "$E2E/lib.sh"
# Killed by a signal at any moment, alone or with its drawing processes: status 128 + n, and when it has ended
# nothing of it draws on, no temporary file is left, files that are there are whole.
command -v timeout >/dev/null || skip "no timeout"
sbstat report "$SAMPLE" -o whole >out || fail "whole"
interrupted=0

# $1: NAME:STATUS of the signal, $2: seconds until then, then options of timeout.
interrupt() {
    signal=$1 delay=$2
    shift 2
    rm -rf made
    timeout "$@" --preserve-status -s "${signal%:*}" "$delay" "$SBSTAT" report "$SAMPLE" -o made >out 2>err
    status=$?
    [ -d made ] && find made -type f >files || : >files
    [ "$status" = 0 ] && return
    [ "$status" = "${signal#*:}" ] || { cat err; fail "$signal after $delay s: status $status"; }
    interrupted=$((interrupted + 1))
    while IFS= read -r file; do
        cmp "$file" "whole/${file#made/}" || fail "$signal after $delay s: $file is not whole"
    done <files
    [ "$*" != --foreground ] || sleep 0.1 # in which a process that is left over would draw a file
    [ ! -d made ] || find made -type f | diff files - >&2 || fail "$signal after $delay s: something draws on"
}

for signal in INT:130 TERM:143 HUP:129; do
    for delay in 0.02 0.1 0.3 0.6 1; do
        interrupt "$signal" "$delay"
        interrupt "$signal" "$delay" --foreground
    done
done
[ "$interrupted" -gt 0 ] || skip "too quick to be interrupted"
