/* Printing a stage's table in any --format to -o. */
#ifndef SB_CLI_EMIT_H
#define SB_CLI_EMIT_H

#include "cli/options.h"
#include "core/strbuf.h"
#include "io/table.h"
#include "report/report.h"

/* The style for text on standard output: the terminal's width (80 when piped and unknown: unlimited), colours
 * only on a terminal without NO_COLOR. `to_stdout` false: a file, unlimited and plain. */
struct sb_text_style sb_text_style_for(bool to_stdout);

/* Writes the table as text, csv, json or markdown. 0, or -1 with err. */
int sb_emit_table(const struct sb_table *table, const char *command, enum sb_format fallback,
                  const struct sb_options *options, struct sb_err *err);

/* What a finding's code means, from the audit's checks and core/code.h; the code itself when it is unknown.
 */
const char *sb_code_text(const char *code);

/* Writes bytes to -o, or standard output. 0, or -1 with err. */
int sb_emit_bytes(const struct sb_strbuf *bytes, const struct sb_options *options, struct sb_err *err);

#endif
