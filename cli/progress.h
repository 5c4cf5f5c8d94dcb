/* A progress line on a terminal; nothing when standard error is no terminal or --quiet was given. */
#ifndef SB_CLI_PROGRESS_H
#define SB_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct sb_progress {
    const char *what;
    bool on, shown;
    struct timespec started, last;
    size_t total; /* 0 unknown */
};

void sb_progress_start(struct sb_progress *progress, const char *what, bool quiet);
void sb_progress_files(void *progress, size_t files, size_t runs); /* for sb_parse_options.progress */
void sb_progress_step(struct sb_progress *progress, size_t done, const char *unit);
void sb_progress_end(struct sb_progress *progress); /* clears the line */

/* "45 s", "3 min", "1 h 20 min", "2 d 3 h", for people; "?" when it is not finite. Into buf. */
const char *sb_duration(double seconds, char *buf, size_t size);

#endif
