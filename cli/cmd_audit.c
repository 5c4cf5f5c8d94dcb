#include "cli/commands.h"

#include "analyze/audit.h"
#include "cli/emit.h"
#include "cli/load.h"
#include "cli/views.h"

/* --list: every check with its severity and what it means. */
static int list_checks(void)
{
    size_t nr;
    const struct sb_check *checks = sb_audit_checks(&nr);
    for (size_t i = 0; i < nr; i++) {
        if (i == 0 || checks[i].family != checks[i - 1].family)
            printf("%s%s\n", i ? "\n" : "", sb_check_family_text(checks[i].family));
        printf("  %-28s %-8s %s\n", checks[i].code, sb_severity_text(checks[i].severity), checks[i].explanation);
    }
    return 0;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    const struct sb_options *o = in->options;
    struct sb_loaded loaded;
    struct sb_table table;
    enum sb_format format;
    bool severe = false;
    if (o->list) return list_checks();
    if (!sb_options_format(o, SB_FORMAT_TEXT, &format, err)) return -1;
    if (!sb_load(&loaded, o, 0, NULL, err)) return -1;
    for (size_t i = 0; i < loaded.ds.findings_nr; i++)
        severe |= loaded.ds.findings[i].severity == SB_ERROR;
    sb_table_init(&table);
    if (format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN)
        sb_view_findings(&table, &loaded.ds);
    else
        sb_table_of_findings(&table, &loaded.ds);
    int status = sb_emit_table(&table, "audit", SB_FORMAT_TEXT, o, err);
    sb_table_free(&table);
    sb_loaded_release(&loaded);
    return status ? status : severe;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "list", NULL};

const struct sb_command sb_cmd_audit = {
    .name = "audit",
    .summary = "what cannot be true, is missing, or says less than it seems",
    .usage = "PATH... [options]",
    .description = "Checks every run against itself, against the other runs and against the design of the experiment, and\n"
                   "prints each finding with its evidence. Exit status 1 when a finding has the severity error.",
    .options = options,
    .run = run,
};
