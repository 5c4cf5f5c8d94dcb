#!/bin/sh
# check_arrows.sh TREE - prints every include and every CMake link in TREE's rooms that arrows.txt forbids, as
# file:line: message, and ends with 1 when there is one.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd -- "$1" || exit 2

rooms=$(awk -F'|' '!/^#/ && NF { gsub(/ /, "", $1); print $1 }' "$here/arrows.txt")
# shellcheck disable=SC2046 # a list of room names
set -- $(for room in $rooms; do [ -d "$room" ] && echo "$room"; done)
[ $# -gt 0 ] || { echo "no room here" && exit 2; }

find "$@" \( -name '*.[ch]' -o -name '*.h.in' -o -name CMakeLists.txt \) -type f | LC_ALL=C sort |
    awk -v arrows="$here/arrows.txt" -v libc="$here/libc_headers.txt" '
function complain(text) {
    printf "%s:%d: %s\n", file, line, text
    bad = 1
}
function may_include(room, other) {
    return room == other || index(" " allowed[room] " ", " " other " ") > 0
}
function third_party_ok(room, header,    i, n, prefix) {
    n = split(libraries[room], prefix, " ")
    for (i = 1; i <= n; i++)
        if (index(header, prefix[i]) == 1) return 1
    return 0
}
function check_include(text,    header, parts, quoted) {
    quoted = text ~ /^[ \t]*#[ \t]*include[ \t]*"/
    if (!quoted && text !~ /^[ \t]*#[ \t]*include[ \t]*</) {
        complain("an include that is not a plain header name")
        return
    }
    header = text
    sub(/^[ \t]*#[ \t]*include[ \t]*["<]/, "", header)
    sub(/[">].*$/, "", header)
    split(header, parts, "/")
    if (header ~ /(^|\/)\.\.?\// || header ~ /^\//) {
        complain("\"" header "\": includes go by room, never by a relative or absolute path")
    } else if (parts[1] in is_room) {
        if (!may_include(room, parts[1])) complain(room " must not include " header)
        else if (system("test -f \"" header "\"") != 0) complain(header " does not exist")
    } else if (quoted) {
        complain("\"" header "\": say \"room/header.h\"")
    } else if (!(header in free_for_all) && !third_party_ok(room, header)) {
        complain(room " must not include <" header ">")
    }
}
function check_links(text,    words, n, i, name) {
    sub(/#.*/, "", text)
    n = split(text, words, /[^A-Za-z0-9_]+/)
    for (i = 1; i <= n; i++) {
        name = words[i]
        if (name ~ /^(SOURCES|LIBS)$/) in_rooms = 0
        if (name == "ROOMS") { in_rooms = 1; continue }
        sub(/^sb_/, "", name)
        if ((in_rooms || words[i] ~ /^sb_/) && (name in is_room) && !may_include(room, name))
            complain(room " must not link " name)
    }
    if (text ~ /\)/) in_rooms = 0
}
BEGIN {
    while ((getline row < arrows) > 0) {
        if (row ~ /^#/ || row !~ /\|/) continue
        split(row, field, "|")
        gsub(/ /, "", field[1])
        is_room[field[1]] = 1
        allowed[field[1]] = field[2]
        gsub(/ +/, " ", allowed[field[1]])
        libraries[field[1]] = field[3]
    }
    while ((getline row < libc) > 0) {
        n = split(row, field, " ")
        for (i = 1; i <= n; i++) free_for_all[field[i]] = 1
    }
}
{
    file = $0
    room = file
    sub(/\/.*/, "", room)
    base = file
    sub(/.*\//, "", base)
    if (base != "CMakeLists.txt") {
        if (base !~ /^[a-z][a-z0-9_]*\.(c|h|h\.in)$/) { line = 0; complain("file names are snake_case") }
        if (base in seen) { line = 0; complain("the same file name as " seen[base]) }
        seen[base] = file
    }
    line = in_rooms = 0
    while ((getline text < file) > 0) {
        line++
        if (base == "CMakeLists.txt") check_links(text)
        else if (text ~ /^[ \t]*#[ \t]*include/) check_include(text)
    }
    close(file)
}
END { exit bad }'
