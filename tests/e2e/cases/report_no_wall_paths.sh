. "$E2E/lib.sh"
# No absolute path, user or host name reaches an output: of the checkout, of the working folder, of HOME.
sbstat report "$SAMPLE" -o "$PWD/report" >out || fail "report"
for word in "$SOURCE_DIR" "$PWD" "$HOME" "$(dirname "$SOURCE_DIR")/" "$(uname -n)"; do
    [ ${#word} -gt 3 ] || continue
    found=$(grep -rlaF -- "$word" report)
    [ -z "$found" ] || fail "$word stands in $found"
done
for sub in parse analyze compare audit; do
    for format in text csv json markdown; do
        sbstat $sub "$SAMPLE" --format $format | grep -qF -e "$SOURCE_DIR" -e "$PWD" && fail "$sub $format names a path"
    done
done
true
