#include "cli/commands.h"

#include <unistd.h>
#include "cli/emit.h"
#include "cli/load.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"
#include "report/columns.h"

static bool line_number(const char *text, size_t len, uint32_t *line)
{
    double number;
    if (!sb_number_parse(text, len, &number) || number < 1 || number > UINT32_MAX) return false;
    *line = (uint32_t)number;
    return true;
}

/* A row of the tidy CSV: source,run,line,... NULL when the text is none. */
static char *place_of_row(const char *row, uint32_t *line)
{
    size_t source = strcspn(row, ",");
    if (!row[source]) return NULL;
    const char *after = row + source + 1;
    size_t run = strcspn(after, ",");
    if (!after[run]) return NULL;
    const char *number = after + run + 1;
    return line_number(number, strcspn(number, ","), line) ? sb_xstrndup(row, source) : NULL;
}

/* "path/log.txt:12" or a row of an output -> path and line; without a line, all of them (line 0). */
static char *split_place(const char *place, uint32_t *line)
{
    const char *colon = strrchr(place, ':');
    *line = 0;
    if (colon && line_number(colon + 1, strlen(colon + 1), line))
        return sb_xstrndup(place, (size_t)(colon - place));
    char *path = access(place, F_OK) == 0 ? NULL : place_of_row(place, line);
    return path ? path : sb_xstrdup(place);
}

/* NOISY, ONE_BOOT: a finding's code instead of a place. */
static bool is_code(const char *text)
{
    return *text && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == strlen(text) && sb_code_text(text) != text;
}

static int explain_code(const char *code, const struct sb_options *o, struct sb_err *err)
{
    struct sb_strbuf text = SB_STRBUF_INIT, out = SB_STRBUF_INIT;
    struct sb_text_style style = sb_text_style_for(!o->output || strcmp(o->output, "-") == 0);
    sb_strbuf_addf(&text, "%s: %s. See docs/audit.md and docs/statistics.md.", code, sb_code_text(code));
    sb_columns_wrap(&out, text.buf, style.width > 0 ? (size_t)style.width : 0, "", "    ");
    int status = sb_emit_bytes(&out, o, err);
    sb_strbuf_release(&text);
    sb_strbuf_release(&out);
    return status;
}

static size_t fill(struct sb_table *table, const struct sb_parse_output *output, uint32_t line)
{
    static const char *const columns[] = {"line", "run", "read as", "feeds", "text"};
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < output->readings_nr; i++) {
        const struct sb_line_reading *r = &output->readings[i];
        if (line && r->line != line) continue;
        struct sb_cell *cell = sb_table_add_row(table);
        cell[0] = (struct sb_cell){.kind = SB_CELL_COUNT, .count = r->line};
        if (r->ordinal) cell[1] = (struct sb_cell){.kind = SB_CELL_COUNT, .count = r->ordinal};
        cell[2] = (struct sb_cell){.kind = SB_CELL_TEXT, .text = r->rule};
        cell[3] = (struct sb_cell){.kind = SB_CELL_TEXT, .text = r->outputs};
        cell[4] = (struct sb_cell){.kind = SB_CELL_TEXT, .text = r->text};
    }
    return table->rows_nr;
}

static int explain(const struct sb_options *o, const char *path, uint32_t line, struct sb_err *err)
{
    struct sb_loaded loaded;
    struct sb_table table;
    struct sb_options one = *o;
    const char *slash = strrchr(path, '/');
    one.paths.v = &path;
    one.paths.nr = 1;
    if (!sb_load(&loaded, &one, SB_LOAD_NO_AUDIT | SB_LOAD_ALLOW_EMPTY, slash ? slash + 1 : path, err))
        return -1;
    sb_table_init(&table);
    int status = fill(&table, &loaded.output, line)
                     ? sb_emit_table(&table, "explain", SB_FORMAT_TEXT, o, err)
                     : sb_fail(err, SB_ERR_NO_INPUT, "%s has no line %u", path, (unsigned)line) - 1;
    sb_table_free(&table);
    sb_loaded_release(&loaded);
    return status;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    uint32_t line;
    enum sb_format format;
    if (!sb_options_format(in->options, SB_FORMAT_TEXT, &format, err)) return -1;
    if (in->options->paths.nr != 1)
        return sb_fail(err, SB_ERR_USAGE, "name one place (FILE:LINE) or one finding's code") - 1;
    if (is_code(in->options->paths.v[0])) return explain_code(in->options->paths.v[0], in->options, err);
    char *path = split_place(in->options->paths.v[0], &line);
    int status = explain(in->options, path, line, err);
    free(path);
    return status;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, "quiet", NULL};

const struct sb_command sb_cmd_explain = {
    .name = "explain",
    .summary = "how a line was read and what it feeds; what a code means",
    .usage = "FILE[:LINE] | ROW | CODE [options]",
    .description = "Shows for a line (or every line) of a log which rule recognised it, which run it "
                   "belongs to and which figures come from it. A row of the tidy CSV (source,run,line,...) "
                   "names its line; the code of a finding is explained in words.",
    .options = options,
    .run = run,
};
