#include "cli/emit.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include "analyze/audit.h"
#include "core/code.h"
#include "io/number.h"
#include "io/outfile.h"

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

int sb_emit_table(const struct sb_table *table, const char *command, enum sb_format fallback,
                  const struct sb_options *o, struct sb_err *err)
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
