. "$E2E/lib.sh"
# init writes a plan and overwrites nothing; wrong words: 2; no PLAN: 3; a plan with mistakes: 2, each on a line of its own.
expect_status 0 sbstat collect init
grep -q 'sbstat collect plan plan.yaml' out || fail "init does not say what comes next"
expect_status 0 sbstat collect init -o -
cmp out plan.yaml || fail "init -o - is another plan"
awk 'length($0) > 110 { print "wide: " $0; bad = 1 } END { exit bad }' plan.yaml || exit 1
echo mine >kept.yaml
expect_status 4 sbstat collect init -o kept.yaml
expect_one_error_line kept.yaml "left as it is"
echo mine | cmp - kept.yaml || fail "init overwrote a file"
expect_status 4 sbstat collect init -o no/such/folder/plan.yaml
expect_status 2 sbstat collect init plan.yaml
expect_status 2 sbstat collect init --resume
expect_one_error_line --resume init
expect_status 2 sbstat collect init --format csv

expect_status 2 sbstat collect
expect_one_error_line "collect init"
expect_status 2 sbstat collect plan.yaml
expect_one_error_line -o
expect_status 2 sbstat collect plan.yaml other.yaml -o logs
expect_status 2 sbstat collect plan.yaml -o logs --show-argv
expect_one_error_line --show-argv
expect_status 2 sbstat collect plan.yaml -o logs --retry-failed
expect_one_error_line --resume
expect_status 2 sbstat collect plan
expect_status 2 sbstat collect plan a b
expect_status 2 sbstat collect plan plan.yaml --resume
expect_status 2 sbstat collect plan plan.yaml --host darwin-arm64
expect_one_error_line --show-argv
expect_status 2 sbstat collect plan plan.yaml --no-such-option
expect_status 3 sbstat collect plan none.yaml
expect_one_error_line none.yaml
expect_status 3 sbstat collect none.yaml -o logs
[ -e logs ] && fail "something was written"

cat >bad.yaml <<'END'
experiment: x
platforms: [no-such-platform]
configs: {c1: {cpus: 1}}
tests: {cpu: cpu --time=5 run}
END
for words in "plan bad.yaml" "bad.yaml -o logs"; do
    # shellcheck disable=SC2086
    expect_status 2 sbstat collect $words
    grep -q '^bad.yaml:2:13: platforms.no-such-platform: ' err || { cat err; fail "no line 2"; }
    grep -q '^bad.yaml:3:16: configs.c1.cpus: .*"vcpus"' err || { cat err; fail "no line 3"; }
    grep -q '^bad.yaml:4:14: tests.cpu: leave "run" out' err || { cat err; fail "no line 4"; }
    grep -q '^sbstat: bad.yaml has 3 mistakes' err || { cat err; fail "no sum"; }
    [ "$(wc -l <err)" = 4 ] || { cat err; fail "more than is wrong"; }
done
[ -e logs ] && fail "a bad plan began"

# One mistake is one line; hostile text in it is made visible; standard input can be a plan.
printf 'experiment: "\\e]0;title"\n' >escape.yaml
expect_status 2 sbstat collect plan escape.yaml
grep -q "$(printf '\033')" err && fail "an escape sequence came through"
printf '\t' >tab.yaml
expect_status 2 sbstat collect plan tab.yaml
expect_one_error_line tab.yaml:1
: >empty.yaml
expect_status 2 sbstat collect plan empty.yaml
expect_one_error_line empty "collect init"
sbstat collect plan - <bad.yaml >out 2>err
[ $? = 2 ] || fail "standard input"
grep -q '^standard input:2:13: ' err || { cat err; fail "standard input has no name"; }
expect_status 3 sbstat collect plan .
true
