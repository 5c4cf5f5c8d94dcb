. "$E2E/lib.sh"
# Killed by a signal at any moment: status 128 + n, no temporary file left, files that are there are whole.
command -v timeout >/dev/null || skip "no timeout"
sbstat report "$SAMPLE" -o whole >out || fail "whole"
interrupted=0
for signal in INT:130 TERM:143 HUP:129; do
    for delay in 0.02 0.1 0.3 0.6 1; do
        rm -rf made
        timeout --preserve-status -s "${signal%:*}" "$delay" "$SBSTAT" report "$SAMPLE" -o made >out 2>err
        status=$?
        [ "$status" = 0 ] && continue
        [ "$status" = "${signal#*:}" ] || { cat err; fail "$signal after $delay s: status $status"; }
        interrupted=$((interrupted + 1))
        [ -d made ] || continue
        find made -type f >files
        while IFS= read -r file; do
            cmp "$file" "whole/${file#made/}" || fail "$signal after $delay s: $file is not whole"
        done <files
    done
done
[ "$interrupted" -gt 0 ] || skip "too quick to be interrupted"
