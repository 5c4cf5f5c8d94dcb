/* The stages behind `analyze`, `compare`, `plot` and `report`, run the same way for each. */
#ifndef SB_CLI_STAGES_H
#define SB_CLI_STAGES_H

#include "cli/load.h"
#include "core/results.h"

/* Summaries, and comparisons by `factor` when it is not NULL. `required`: a factor that no run has is an error; otherwise the
 * comparisons are then empty. The results must be freed by the caller, also after a failure. */
bool sb_run_stages(struct sb_results *results, const struct sb_loaded *loaded, const struct sb_options *options,
                   const char *factor, bool required, struct sb_err *err) SB_MUST_CHECK;

#endif
