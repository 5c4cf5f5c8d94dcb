#include "cli/stages.h"

#include "analyze/analyze.h"
#include "core/alloc.h"
#include "core/platform.h"

bool sb_run_summaries(struct sb_results *results, const struct sb_loaded *loaded, const struct sb_options *o,
                      struct sb_err *err)
{
    sb_results_init(results);
    return sb_settings_of(&results->settings, o, err) && sb_summarise(&loaded->ds, results, err);
}

static bool compare_against(struct sb_experiment *x, const struct sb_loaded *loaded,
                            const struct sb_options *o, const char *factor, const char *baseline,
                            struct sb_err *err)
{
    struct sb_compare_request request = {.factor = factor, .baseline = baseline, .all_pairs = o->all_pairs};
    return sb_compare(&loaded->ds, &x->all, &request, err);
}

/* All families of one factor; the chosen baseline's stands first. */
static bool run_factor(struct sb_experiment *x, struct sb_loaded *loaded, const struct sb_options *o,
                       const char *factor, const char *chosen, bool every_baseline, const char **first,
                       struct sb_err *err)
{
    size_t nr;
    const char **values = sb_dataset_label_values(&loaded->ds, factor, &nr);
    if (nr < 2 && !chosen) return true;
    *first = chosen                            ? chosen
             : strcmp(factor, "platform") == 0 ? sb_platform_default_baseline(values, nr)
                                               : values[0];
    if (!compare_against(x, loaded, o, factor, *first, err)) return false;
    for (size_t i = 0; i < nr && every_baseline && !o->all_pairs; i++)
        if (strcmp(values[i], *first) != 0 && !compare_against(x, loaded, o, factor, values[i], err))
            return false;
    return true;
}

static void make_view(struct sb_results *view, const struct sb_results *all, const char *factor,
                      const char *baseline)
{
    *view = *all;
    view->factor = factor;
    view->baseline = baseline;
    view->comparisons = sb_xcalloc(all->comparisons_nr, sizeof *view->comparisons);
    view->comparisons_nr = 0;
    for (size_t i = 0; i < all->comparisons_nr; i++)
        if (strcmp(all->comparisons[i].factor, factor) == 0)
            view->comparisons[view->comparisons_nr++] = all->comparisons[i];
}

/* At least three sizes of a numeric label, or of the number of threads, make a curve. */
static bool run_scaling(struct sb_experiment *x, const struct sb_loaded *loaded, struct sb_err *err)
{
    static const char *const factors[] = {"threads", "vcpus"};
    for (size_t f = 0; f < SB_ARRAY_SIZE(factors) && !x->all.scaling_nr; f++) {
        unsigned sizes[3] = {0};
        size_t nr = 0;
        for (size_t i = 0; i < loaded->ds.runs_nr && nr < SB_ARRAY_SIZE(sizes); i++) {
            const struct sb_run *run = &loaded->ds.runs[i];
            const char *text = sb_run_label(run, factors[f]);
            unsigned size = text ? (unsigned)strtoul(text, NULL, 10) : f == 0 ? run->threads : 0;
            size_t k = 0;
            while (k < nr && sizes[k] != size)
                k++;
            if (size && k == nr) sizes[nr++] = size;
        }
        if (nr == SB_ARRAY_SIZE(sizes) && !sb_scaling(&loaded->ds, &x->all, factors[f], err)) return false;
    }
    return true;
}

static bool run_comparisons(struct sb_experiment *x, struct sb_loaded *loaded, const struct sb_options *o,
                            bool every_baseline, const char **platform, const char **config,
                            struct sb_err *err)
{
    memset(x, 0, sizeof *x);
    return sb_run_summaries(&x->all, loaded, o, err) &&
           run_factor(x, loaded, o, "platform", o->baseline, every_baseline, platform, err) &&
           run_factor(x, loaded, o, "config", NULL, every_baseline, config, err);
}

bool sb_run_experiment(struct sb_experiment *x, struct sb_loaded *loaded, const struct sb_options *o,
                       bool every_baseline, struct sb_err *err)
{
    const char *platform = NULL, *config = NULL;
    if (!run_comparisons(x, loaded, o, every_baseline, &platform, &config, err)) return false;
    sb_analyse_series(&loaded->ds, &x->all);
    if (!run_scaling(x, loaded, err)) return false;
    make_view(&x->platforms, &x->all, "platform", platform);
    make_view(&x->configs, &x->all, "config", config);
    return true;
}

void sb_run_effects(struct sb_experiment *x, const struct sb_loaded *loaded)
{
    struct sb_effects_request request = {NULL, NULL};
    if (!sb_effects(&loaded->ds, &x->all, &request, NULL))
        return; /* nothing varies, which is no failure here */
    x->platforms.effects = x->configs.effects = x->all.effects;
    x->platforms.effects_nr = x->configs.effects_nr = x->all.effects_nr;
}

bool sb_run_experiment_with_suspect(struct sb_experiment *x, struct sb_loaded *loaded,
                                    const struct sb_options *o, bool *needed, struct sb_err *err)
{
    const char *platform = NULL, *config = NULL;
    struct sb_options keeping = *o;
    keeping.include_suspect = true;
    memset(x, 0, sizeof *x);
    sb_results_init(&x->all);
    *needed = false;
    for (size_t i = 0; i < loaded->ds.runs_nr && !o->include_suspect; i++)
        *needed = *needed || loaded->ds.runs[i].suspect;
    if (!*needed) return true;
    if (!run_comparisons(x, loaded, &keeping, false, &platform, &config, err)) return false;
    make_view(&x->platforms, &x->all, "platform", platform);
    make_view(&x->configs, &x->all, "config", config);
    return true;
}

void sb_experiment_release(struct sb_experiment *x)
{
    free(x->platforms.comparisons);
    free(x->configs.comparisons);
    sb_results_free(&x->all);
}
