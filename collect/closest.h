/* "Did you mean": the name nearest to a mistyped word. */
#ifndef SB_COLLECT_CLOSEST_H
#define SB_COLLECT_CLOSEST_H

#include <stddef.h>

/* The name that takes the fewest insertions, deletions, replacements and swaps of neighbours to become `word`
 * (upper and lower case are equal), or that goes on where `word` ends; NULL when all are far: more than a
 * third of the word. NULL names are passed over. */
const char *sb_closest(const char *word, const char *const *names, size_t nr);

#endif
