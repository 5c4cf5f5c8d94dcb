#include "report/method.h"

#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"
#include "report/words.h"

const char *sb_method_title(const struct sb_view *view, struct sb_arena *arena)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    const struct sb_view_matrix *m = &view->platforms;
    sb_strbuf_adds(&out, "sysbench");
    for (size_t i = 0; i < m->levels_nr && i < 6; i++)
        sb_strbuf_addf(&out, "%s%s", i ? ", " : ": ", sb_view_level("platform", m->levels[i]));
    for (size_t i = 0; !m->levels_nr && i < view->report->paths_nr && i < 3; i++)
        sb_strbuf_addf(&out, "%s%s", i ? ", " : ": ", view->report->paths[i]);
    const char *text = sb_arena_strdup(arena, out.buf);
    sb_strbuf_release(&out);
    return text;
}

static size_t distinct(const struct sb_view *view, const char *label)
{
    size_t nr;
    sb_dataset_label_values(view->report->ds, label, &nr);
    return nr;
}

const char *sb_method_extent(const struct sb_view *view, struct sb_arena *arena)
{
    char runs[SB_WORDS_MAX], cells[SB_WORDS_MAX];
    size_t platforms = distinct(view, "platform"), configs = distinct(view, "config"),
           tests = distinct(view, "test");
    size_t nr = view->report->ds->runs_nr;
    return sb_arena_printf(arena, "%s %s in %s %s: %zu %s, %zu %s, %zu %s", sb_words_count(nr, runs),
                           sb_words_plural(nr, "run", "runs"), sb_words_count(view->cells_nr, cells),
                           sb_words_plural(view->cells_nr, "cell", "cells"), platforms,
                           sb_words_plural(platforms, "platform", "platforms"), configs,
                           sb_words_plural(configs, "configuration", "configurations"), tests,
                           sb_words_plural(tests, "test", "tests"));
}

static int text_cmp(const void *a, const void *b)
{
    return sb_natural_cmp(*(const char *const *)a, *(const char *const *)b);
}

const char *sb_method_versions(const struct sb_view *view, struct sb_arena *arena)
{
    const struct sb_dataset *ds = view->report->ds;
    const char *versions[16];
    size_t nr = 0;
    for (size_t i = 0; i < ds->runs_nr; i++) {
        const char *version = ds->runs[i].version;
        size_t k = 0;
        while (k < nr && strcmp(versions[k], version) != 0)
            k++;
        if (k == nr && nr < SB_ARRAY_SIZE(versions) && *version) versions[nr++] = version;
    }
    qsort(versions, nr, sizeof *versions, text_cmp);
    const char *text = "";
    for (size_t i = 0; i < nr; i++)
        text = sb_arena_printf(arena, "%s%s%s", text, i ? ", " : "", versions[i]);
    return text;
}

const char **sb_method_paragraphs(const struct sb_view *view, struct sb_arena *arena, size_t *nr)
{
    const struct sb_analysis_settings *s = &view->results->settings;
    const char **out = sb_arena_calloc(arena, 8, sizeof *out);
    char confidence[SB_WORDS_MAX], margin[SB_WORDS_MAX], tost[SB_WORDS_MAX], low[SB_WORDS_MAX],
        high[SB_WORDS_MAX], alpha[SB_NUMBER_MAX];
    bool adjusted = sb_words_adjusts_itself(s) || !sb_streq(s->correction, "none");
    *nr = 0;
    sb_number_format(s->alpha, alpha);
    out[(*nr)++] = "A cell is all runs equal in platform, configuration, test and every further label and "
                   "parameter. n counts "
                   "replicates: boots or containers where they are known, else single runs. Runs with an "
                   "error-severity finding "
                   "are left out unless asked for, and said so where their number would stand.";
    out[(*nr)++] = sb_arena_printf(arena,
                                   "A mean stands with half of its %s %% confidence interval (Student's t, "
                                   "standard deviation with n \xe2\x88\x92 1). Where "
                                   "all repetitions gave the same figure, the interval is the printed "
                                   "resolution. Nothing missing is ever read as zero.",
                                   sb_words_percent(s->confidence, confidence));
    if (view->platforms.baselines_nr || view->configs.baselines_nr) {
        out[(*nr)++] =
            sb_arena_printf(arena,
                            "A comparison is the ratio of geometric means, level to baseline, "
                            "with its %s %% interval (Welch on the "
                            "logarithms, unadjusted). p comes from %s, %s. Each test is decided "
                            "by its headline metric; metrics that restate "
                            "the same measurement carry its verdict and are not tested again. Where "
                            "another number of threads or events parts the two, there is none to carry.",
                            confidence, sb_words_test(s), sb_words_correction(s));
        out[(*nr)++] = sb_arena_printf(
            arena,
            "Verdicts: equivalent, when the %s %% interval of the ratio lies within %s to %s (margin %s %%; "
            "two "
            "one-sided tests, not adjusted), checked first; else faster or slower, in the metric's own "
            "direction, when "
            "%s is below %s; else inconclusive: these data do not decide, which is not the same "
            "as equal.",
            sb_words_percent(1 - 2 * s->alpha, tost), sb_words_ratio(1 / (1 + s->margin), low),
            sb_words_ratio(1 + s->margin, high), sb_words_percent(s->margin, margin),
            adjusted ? "the adjusted p" : "p", alpha);
    }
    if (sb_view_note_number(view, "BOOT_UNKNOWN"))
        out[(*nr)++] = "Which runs shared a boot or container is not known here. Repetitions inside one boot "
                       "resemble each other, so "
                       "if they did share one, the true uncertainty is larger than the intervals say.";
    return out;
}
