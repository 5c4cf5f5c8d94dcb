/* OpenMetrics 1.0 text: gauges, one family after another, ended by "# EOF". */
#include "report/report.h"

#include <math.h>
#include "core/text.h"
#include "io/number.h"
#include "report/escape.h"
#include "report/view.h"
#include "report/words.h"

/* ---- samples ---- */

static void label(struct sb_strbuf *out, bool *first, const char *name, const char *value)
{
    if (!value || !*value) return;
    sb_strbuf_addf(out, "%c%s=\"", *first ? '{' : ',', name);
    sb_escape_openmetrics(out, value);
    sb_strbuf_addc(out, '"');
    *first = false;
}

/* Own names for the three labels everybody knows; any other is label_N_name, where N keeps two that look
 * alike apart. */
static void labels(struct sb_strbuf *out, bool *first, const struct sb_labels *set)
{
    static const char *const known[] = {"platform", "config", "test"};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++)
        label(out, first, known[k], sb_labels_get(set, known[k]));
    for (size_t i = 0; i < set->nr; i++) {
        char name[80];
        size_t at;
        const char *s = set->v[i].name;
        if (strcmp(s, "platform") == 0 || strcmp(s, "config") == 0 || strcmp(s, "test") == 0) continue;
        bool plain = s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
        at = (size_t)(plain ? snprintf(name, sizeof name, "label_")
                            : snprintf(name, sizeof name, "label%zu_", i + 1));
        for (; *s && at < sizeof name - 1; s++)
            name[at++] = sb_is_alnum(*s) ? *s : '_';
        name[at] = '\0';
        label(out, first, name, set->v[i].value);
    }
}

static void end_sample(struct sb_strbuf *out, bool first, double value)
{
    char number[SB_NUMBER_MAX];
    sb_number_format(value, number);
    sb_strbuf_addf(out, "%s %s\n", first ? "" : "}", number);
}

static void head(struct sb_strbuf *out, const char *name, const char *help)
{
    sb_strbuf_addf(out, "# TYPE sbstat_%s gauge\n# HELP sbstat_%s %s\n", name, name, help);
}

/* ---- families: one row each ---- */

static double s_mean(const struct sb_summary *s)
{
    return s->mean;
}
static double s_low(const struct sb_summary *s)
{
    return s->ci_low;
}
static double s_high(const struct sb_summary *s)
{
    return s->ci_high;
}
static double s_sd(const struct sb_summary *s)
{
    return s->sd;
}
static double s_n(const struct sb_summary *s)
{
    return (double)s->n;
}

static const struct {
    const char *name, *help; /* of a limit: up to where the interval is named */
    double (*value)(const struct sb_summary *s);
    bool limit;
} summary_families[] = {
    {"mean", "Mean of a metric over the replicates of a cell.", s_mean, false},
    {"ci_low", "Lower limit of the mean's", s_low, true},
    {"ci_high", "Upper limit of the mean's", s_high, true},
    {"sd", "Standard deviation with n - 1.", s_sd, false},
    {"replicates", "Boots where they are known, else runs.", s_n, false},
};

static double c_ratio(const struct sb_comparison *c)
{
    return c->ratio;
}
static double c_low(const struct sb_comparison *c)
{
    return c->ratio_low;
}
static double c_high(const struct sb_comparison *c)
{
    return c->ratio_high;
}
static double c_p(const struct sb_comparison *c)
{
    return c->p_adjusted;
}

static const struct {
    const char *name, *help;
    double (*value)(const struct sb_comparison *c);
    bool limit;
} comparison_families[] = {
    {"ratio", "Level over baseline, ratio of geometric means; the verdict is a label.", c_ratio, false},
    {"ratio_low", "Lower limit of the ratio's", c_low, true},
    {"ratio_high", "Upper limit of the ratio's", c_high, true},
    {"p_adjusted", "Adjusted p value.", c_p, false},
};

static void head_of(struct sb_strbuf *out, const struct sb_results *results, const char *name,
                    const char *help, bool limit)
{
    char level[SB_WORDS_MAX], text[160];
    snprintf(text, sizeof text, "%s %s %% confidence interval.", help,
             sb_words_percent(results->settings.confidence, level));
    head(out, name, limit ? text : help);
}

static void add_summaries(struct sb_strbuf *out, const struct sb_results *results)
{
    for (size_t f = 0; f < sizeof summary_families / sizeof *summary_families; f++) {
        head_of(out, results, summary_families[f].name, summary_families[f].help, summary_families[f].limit);
        for (size_t i = 0; i < results->summaries_nr; i++) {
            const struct sb_summary *s = &results->summaries[i];
            double value = summary_families[f].value(s);
            bool first = true;
            if (!isfinite(value)) continue;
            sb_strbuf_addf(out, "sbstat_%s", summary_families[f].name);
            labels(out, &first, &s->cell);
            label(out, &first, "metric", s->metric);
            label(out, &first, "metric_unit", s->unit);
            end_sample(out, first, value);
        }
    }
}

static void add_comparisons_of(struct sb_strbuf *out, const struct sb_results *results, size_t family)
{
    for (size_t i = 0; results && i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        double value = comparison_families[family].value(c);
        bool first = true;
        if (!isfinite(value)) continue;
        sb_strbuf_addf(out, "sbstat_%s", comparison_families[family].name);
        label(out, &first, "factor", c->factor);
        label(out, &first, "baseline", c->baseline);
        label(out, &first, "level", c->level);
        labels(out, &first, &c->rest);
        label(out, &first, "metric", c->metric);
        label(out, &first, "verdict", c->barred ? "not comparable" : sb_verdict_text(c->verdict));
        end_sample(out, first, value);
    }
}

static void add_counts(struct sb_strbuf *out, const struct sb_view *view)
{
    const struct {
        const char *severity;
        size_t nr;
    } findings[] = {{"error", view->errors}, {"warning", view->warnings}, {"note", view->hints}};
    head(out, "runs", "Runs that were read.");
    sb_strbuf_addf(out, "sbstat_runs %zu\n", view->report->ds->runs_nr);
    head(out, "runs_suspect", "Runs with an error-severity finding.");
    sb_strbuf_addf(out, "sbstat_runs_suspect %zu\n", view->runs_suspect);
    head(out, "findings", "Findings of the audit.");
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++)
        sb_strbuf_addf(out, "sbstat_findings{severity=\"%s\"} %zu\n", findings[i].severity, findings[i].nr);
}

void sb_report_openmetrics(struct sb_strbuf *out, const struct sb_report *report)
{
    struct sb_view view;
    sb_view_init(&view, report);
    add_counts(out, &view);
    add_summaries(out, view.results);
    for (size_t f = 0; f < sizeof comparison_families / sizeof *comparison_families; f++) {
        head_of(out, view.results, comparison_families[f].name, comparison_families[f].help,
                comparison_families[f].limit);
        add_comparisons_of(out, report->platforms, f);
        if (report->configs != report->platforms) add_comparisons_of(out, report->configs, f);
    }
    sb_strbuf_adds(out, "# EOF\n");
    sb_view_free(&view);
}
