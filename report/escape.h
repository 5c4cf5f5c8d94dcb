/*
 * Text from logs, labels and paths on its way into a format: one function for each place it can stand in.
 *
 * Every function appends to `out`, takes any bytes up to the NUL (NULL adds nothing), and first makes the
 * text safe to look at: malformed UTF-8, C1 controls, noncharacters and the invisible characters that reorder
 * text (bidirectional overrides, isolates and marks) become U+FFFD, other control characters their picture
 * (U+2400 ...). What comes out is well-formed UTF-8 that the format reads back as that text and as nothing
 * else.
 */
#ifndef SB_REPORT_ESCAPE_H
#define SB_REPORT_ESCAPE_H

#include <stddef.h>
#include "core/strbuf.h"

/* The first step alone: for the terminal and for plain text files. Newlines and tabs become pictures. */
void sb_escape_terminal(struct sb_strbuf *out, const char *text);

/* HTML: an element's content or an attribute between double or single quotes. */
void sb_escape_html(struct sb_strbuf *out, const char *text);

/* HTML: one line of `len` bytes for <pre>; tabs stay tabs. */
void sb_escape_html_line(struct sb_strbuf *out, const char *text, size_t len);

/* An URL path relative to the page, percent-encoded (letters, digits and -._~/ stand for themselves); for an
 * attribute in HTML and for a link's target in Markdown. */
void sb_escape_url_path(struct sb_strbuf *out, const char *text);

/* GitHub Markdown: running text or a table cell; never starts a link, code, HTML, mathematics or a row. */
void sb_escape_markdown(struct sb_strbuf *out, const char *text);

/* LaTeX text for pdflatex with T1 fonts. A character above U+00FF is written as \sbunicode{U+4E2D}, which the
 * document's preamble defines. */
void sb_escape_latex(struct sb_strbuf *out, const char *text);

/* XML 1.0: content or a quoted attribute. */
void sb_escape_xml(struct sb_strbuf *out, const char *text);

/* OpenMetrics: between the quotes of a label's value. */
void sb_escape_openmetrics(struct sb_strbuf *out, const char *text);

/* One value in a Go benchmark name (`BenchmarkCpu/platform=VALUE`): blanks, '/', '%', '=', '"' and '-' before
 * digits at the end (which would be read as GOMAXPROCS) are percent-encoded. */
void sb_escape_benchstat(struct sb_strbuf *out, const char *text);

#endif
