/*
 * Builds runs from lines: the state machine that the grammar's rows feed.
 *
 * A run begins at its banner, or, without one, at the first line that only a run prints. It ends behind the
 * last line of its report, or where a line shows that another one has begun: a banner, a second "Running the
 * test ...", a line that stands once in a run for the second time, a line of an earlier part of the report.
 * So every run is found once, with or without banner, and each of a grep's leftover lines is a run of its
 * own.
 */
#ifndef SB_PARSERS_BUILDER_H
#define SB_PARSERS_BUILDER_H

#include "core/dataset.h"
#include "parsers/grammar.h"
#include "parsers/parse.h"

struct sb_builder *sb_builder_new(struct sb_dataset *ds, const char *source,
                                  const struct sb_parse_options *options, struct sb_parse_output *out);

/* One line as it stood in the log, without its end, after unwrapping. */
void sb_builder_line(struct sb_builder *builder, const char *text, size_t len, uint32_t number);

/* Ends the last run, frees the builder; the number of runs that were found. `unterminated`: the text's last
 * line has no end, so a report that is not complete was cut within that line, and its figures are not whole.
 */
size_t sb_builder_finish(struct sb_builder *builder, bool unterminated);

/* For the grammar's rows. */
enum sb_section sb_builder_section(const struct sb_builder *builder);
bool sb_builder_in_run(const struct sb_builder *builder);
void sb_builder_set_version(struct sb_builder *builder, struct sb_slice version);
void sb_builder_set_param(struct sb_builder *builder, const char *name, struct sb_slice text);
void sb_builder_set_threads(struct sb_builder *builder, struct sb_slice text);
void sb_builder_metric(struct sb_builder *builder, const char *name, struct sb_slice number, double scale);
void sb_builder_point(struct sb_builder *builder, const char *name, double elapsed_s, struct sb_slice number,
                      double scale);
void sb_builder_set_elapsed(struct sb_builder *builder,
                            double elapsed_s); /* for the points of the lines that follow */
void sb_builder_begin_thread(struct sb_builder *builder, struct sb_slice number);
void sb_builder_thread_point(struct sb_builder *builder, const char *figure, const char *unit,
                             struct sb_slice number, double scale);
void sb_builder_bucket(struct sb_builder *builder, struct sb_slice value_ms, struct sb_slice count);
void sb_builder_begin_checkpoint(struct sb_builder *builder, double elapsed_s);
/* An option that the command line gave; it goes to the next run, unless that prints it itself. */
void sb_builder_command_option(struct sb_builder *builder, const char *name, const char *text);
void sb_builder_command_test(struct sb_builder *builder, const char *test);
enum sb_message { SB_MESSAGE_WARNING, SB_MESSAGE_ERROR, SB_MESSAGE_FATAL };
void sb_builder_message(struct sb_builder *builder, enum sb_message message, struct sb_slice text);

#endif
