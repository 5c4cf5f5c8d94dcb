#include "cli/commands.h"

#include "analyze/audit.h"
#include "cli/emit.h"
#include "cli/load.h"
#include "cli/views.h"
#include "core/alloc.h"
#include "core/text.h"
#include "report/columns.h"

/* --list: every check with its severity and what it means. */
static int list_checks(void)
{
    size_t nr;
    const struct sb_check *checks = sb_audit_checks(&nr);
    for (size_t i = 0; i < nr; i++) {
        if (i == 0 || checks[i].family != checks[i - 1].family)
            printf("%s%s\n", i ? "\n" : "", sb_check_family_text(checks[i].family));
        printf("  %-28s %-8s %s\n", checks[i].code, sb_severity_text(checks[i].severity),
               checks[i].explanation);
    }
    return 0;
}

static void add_code(struct sb_strbuf *out, const struct sb_cell *row, size_t width)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_strbuf_addf(out, "%s  %s  %llu\n", row[0].text, row[1].text, row[2].count);
    sb_strbuf_addf(&text, "%s.", sb_code_text(row[1].text));
    sb_columns_wrap(out, text.buf, width, "    ", "    ");
    sb_strbuf_clear(&text);
    sb_strbuf_adds(&text, row[2].count > 1 ? "first: " : "");
    sb_text_visible(&text, row[4].text, strlen(row[4].text), false);
    sb_columns_wrap(out, text.buf, width, "    ", "      ");
    sb_strbuf_release(&text);
}

/* One paragraph per code: what it means, how often, and the evidence of the first. */
static int emit_text(const struct sb_dataset *ds, const struct sb_options *o, struct sb_err *err)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_text_style style = sb_text_style_for(!o->output || strcmp(o->output, "-") == 0);
    struct sb_table table;
    size_t counts[SB_ERROR + 1] = {0};
    for (size_t i = 0; i < ds->findings_nr; i++)
        counts[ds->findings[i].severity]++;
    sb_table_init(&table);
    sb_view_findings(&table, ds);
    for (size_t r = 0; r < table.rows_nr; r++)
        add_code(&out, table.cells + r * table.columns_nr, style.width > 0 ? (size_t)style.width : 0);
    sb_strbuf_addf(&out, "%s%zu error%s, %zu warning%s, %zu note%s in %zu runs\n", table.rows_nr ? "\n" : "",
                   counts[SB_ERROR], counts[SB_ERROR] == 1 ? "" : "s", counts[SB_WARNING],
                   counts[SB_WARNING] == 1 ? "" : "s", counts[SB_NOTE], counts[SB_NOTE] == 1 ? "" : "s",
                   ds->runs_nr);
    if (table.rows_nr) sb_strbuf_adds(&out, "--format csv lists each finding with its file and line\n");
    int status = sb_emit_bytes(&out, o, err);
    sb_table_free(&table);
    sb_strbuf_release(&out);
    return status;
}

static int emit(const struct sb_dataset *ds, const struct sb_options *o, enum sb_format format,
                struct sb_err *err)
{
    struct sb_table table;
    if (format == SB_FORMAT_TEXT) return emit_text(ds, o, err);
    sb_table_init(&table);
    sb_table_of_findings(&table, ds);
    int status = sb_emit_table(&table, "audit", SB_FORMAT_TEXT, o, err);
    sb_table_free(&table);
    return status;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    const struct sb_options *o = in->options;
    struct sb_loaded loaded;
    enum sb_format format;
    bool severe = false;
    if (o->list) return list_checks();
    if (!sb_options_format(o, SB_FORMAT_TEXT, &format, err)) return -1;
    if (!sb_load(&loaded, o, 0, NULL, err)) return -1;
    for (size_t i = 0; i < loaded.ds.findings_nr; i++)
        severe |= loaded.ds.findings[i].severity == SB_ERROR;
    int status = emit(&loaded.ds, o, format, err);
    sb_loaded_release(&loaded);
    return status ? status : severe;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "list", NULL};

const struct sb_command sb_cmd_audit = {
    .name = "audit",
    .summary = "what cannot be true, is missing, or says less than it seems",
    .usage = "PATH... [options]",
    .description = "Checks every run against itself, against the other runs and against the design of the "
                   "experiment, and prints each finding with its evidence. Exit status 1 when a finding "
                   "has the severity error.",
    .options = options,
    .run = run,
};
