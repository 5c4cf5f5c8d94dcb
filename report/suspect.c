#include "report/suspect.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "report/words.h"

static bool says_something(const struct sb_comparison *c)
{
    return c && (c->barred || c->verdict != SB_VERDICT_NONE);
}

/* Summaries are sorted by cell. */
static size_t find_summary(const struct sb_results *r, const struct sb_labels *cell, const char *metric)
{
    size_t low = 0, high = r->summaries_nr;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sb_labels_cmp(&r->summaries[middle].cell, cell) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < r->summaries_nr && sb_labels_cmp(&r->summaries[low].cell, cell) == 0; low++)
        if (strcmp(r->summaries[low].metric, metric) == 0) return low;
    return SB_NO_RUN;
}

/* The same two cells and metric, compared without the suspect runs; NULL when they left nothing to compare.
 */
static const struct sb_comparison *without_them(const struct sb_view_matrix *m,
                                                const struct sb_view_matrix *with,
                                                const struct sb_comparison *c)
{
    if (!m->baselines_nr || strcmp(m->baselines[0], c->baseline) != 0) return NULL;
    size_t at = find_summary(m->results, &with->results->summaries[c->summary_level].cell, c->metric);
    return at == SB_NO_RUN ? NULL : m->compared[at];
}

static void look_at(struct sb_view *view, const struct sb_view_matrix *m, const struct sb_view_matrix *with,
                    struct sb_view_flip **flips, size_t *alloc)
{
    for (size_t r = 0; r < with->rows_nr; r++)
        for (size_t l = 0; l < with->levels_nr && with->rows[r].headline; l++) {
            const struct sb_comparison *kept = sb_view_comparison(with, 0, &with->rows[r], l);
            const struct sb_comparison *stands = kept ? without_them(m, with, kept) : NULL;
            if (!says_something(kept) && !says_something(stands)) continue;
            view->flips_of++;
            if (says_something(stands) && strcmp(sb_words_verdict(stands), sb_words_verdict(kept)) == 0)
                continue;
            SB_ALLOC_GROW(*flips, view->flips_nr + 1, *alloc);
            (*flips)[view->flips_nr++] = (struct sb_view_flip){with->rows[r].rest, stands, kept};
        }
}

void sb_suspect_compare(struct sb_view *view)
{
    const struct sb_report *r = view->report;
    const struct {
        const struct sb_view_matrix *matrix;
        const struct sb_results *results;
    } factors[] = {{&view->platforms, r->platforms_with_suspect}, {&view->configs, r->configs_with_suspect}};
    struct sb_view_flip *flips = NULL;
    size_t alloc = 0;
    for (size_t i = 0; i < SB_ARRAY_SIZE(factors); i++) {
        struct sb_view_matrix with;
        if (!factors[i].results || !factors[i].results->factor) continue;
        view->has_suspect_twin = true;
        sb_view_matrix(view, &with, factors[i].results, factors[i].results->factor,
                       factors[i].results->baseline);
        look_at(view, factors[i].matrix, &with, &flips, &alloc);
    }
    view->flips = sb_arena_calloc(&view->arena, view->flips_nr + 1, sizeof *flips);
    for (size_t i = 0; i < view->flips_nr; i++)
        view->flips[i] = flips[i];
    free(flips);
}

const char *sb_suspect_sentence(const struct sb_view *view, struct sb_arena *arena)
{
    char runs[SB_WORDS_MAX], all[SB_WORDS_MAX], flips[SB_WORDS_MAX];
    if (!view->has_suspect_twin || !view->runs_suspect || !view->flips_of) return NULL;
    const char *noun = sb_words_plural(view->runs_suspect, "suspect run", "suspect runs");
    sb_words_count(view->runs_suspect, runs);
    sb_words_count(view->flips_of, all);
    if (!view->flips_nr)
        return sb_arena_printf(arena, "With the %s %s kept, %s the same.", runs, noun,
                               view->flips_of == 1
                                   ? "the one headline verdict is"
                                   : sb_arena_printf(arena, "all %s headline verdicts are", all));
    return sb_arena_printf(arena, "With the %s %s kept, %s of %s headline %s would differ.", runs, noun,
                           sb_words_count(view->flips_nr, flips), all,
                           sb_words_plural(view->flips_of, "verdict", "verdicts"));
}

const char *sb_suspect_place(const struct sb_view *view, struct sb_arena *arena,
                             const struct sb_view_flip *flip)
{
    char buf[SB_WORDS_MAX];
    const struct sb_comparison *c = flip->with;
    const char *title = sb_metric_title(c->metric, buf, sizeof buf);
    return sb_arena_printf(arena, "%s against %s, %s, %c%s", sb_view_level(c->factor, c->level),
                           sb_view_level(c->factor, c->baseline), sb_view_place(view, arena, &flip->rest),
                           sb_ascii_lower(*title), title + 1);
}

static const char *verdict(struct sb_arena *arena, const struct sb_comparison *c)
{
    char ratio[SB_WORDS_MAX], interval[SB_WORDS_MAX];
    if (!says_something(c)) return "no verdict, too few runs remain";
    const char *range = sb_words_ratio_ci(c, interval);
    return sb_arena_printf(arena, "%s (ratio %s%s%s, n = %zu against %zu)", sb_words_verdict(c),
                           sb_words_ratio(c->ratio, ratio), *range ? " " : "", range, c->n_level,
                           c->n_baseline);
}

const char *sb_suspect_verdicts(struct sb_arena *arena, const struct sb_view_flip *flip)
{
    return sb_arena_printf(arena, "without the suspect runs: %s; with them: %s",
                           verdict(arena, flip->without), verdict(arena, flip->with));
}
