/* Trend charts of a history: one chart per series, its entries in their order with intervals, and the centre
 * of each stretch between changes. */
#ifndef SB_CLI_CHART_TRENDS_H
#define SB_CLI_CHART_TRENDS_H

#include "cli/options.h"
#include "core/err.h"
#include "history/history.h"

/* Draws every series of at least two entries into the folder, as SVG, PNG and PDF. *nr receives how many
 * charts. */
bool sb_trend_charts_write(const struct sb_trends *trends, const char *dir, const struct sb_options *options,
                           size_t *nr, struct sb_err *err) SB_MUST_CHECK;

#endif
