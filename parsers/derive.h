/* Values that follow from the printed ones of the same run. */
#ifndef SB_PARSERS_DERIVE_H
#define SB_PARSERS_DERIVE_H

#include "core/dataset.h"

/*
 * Adds what was not printed, origin SB_DERIVED, the line of its first input, and puts all values into the
 * order of their lines:
 *
 *   events_per_second = events / total_time       (not when the time is zero, nor behind a checkpoint,
 *                       where the events are counted anew and the time is not)
 *   latency_mean      = latency_sum / events      the average with more digits than its two printed decimals
 *   total_throughput  = read_throughput + write_throughput
 *
 * The resolution is the largest change of the result when each input moves by its own resolution (for a
 * quotient r(a/b) = (r_a + |a/b| r_b) / b, to first order).
 */
void sb_derive_values(struct sb_dataset *ds, struct sb_run *run);

#endif
