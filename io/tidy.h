/*
 * The tidy CSV: one row per metric and parameter of a run. Reading back what was written gives an equal
 * dataset (but for printed texts, excerpts and findings).
 *
 *   source,run,line,platform,config,test,repetition,kind,version,threads,status,metric,value,unit,resolution,origin,
 *   then one column for each further label, bytewise
 */
#ifndef SB_IO_TIDY_H
#define SB_IO_TIDY_H

#include <stdbool.h>
#include "core/dataset.h"
#include "core/strbuf.h"

/* Appends header and rows, sorted by source, run, line, metric. */
void sb_tidy_write(struct sb_strbuf *out, struct sb_dataset *ds);

/* `source,run,line,elapsed_s,metric,value,unit` and `source,run,line,value_ms,count`. */
void sb_tidy_write_series(struct sb_strbuf *out, struct sb_dataset *ds);
void sb_tidy_write_histogram(struct sb_strbuf *out, struct sb_dataset *ds);

/* Does the text start like a tidy CSV (its header names source, run, metric and value)? */
bool sb_tidy_detect(const char *text, size_t len);

/* Adds the runs of a tidy CSV. `name` is for messages. Columns are found by name; only source, metric and
 * value must be there; extra columns are labels. A value that is no number is an error naming line and field.
 */
bool sb_tidy_read(struct sb_dataset *ds, const char *name, const char *text, size_t len,
                  struct sb_err *err) SB_MUST_CHECK;

#endif
