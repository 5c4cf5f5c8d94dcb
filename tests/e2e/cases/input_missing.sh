. "$E2E/lib.sh"
# A named PATH that does not exist is said before any work: status 3 and no output.
for sub in $path_commands; do
    expect_status 3 sbstat $sub "$SAMPLE" no/such/logs -o made
    expect_one_error_line no/such/logs
    [ -e made ] && fail "$sub made an output"
done
true
