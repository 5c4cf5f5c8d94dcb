/* A command line in one text, as a POSIX shell splits and quotes it, without any of the shell's expansions.
 * Private to the plan_*.c files and the command line. */
#ifndef SB_COLLECT_PLAN_WORDS_H
#define SB_COLLECT_PLAN_WORDS_H

#include "core/arena.h"
#include "core/strbuf.h"

/* The words of `text`, NULL-terminated, in `arena`. NULL, with *problem what is wrong, when a quote is not
 * closed or a character stands outside quotes that a shell would act on. */
const char *const *sb_words_split(const char *text, struct sb_arena *arena, size_t *nr, const char **problem);

/* Appends the word so that a shell reads it back. */
void sb_word_quote(struct sb_strbuf *out, const char *word);

#endif
