/* Texts that a log, a label or a path may hold and that some format would take for its own syntax. */
#ifndef SB_TESTS_REPORT_HOSTILE_H
#define SB_TESTS_REPORT_HOSTILE_H

static const char *const hostile[] = {
    /* HTML and XML */
    "</script>", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "<!--", "-->", "<![CDATA[",
    "]]>", "<?php echo 1 ?>", "&lt;b&gt;", "&#60;script&#62;", "&amp;amp;", "</td></tr></table><h1>x", "<svg/onload=alert(1)>",
    "javascript:alert(1)", "</title><style>*{display:none}</style>", "</textarea>", "<base href=//evil.example>", "a<b>c", "\"'`",
    /* spreadsheets */
    "=cmd()", "=HYPERLINK(\"http://x\",\"y\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1", ";", "a,b", "\"quoted\"", "\r\nnew,row",
    /* terminals */
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b[2J\x1b[H", "\x9b" "31m", "\xc2\x9b" "31m", "bell\x07", "back\x08\x08space", "\x7f", "nul\x01",
    /* Markdown */
    "| a | b |", "`code`", "```\nfence\n```", "*bold* _it_ **b** __u__", "[text](http://evil.example)", "![i](http://evil.example/x.png)",
    "# heading", "> quote", "- item", "1. item", "---", "http://evil.example/", "www.evil.example", "me@evil.example", "@mention", ":smile:",
    "$x^2$", "~~gone~~", "[^1]", "- [ ] task", "\\| \\` \\*", "line one\n| line | two |", "<br>", "{{ template }}", "Setext\n=====",
    /* LaTeX */
    "\\input{/etc/passwd}", "\\write18{ls}", "\\end{document}", "$$ x $$", "100% sure", "a_b^c~d#e&f", "{}", "}{", "^^5cinput{x}", "\\def\\x{y}", "--", "?`!`", "[x]", "\\\\[1em]",
    /* text that lies about itself */
    "\xe2\x80\xae" "gnp.exe", "\xe2\x81\xa6" "isolated\xe2\x81\xa9", "zero\xe2\x80\x8bwidth", "\xef\xbb\xbf" "bom", "line\xe2\x80\xa8separator",
    "\xef\xbf\xbf", "\xf0\x9f\xbf\xbf", "\xf3\xa0\x80\x81tag", "\xd8\x9c" "arabic mark",
    /* bytes that are no text */
    "\xff\xfe", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82", "caf\xe9", "\x80", "\xf4\x90\x80\x80",
    /* honest text that must survive */
    "caf\xc3\xa9", "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", "\xf0\x9f\x9a\x80", "\xce\xbc" "s", "e\xcc\x81", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
    /* shapes */
    "", " ", "  leading", "trailing  ", "\n", "\n\n\n", "\t", "%s%n%x", "../../etc/passwd", "C:\\logs\\x", "c-2", "a/b=c", "a b-8", "%2F", "null", "NaN", "-0",
};

enum { HOSTILE_NR = sizeof hostile / sizeof *hostile };

#endif
