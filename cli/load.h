/*
 * What every command does first: read the PATHs into a dataset, audit it, filter it; and say on standard
 * error, one line each, what could not be read.
 */
#ifndef SB_CLI_LOAD_H
#define SB_CLI_LOAD_H

#include <stdbool.h>
#include "cli/options.h"
#include "core/dataset.h"
#include "core/results.h"
#include "parsers/parse.h"

struct sb_loaded {
    struct sb_dataset ds;
    struct sb_parse_output output;
    struct sb_text_list names; /* the PATHs' public names, owned by the dataset */
};

enum sb_load_wants {
    SB_LOAD_EXCERPTS = 1,
    SB_LOAD_UNREAD = 2,
    SB_LOAD_NO_AUDIT = 4,
    SB_LOAD_ALLOW_EMPTY = 8, /* no usable run is no error */
    SB_LOAD_LABELS = 16,     /* fill output.labels */
    SB_LOAD_POINTS = 32,     /* interval lines and histograms make a run usable, too */
};

/* False: nothing was loaded, err says why. explain_source may be NULL. */
bool sb_load(struct sb_loaded *loaded, const struct sb_options *options, unsigned wants,
             const char *explain_source, struct sb_err *err) SB_MUST_CHECK;
void sb_loaded_release(struct sb_loaded *loaded);

/* Settings from the options; a usage error when one is out of range or unknown. */
bool sb_settings_of(struct sb_analysis_settings *settings, const struct sb_options *options,
                    struct sb_err *err) SB_MUST_CHECK;

#endif
