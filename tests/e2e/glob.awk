# awk -f glob.awk PATTERN TEXT - does the text match the pattern? In the pattern "*" stands for any text within a line
# and a line "..." for any number of lines, also none.
function to_regexp(pattern,    out, i, c) {
    out = ""
    for (i = 1; i <= length(pattern); i++) {
        c = substr(pattern, i, 1)
        if (c == "*") out = out ".*"
        else if (c ~ /[A-Za-z0-9 _,:;<>="'%&\/!#@~`-]/) out = out c
        else if (c == "^" || c == "\\") out = out "\\" c
        else out = out "[" c "]"
    }
    return "^" out "$"
}
function matches(p, t,    try) {
    while (p <= patterns) {
        if (pattern[p] == "...") {
            for (try = t; try <= texts + 1; try++)
                if (matches(p + 1, try)) return 1
            return 0
        }
        if (t > texts || text[t] !~ to_regexp(pattern[p])) {
            if (t > furthest) { furthest = t; wanted = pattern[p] }
            return 0
        }
        p++
        t++
    }
    if (t <= texts && t > furthest) { furthest = t; wanted = "(the end)" }
    return t > texts
}
FILENAME == ARGV[1] { pattern[++patterns] = $0; next }
{ text[++texts] = $0 }
END {
    if (matches(1, 1)) exit 0
    printf "line %d: \"%s\" where the pattern has \"%s\"\n", furthest, text[furthest], wanted
    exit 1
}
