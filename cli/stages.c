#include "cli/stages.h"

#include "analyze/analyze.h"

/* Is there anything to compare: at least two values of the label? */
static bool has_levels(const struct sb_dataset *ds, const char *factor)
{
    const char *first = NULL;
    for (size_t i = 0; i < ds->runs_nr; i++) {
        const char *value = sb_run_label(&ds->runs[i], factor);
        if (value && first && strcmp(value, first) != 0) return true;
        if (value && !first) first = value;
    }
    return false;
}

bool sb_run_stages(struct sb_results *results, const struct sb_loaded *loaded, const struct sb_options *o,
                   const char *factor, bool required, struct sb_err *err)
{
    sb_results_init(results);
    if (!sb_settings_of(&results->settings, o, err) || !sb_summarise(&loaded->ds, results, err)) return false;
    if (!factor || (!required && !has_levels(&loaded->ds, factor))) return true;
    struct sb_compare_request request = {.factor = factor, .all_pairs = o->all_pairs};
    if (required || strcmp(factor, o->factor ? o->factor : "platform") == 0) request.baseline = o->baseline;
    return sb_compare(&loaded->ds, results, &request, err);
}
