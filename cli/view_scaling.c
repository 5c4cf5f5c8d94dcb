/* Throughput against a size, for people; declared in views.h. */
#include "cli/views.h"

#include <math.h>
#include "cli/show.h"
#include "core/alloc.h"

static bool metrics_share_a_place(const struct sb_results *results)
{
    for (size_t i = 1; i < results->scaling_nr; i++)
        if (sb_labels_cmp(&results->scaling[i - 1].rest, &results->scaling[i].rest) == 0) return true;
    return false;
}

struct view {
    struct sb_page *page;
    const struct sb_results *results;
    struct sb_label_sets sets;
    bool with_metric;
};

static struct sb_table *add_table(const struct view *v, const char *title, const char *const *columns,
                                  size_t columns_nr, const char ***labels)
{
    const char *all[12] = {"metric"};
    struct sb_table *table = sb_page_add(v->page, title);
    *labels = sb_show_labels(table, &v->sets);
    for (size_t i = 0; i < columns_nr; i++)
        all[v->with_metric + i] = columns[i];
    sb_show_columns(table, *labels, all, v->with_metric + columns_nr);
    return table;
}

/* Only the first row of a curve names it. */
static struct sb_cell *start_row(const struct view *v, struct sb_table *table, const char *const *labels,
                                 const struct sb_scaling *s, bool first)
{
    static const struct sb_labels nothing = SB_LABELS_INIT;
    struct sb_cell *cell = sb_show_row(table, labels, first ? &s->rest : &nothing);
    if (v->with_metric) *cell++ = sb_show_text(first ? s->metric : "");
    return cell;
}

static void add_points(const struct view *v)
{
    const char **labels, *factor = v->results->scaling[0].factor;
    const char *speedup = sb_show_ci_heading(&v->page->arena, v->results, "speed-up");
    const char *columns[] = {factor, "n", "mean", "unit", speedup, "efficiency", "notes"};
    struct sb_table *table =
        add_table(v, sb_arena_printf(&v->page->arena, "Speed-up over the smallest number of %s", factor),
                  columns, SB_ARRAY_SIZE(columns), &labels);
    for (size_t i = 0; i < v->results->scaling_nr; i++) {
        const struct sb_scaling *s = &v->results->scaling[i];
        for (size_t k = 0; k < s->points_nr; k++) {
            const struct sb_scaling_point *p = &s->points[k];
            struct sb_cell *cell = start_row(v, table, labels, s, k == 0);
            *cell++ = sb_show_figure(sb_show_plain(table, p->size));
            *cell++ = sb_show_count(p->n);
            *cell++ = sb_show_figure(sb_show_pretty(table, p->mean, 5));
            *cell++ = sb_show_text(s->unit);
            *cell++ = sb_show_figure(
                k == 0 ? "1" : sb_show_ratio(table, p->speedup, p->speedup_low, p->speedup_high));
            *cell++ = sb_show_figure(sb_show_percent(table, p->efficiency, 3));
            *cell++ = sb_show_text(k == 0 ? sb_page_marks(v->page, &s->findings) : "");
        }
    }
}

static void add_parameter(const struct view *v, struct sb_table *table, const char *const *labels,
                          const struct sb_scaling *s, const char *law, const char *name,
                          const struct sb_parameter *p, int digits, bool first)
{
    struct sb_cell *cell = start_row(v, table, labels, s, first);
    *cell++ = sb_show_text(law);
    *cell++ = sb_show_text(name);
    *cell++ = sb_show_figure(sb_show_pretty(table, p->value, digits));
    *cell++ = sb_show_figure(sb_show_range(table, p->low, p->high, digits));
}

static void add_laws(const struct view *v)
{
    const char **labels;
    const char *columns[] = {"law", "parameter", "estimate",
                             sb_show_level(&v->page->arena, v->results, "CI")};
    struct sb_table *table = add_table(v, "Laws fitted to it", columns, SB_ARRAY_SIZE(columns), &labels);
    for (size_t i = 0; i < v->results->scaling_nr; i++) {
        const struct sb_scaling *s = &v->results->scaling[i];
        bool amdahl = isfinite(s->amdahl_sigma.value), usl = isfinite(s->usl_sigma.value);
        if (amdahl) {
            add_parameter(v, table, labels, s, "Amdahl", "throughput of one", &s->amdahl_lambda, 4, true);
            add_parameter(v, table, labels, s, "", "serial share \xcf\x83", &s->amdahl_sigma, 3, false);
        }
        if (usl) {
            const struct sb_parameter peak = {s->usl_peak, NAN, NAN};
            add_parameter(v, table, labels, s, "USL", "throughput of one", &s->usl_lambda, 4, !amdahl);
            add_parameter(v, table, labels, s, "", "contention \xcf\x83", &s->usl_sigma, 3, false);
            add_parameter(v, table, labels, s, "", "coherency \xce\xba", &s->usl_kappa, 3, false);
            if (isfinite(peak.value))
                add_parameter(v, table, labels, s, "", "size of the peak", &peak, 3, false);
        }
    }
}

void sb_view_scaling(struct sb_page *page, const struct sb_results *results)
{
    struct view v = {.page = page, .results = results, .with_metric = metrics_share_a_place(results)};
    v.sets = (struct sb_label_sets){results->scaling_nr ? &results->scaling->rest : NULL, results->scaling_nr,
                                    sizeof *results->scaling};
    sb_page_common_begin(page, results);
    for (size_t i = 0; i < results->scaling_nr; i++)
        sb_page_common_keep(page, &results->scaling[i].findings);
    if (results->scaling_nr) add_points(&v);
    if (results->scaling_nr) add_laws(&v);
    sb_page_say_findings(page, results);
}
