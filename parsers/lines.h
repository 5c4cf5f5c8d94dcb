/*
 * Text -> lines as the program printed them: ends of lines, what a terminal does to them, and the wrappers
 * that containers and loggers put around each line. Every line keeps the number of the physical line on which
 * it began.
 */
#ifndef SB_PARSERS_LINES_H
#define SB_PARSERS_LINES_H

#include <stddef.h>
#include <stdint.h>

/* One line without its end. The text is valid during the call and may hold any bytes but NUL and newline. */
typedef void sb_line_fn(void *context, const char *text, size_t len, uint32_t number);

void sb_lines_each(const char *text, size_t len, sb_line_fn *fn, void *context);

#endif
