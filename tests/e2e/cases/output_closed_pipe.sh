. "$E2E/lib.sh"
# A reader that has seen enough: the program ends quietly.
for sub in parse analyze compare; do
    { sbstat $sub "$SAMPLE" --format csv 2>err; echo $? >status; } | head -n 1 >first
    [ -s err ] && { cat err; fail "$sub complains"; }
    case $(cat status) in 0 | 141) ;; *) fail "$sub: status $(cat status)" ;; esac
    [ -s first ] || fail "$sub printed nothing"
done
true
