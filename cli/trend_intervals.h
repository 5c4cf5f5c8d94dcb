/* One level for all intervals of a history, whatever --confidence its entries were added with. */
#ifndef SB_CLI_TREND_INTERVALS_H
#define SB_CLI_TREND_INTERVALS_H

#include "cli/options.h"
#include "history/history.h"

double sb_trend_confidence(const struct sb_options *options); /* --confidence, or the default */

/*
 * Computes the points' intervals anew at this level, from mean, standard deviation and number of replicates,
 * as sb_summarise() does. A point whose interval does not come from those keeps it and its own level.
 */
void sb_trends_set_confidence(struct sb_trends *trends, double confidence);

#endif
