/* One log in memory, for the readers of files and archives in this room. */
#ifndef SB_PARSERS_LOG_H
#define SB_PARSERS_LOG_H

#include "parsers/parse.h"

/* Decodes and reads a log, adds its source and the findings about it. `path` is on disk (NULL: none). The
 * number of its runs. */
size_t sb_log_parse(struct sb_dataset *ds, const char *source, const char *path, const char *bytes,
                    size_t size, const struct sb_parse_options *options, struct sb_parse_output *out);

/* Reads decoded text. */
size_t sb_log_read(struct sb_dataset *ds, const char *source, const char *text, size_t len,
                   const struct sb_parse_options *options, struct sb_parse_output *out);

#endif
