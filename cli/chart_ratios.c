/* Ratios of a level to a baseline, with verdicts. */
#include "cli/chart_builder.h"

#include <math.h>
#include "core/platform.h"
#include "core/text.h"
#include "io/number.h"

static bool label_shown(const struct sb_chart_builder *b, const char *name)
{
    if (strcmp(name, "platform") == 0 || strcmp(name, "config") == 0) return true;
    for (size_t i = 0; i < b->needed.nr; i++)
        if (strcmp(b->needed.v[i], name) == 0) return true;
    return false;
}

/* What a row is about, without the test, which is its heading. */
static const char *rest_text(const struct sb_chart_builder *b, const struct sb_comparison *c)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < c->rest.nr; i++) {
        const char *name = c->rest.v[i].name, *value = c->rest.v[i].value;
        if (!label_shown(b, name)) continue;
        if (text.len) sb_strbuf_adds(&text, ", ");
        if (strcmp(name, "platform") == 0)
            sb_strbuf_adds(&text, sb_platform_display(value));
        else if (strcmp(name, "config") == 0)
            sb_strbuf_adds(&text, value);
        else
            sb_strbuf_addf(&text, "%s=%s", name, value);
    }
    const char *result = sb_arena_strndup(b->arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return result;
}

static bool in_forest(const struct sb_comparison *c, const struct sb_comparison *like)
{
    return c->group.primary && !sb_metric_is_percentile(c->metric) && isfinite(c->ratio) &&
           strcmp(c->level, like->level) == 0 && strcmp(c->baseline, like->baseline) == 0;
}

static const char *level_name(const char *factor, const char *level)
{
    return strcmp(factor, "platform") == 0 ? sb_platform_name(level) : level;
}

static size_t fill_forest(struct sb_chart_builder *b, const struct sb_results *results,
                          const struct sb_comparison *like, struct sb_forest_row **rows_out,
                          struct sb_barred *barred)
{
    struct sb_forest_row *rows = sb_arena_calloc(b->arena, results->comparisons_nr, sizeof *rows);
    size_t nr = 0;
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        if (!in_forest(c, like)) continue;
        const char *test = sb_labels_get(&c->rest, "test"), *label = rest_text(b, c);
        size_t at = nr++; /* rows of one test stand together, in the order of the comparisons */
        const char *heading = test ? test : c->kind;
        while (at && sb_natural_cmp(heading, rows[at - 1].heading) < 0) {
            rows[at] = rows[at - 1];
            at--;
        }
        const struct sb_summary *x = &results->summaries[c->summary_baseline],
                                *y = &results->summaries[c->summary_level];
        if (c->barred) sb_barred_add(b, barred, y, x);
        rows[at] =
            (struct sb_forest_row){.heading = heading,
                                   .label = *label ? label : c->metric,
                                   .ratio = c->ratio,
                                   .low = c->ratio_low,
                                   .high = c->ratio_high,
                                   .verdict = c->barred ? "" : sb_verdict_text(c->verdict),
                                   .suspect = sb_chart_cell_suspect(b, x) || sb_chart_cell_suspect(b, y)};
    }
    *rows_out = rows;
    return nr;
}

static const char *forest_subtitle(const struct sb_chart_builder *b, const struct sb_results *results,
                                   size_t rows, size_t barred)
{
    char margin[SB_NUMBER_MAX];
    sb_number_format(100 * results->settings.margin, margin);
    const char *figure = sb_arena_printf(b->arena, "ratio of geometric means with %s %% interval, log scale",
                                         sb_chart_level_text(b));
    if (barred == rows)
        return sb_arena_printf(b->arena, "%s; no verdict: the two ran under different accelerators", figure);
    const char *band =
        sb_arena_printf(b->arena, "%s; shaded: within %s %%, counts as equivalent", figure, margin);
    if (!barred) return band;
    return sb_arena_printf(b->arena,
                           "%s; no verdict for %zu of %zu rows: these ran under different accelerators", band,
                           barred, rows);
}

/* Verdicts and their absence, as far as the chart has them. */
static const char *forest_footer(const struct sb_chart_builder *b, size_t rows,
                                 const struct sb_barred *barred, const char *factor)
{
    if (!barred->nr) return sb_verdict_note(b);
    const char *why = sb_barred_text(b, barred, factor);
    return barred->nr == rows ? why : sb_arena_printf(b->arena, "%s · %s", sb_verdict_note(b), why);
}

static void add_forest(struct sb_chart_builder *b, const struct sb_results *results,
                       const struct sb_comparison *like)
{
    struct sb_forest_row *rows;
    struct sb_barred barred = {.nr = 0};
    size_t nr = fill_forest(b, results, like, &rows, &barred);
    if (!nr) return;
    const char *level = level_name(like->factor, like->level),
               *baseline = level_name(like->factor, like->baseline);
    struct sb_chart_item *item =
        sb_chart_add_item(b, strcmp(like->factor, "platform") == 0 ? "platforms" : "configs",
                          sb_arena_printf(b->arena, "ratios-%s-vs-%s", like->level, like->baseline));
    struct sb_chart *c = &item->chart;
    c->kind = SB_CHART_FOREST;
    c->title = sb_arena_printf(b->arena, "%s relative to %s", level, baseline);
    c->subtitle = forest_subtitle(b, results, nr, barred.nr);
    c->rows = rows;
    c->rows_nr = nr;
    c->margin = barred.nr < nr ? results->settings.margin : 0; /* equivalence is a verdict */
    c->baseline = baseline;
    c->alt = sb_arena_printf(b->arena, "Ratios of %s to %s with intervals for %zu comparisons.", level,
                             baseline, nr);
    c->footer_left = forest_footer(b, nr, &barred, like->factor);
}

static void add_forests(struct sb_chart_builder *b, const struct sb_results *results)
{
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        bool seen =
            results->baseline && strcmp(c->baseline, results->baseline) != 0; /* other families: not drawn */
        for (size_t j = 0; j < i && !seen; j++)
            seen = in_forest(&results->comparisons[j], c);
        if (!seen && in_forest(c, c)) add_forest(b, results, c);
    }
}

void sb_add_platform_ratios(struct sb_chart_builder *b)
{
    add_forests(b, b->results);
}

void sb_add_config_ratios(struct sb_chart_builder *b)
{
    if (b->configs.nr > 1) add_forests(b, b->config_results);
}
