/* Points in time as people write them, without the clock or the time zone of the machine. */
#ifndef SB_HISTORY_TIMESTAMP_H
#define SB_HISTORY_TIMESTAMP_H

#include <stdbool.h>
#include <stdint.h>

enum { SB_TIME_MAX = 32 };

/*
 * ISO 8601, years 1900 to 9999: "2026-11-24", "2026-11-24T09:30", "...:05", "...:05.250", each but the first
 * with "Z" or
 * "+02:00"; a blank may stand for the T. Without either it is UTC. Milliseconds since 1970-01-01T00:00Z;
 * digits behind the third decimal are cut. False for everything else, impossible dates included. A leap
 * second is taken as the second before.
 */
bool sb_time_parse(const char *text, int64_t *ms);

/* Is it a time that sb_time_parse() gives? */
bool sb_time_in_range(int64_t ms);

/* Of a time in range: "2026-11-24T09:30:05Z", with milliseconds when there are any. */
void sb_time_format(int64_t ms, char buf[SB_TIME_MAX]);

#endif
