/* Which runs share a boot. */
#ifndef SB_ANALYZE_BOOTS_H
#define SB_ANALYZE_BOOTS_H

#include "core/dataset.h"

/*
 * Groups the n runs (indices into ds) by their labels host and boot. `order` receives the positions 0 ... n -
 * 1, boot by boot, boots in the order of their first run; `sizes` the number of runs of each. Both have room
 * for n. Returns the number of boots, 0 when a run has no boot (then nothing is written).
 */
size_t sb_group_boots(const struct sb_dataset *ds, const size_t *runs, size_t n, size_t *order,
                      size_t *sizes);

#endif
