/* The stages behind `analyze`, `compare`, `plot` and `report`, run the same way for each. */
#ifndef SB_CLI_STAGES_H
#define SB_CLI_STAGES_H

#include "cli/load.h"
#include "core/results.h"

/* Summaries into fresh results, which the caller frees, also after a failure. */
bool sb_run_summaries(struct sb_results *results, const struct sb_loaded *loaded,
                      const struct sb_options *options, struct sb_err *err) SB_MUST_CHECK;

/* What charts and the report show: comparisons of platforms and of configurations. `platforms` and `configs`
 * are views of `all`: its summaries, and copies of the rows of one factor. A factor with fewer than two
 * values has none. Each view's `baseline` is the one that is shown first. */
struct sb_experiment {
    struct sb_results all, platforms, configs;
};

/* every_baseline: one family for each value of the factor as the baseline, not only for the chosen one. */
bool sb_run_experiment(struct sb_experiment *experiment, struct sb_loaded *loaded,
                       const struct sb_options *options, bool every_baseline,
                       struct sb_err *err) SB_MUST_CHECK;
/* Adds the factorial view of platforms, processors and memory (or configurations); nothing where the design
 * allows none. */
void sb_run_effects(struct sb_experiment *experiment, const struct sb_loaded *loaded);

/* The same comparisons, against each factor's first baseline only, with suspect runs kept. False in *needed
 * when no run is suspect or the user keeps them anyway: then `experiment` is empty, and may be released. */
bool sb_run_experiment_with_suspect(struct sb_experiment *experiment, struct sb_loaded *loaded,
                                    const struct sb_options *options, bool *needed,
                                    struct sb_err *err) SB_MUST_CHECK;

void sb_experiment_release(struct sb_experiment *experiment);

#endif
