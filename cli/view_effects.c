/* The factorial view for people; declared in views.h. */
#include "cli/views.h"

#include <math.h>
#include "cli/show.h"
#include "core/alloc.h"
#include "report/factor_effects.h"

struct view {
    struct sb_page *page;
    const struct sb_results *results;
    struct sb_label_sets sets;
    bool with_metric; /* several metrics of one test: they need a column */
};

static bool metrics_share_a_place(const struct sb_results *results)
{
    for (size_t i = 1; i < results->effects_nr; i++)
        if (sb_labels_cmp(&results->effects[i - 1].rest, &results->effects[i].rest) == 0) return true;
    return false;
}

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

/* A row of one analysis; only its first row in a table names the place. */
static struct sb_cell *start_row(const struct view *v, struct sb_table *table, const char *const *labels,
                                 const struct sb_effects *e, bool first)
{
    static const struct sb_labels nothing = SB_LABELS_INIT;
    struct sb_cell *cell = sb_show_row(table, labels, first ? &e->rest : &nothing);
    if (v->with_metric) *cell++ = sb_show_text(first ? e->metric : "");
    return cell;
}

static void add_terms(const struct view *v)
{
    static const char *const columns[] = {"term", "df", "F", "p", "adj. p", "partial \xce\xb7\xc2\xb2",
                                          "notes"};
    const char **labels;
    struct sb_table *table = add_table(v, "Analysis of variance of the logarithms (type II)", columns,
                                       SB_ARRAY_SIZE(columns), &labels);
    for (size_t i = 0; i < v->results->effects_nr; i++) {
        const struct sb_effects *e = &v->results->effects[i];
        for (size_t k = 0; k < e->terms_nr; k++) {
            const struct sb_effect_term *t = &e->terms[k];
            struct sb_cell *cell = start_row(v, table, labels, e, k == 0);
            *cell++ = sb_show_text(t->name);
            *cell++ = sb_show_count(t->df);
            *cell++ = sb_show_figure(t->df ? sb_show_pretty(table, t->f, 4) : "");
            *cell++ = sb_show_figure(sb_show_p(table, t->p));
            *cell++ = sb_show_figure(sb_show_p(table, t->p_adjusted));
            *cell++ = sb_show_figure(
                t->df && isfinite(t->partial_eta2) ? sb_show_pretty(table, t->partial_eta2, 3) : "");
            *cell++ = sb_show_text(k == 0 ? sb_page_marks(v->page, &e->findings) : "");
        }
    }
}

static void add_ratios(const struct view *v)
{
    const char **labels;
    const char *ratio = sb_show_ci_heading(&v->page->arena, v->results, "ratio");
    const char *columns[] = {"factor", "level / baseline", ratio, "from"};
    const char *title = sb_arena_printf(&v->page->arena, "Effect of each factor on the geometric mean, %s",
                                        sb_effects_averaged(v->results));
    struct sb_table *table = add_table(v, title, columns, SB_ARRAY_SIZE(columns), &labels);
    for (size_t i = 0; i < v->results->effects_nr; i++) {
        const struct sb_effects *e = &v->results->effects[i];
        for (size_t k = 0; k < e->ratios_nr; k++) {
            const struct sb_effect_ratio *r = &e->ratios[k];
            struct sb_cell *cell = start_row(v, table, labels, e, k == 0);
            *cell++ = sb_show_text(r->factor);
            *cell++ = sb_show_text(sb_arena_printf(&table->arena, "%s / %s", r->level, r->baseline));
            *cell++ = sb_show_figure(isfinite(r->ratio) ? sb_show_ratio(table, r->ratio, r->low, r->high)
                                                        : "not estimable");
            *cell++ = sb_show_text(!isfinite(r->ratio) ? "" : r->additive ? "main effects" : "all cells");
        }
    }
}

static void add_residuals(const struct view *v)
{
    static const char *const columns[] = {"n", "df", "sd", "p normal", "p equal spread"};
    const char **labels;
    struct sb_table *table = add_table(v, "Residuals", columns, SB_ARRAY_SIZE(columns), &labels);
    for (size_t i = 0; i < v->results->effects_nr; i++) {
        const struct sb_effects *e = &v->results->effects[i];
        struct sb_cell *cell = start_row(v, table, labels, e, true);
        *cell++ = sb_show_count(e->n);
        *cell++ = sb_show_count(e->df_residual);
        *cell++ = sb_show_figure(sb_show_percent(table, expm1(e->residual_sd), 2));
        *cell++ = sb_show_figure(sb_show_p(table, e->normality_p));
        *cell++ = sb_show_figure(sb_show_p(table, e->equal_spread_p));
    }
}

static bool any_inestimable(const struct sb_results *results)
{
    for (size_t i = 0; i < results->effects_nr; i++)
        for (size_t k = 0; k < results->effects[i].terms_nr; k++)
            if (!results->effects[i].terms[k].df) return true;
    return false;
}

void sb_view_effects(struct sb_page *page, const struct sb_results *results)
{
    struct view v = {.page = page, .results = results, .with_metric = metrics_share_a_place(results)};
    v.sets = (struct sb_label_sets){results->effects_nr ? &results->effects->rest : NULL, results->effects_nr,
                                    sizeof *results->effects};
    sb_page_common_begin(page, results);
    for (size_t i = 0; i < results->effects_nr; i++)
        sb_page_common_keep(page, &results->effects[i].findings);
    add_terms(&v);
    add_ratios(&v);
    add_residuals(&v);
    if (any_inestimable(results))
        sb_page_say(page, "A term with 0 df cannot be told apart from the others in this design: its factors "
                          "change together.");
    sb_page_say(page,
                "Adjusted p (%s) over all terms of the table. p normal: Shapiro-Wilk; p equal spread: "
                "Brown-Forsythe; small ones speak "
                "against what the analysis assumes.",
                results->settings.correction);
    sb_page_say_findings(page, results);
}
