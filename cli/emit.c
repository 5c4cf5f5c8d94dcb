#include "cli/emit.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include "analyze/audit.h"
#include "core/code.h"
#include "io/number.h"
#include "io/outfile.h"
#include "report/columns.h"

struct sb_text_style sb_text_style_for(bool to_stdout)
{
    struct sb_text_style style = {0, false};
    struct winsize size;
    const char *columns = getenv("COLUMNS"), *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    double width;
    if (!to_stdout || !isatty(STDOUT_FILENO)) return style;
    style.width = 80;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
        style.width = size.ws_col;
    else if (columns && sb_number_parse(columns, strlen(columns), &width) && width >= 20 && width < 10000)
        style.width = (int)width;
    style.color = !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
    return style;
}

int sb_emit_bytes(const struct sb_strbuf *bytes, const struct sb_options *o, struct sb_err *err)
{
    return sb_outfile_write(o->output ? o->output : "-", bytes->buf, bytes->len, err) ? 0 : -1;
}

const char *sb_code_text(const char *code)
{
    size_t nr;
    const struct sb_check *checks = sb_audit_checks(&nr);
    for (size_t i = 0; i < nr; i++)
        if (strcmp(checks[i].code, code) == 0) return checks[i].explanation;
    const struct sb_code_meaning *others = sb_code_meanings(&nr);
    for (size_t i = 0; i < nr; i++)
        if (strcmp(others[i].code, code) == 0) return others[i].text;
    return code;
}

static void add_notes(struct sb_strbuf *out, const struct sb_codes *notes, enum sb_format format, int width)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    char first[32], rest[32];
    for (size_t i = 0; i < notes->nr; i++) {
        sb_strbuf_clear(&text);
        sb_strbuf_addf(&text, "%s: %s", notes->v[i], sb_code_text(notes->v[i]));
        snprintf(first, sizeof first, "%s%zu%s ", format == SB_FORMAT_MARKDOWN ? "" : "[", i + 1, format == SB_FORMAT_MARKDOWN ? "." : "]");
        snprintf(rest, sizeof rest, "%*s", (int)strlen(first), "");
        if (i == 0) sb_strbuf_addc(out, '\n');
        sb_columns_wrap(out, text.buf, format == SB_FORMAT_TEXT && width > 0 ? (size_t)width : 0, first, rest);
    }
    sb_strbuf_release(&text);
}

int sb_emit_view(const struct sb_table *view, const struct sb_codes *notes, size_t hidden, enum sb_format format,
                 const struct sb_options *o, struct sb_err *err)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_text_style style = sb_text_style_for(!o->output || strcmp(o->output, "-") == 0);
    if (format == SB_FORMAT_MARKDOWN)
        sb_table_write_markdown(&out, view);
    else
        sb_table_write_text(&out, view, &style);
    add_notes(&out, notes, format, style.width);
    int status = sb_emit_bytes(&out, o, err);
    sb_strbuf_release(&out);
    if (!status && hidden && !o->quiet)
        fprintf(stderr, "sbstat: %zu rows of other metrics: --metric '*' shows them, csv has all\n", hidden);
    return status;
}

int sb_emit_table(const struct sb_table *table, const char *command, enum sb_format fallback, const struct sb_options *o,
                  struct sb_err *err)
{
    enum sb_format format;
    struct sb_strbuf out = SB_STRBUF_INIT;
    if (!sb_options_format(o, fallback, &format, err)) return -1;
    struct sb_text_style style = sb_text_style_for(!o->output || strcmp(o->output, "-") == 0);
    switch (format) {
    case SB_FORMAT_CSV: sb_table_write_csv(&out, table); break;
    case SB_FORMAT_JSON: sb_table_write_json(&out, table, command); break;
    case SB_FORMAT_MARKDOWN: sb_table_write_markdown(&out, table); break;
    case SB_FORMAT_DEFAULT:
    case SB_FORMAT_TEXT: sb_table_write_text(&out, table, &style); break;
    }
    int status = sb_emit_bytes(&out, o, err);
    sb_strbuf_release(&out);
    return status;
}
