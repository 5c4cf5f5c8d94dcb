#include "cli/commands.h"

#include "cli/emit.h"
#include "cli/load.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

/* "path/log.txt:12" -> path and line; without a line, all of them (line 0). */
static char *split_place(const char *place, uint32_t *line)
{
    const char *colon = strrchr(place, ':');
    double number;
    *line = 0;
    if (colon && sb_number_parse(colon + 1, strlen(colon + 1), &number) && number >= 1 && number <= UINT32_MAX) {
        *line = (uint32_t)number;
        return sb_xstrndup(place, (size_t)(colon - place));
    }
    return sb_xstrdup(place);
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
    if (!sb_load(&loaded, &one, SB_LOAD_NO_AUDIT | SB_LOAD_ALLOW_EMPTY, slash ? slash + 1 : path, err)) return -1;
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
    if (in->options->paths.nr != 1) return sb_fail(err, SB_ERR_USAGE, "name one place: FILE:LINE") - 1;
    char *path = split_place(in->options->paths.v[0], &line);
    int status = explain(in->options, path, line, err);
    free(path);
    return status;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, "quiet", NULL};

const struct sb_command sb_cmd_explain = {
    .name = "explain",
    .summary = "how a line of a log was read and what it feeds",
    .usage = "FILE[:LINE] [options]",
    .description = "Shows for a line (or every line) of a log which rule recognised it, which run it "
                   "belongs to and which figures come from it.",
    .options = options,
    .run = run,
};
