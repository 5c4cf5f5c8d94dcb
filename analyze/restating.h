/* When one metric says again what the primary metric of its group says. */
#ifndef SB_ANALYZE_RESTATING_H
#define SB_ANALYZE_RESTATING_H

#include "core/dataset.h"
#include "core/results.h"

/*
 * Does the ratio of these two cells' metric follow from the ratio of their primary metric? A rate, an average
 * latency and a total time are one measurement only while what ties them is the same on both sides: latency =
 * threads / rate, total time = events / rate, events = rate * time. Other groups (operations and throughput,
 * queries and transactions) need the same kind and options. Threads and options that a log does not give are
 * taken to be equal, numbers of events are not. Asked of metrics that are in the primary one's group.
 */
bool sb_restates_primary(const struct sb_dataset *ds, const struct sb_summary *baseline,
                         const struct sb_summary *level);

#endif
