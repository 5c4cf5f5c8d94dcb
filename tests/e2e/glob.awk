# awk -f glob.awk PATTERN TEXT - does the text match the pattern? In the pattern "*" stands for any text within a line
# and a line "..." for any number of lines, also none.
function line_matches(glob, line,    part, n, i, at, last) {
    n = split(glob, part, /[*]/)
    if (n <= 1) return glob == line || glob == "*"
    if (substr(line, 1, length(part[1])) != part[1]) return 0
    line = substr(line, length(part[1]) + 1)
    last = part[n]
    for (i = 2; i < n; i++) {
        at = index(line, part[i])
        if (part[i] != "" && !at) return 0
        if (part[i] != "") line = substr(line, at + length(part[i]))
    }
    return length(line) >= length(last) && substr(line, length(line) - length(last) + 1) == last
}
function matches(p, t,    try) {
    while (p <= patterns) {
        if (pattern[p] == "...") {
            for (try = t; try <= texts + 1; try++)
                if (matches(p + 1, try)) return 1
            return 0
        }
        if (t > texts || !line_matches(pattern[p], text[t])) {
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
