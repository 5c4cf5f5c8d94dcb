/*
 * Memory. The sb_x* functions never return NULL: when memory runs out they call the
 * out-of-memory handler, which must not return. The program installs one that removes
 * temporary files and exits with 70; the default writes one line to stderr and calls
 * abort(). A library user may install a handler that longjmps.
 */
#ifndef SB_CORE_ALLOC_H
#define SB_CORE_ALLOC_H

#include <stddef.h>
#include "core/err.h"

typedef void sb_oom_handler(size_t wanted);

void sb_set_oom_handler(sb_oom_handler *handler); /* NULL restores the default */

void *sb_xmalloc(size_t size);
void *sb_xcalloc(size_t count, size_t size); /* zeroed; overflow of the product is out of memory */
void *sb_xrealloc(void *p, size_t size);
void *sb_xreallocarray(void *p, size_t count, size_t size);
char *sb_xstrdup(const char *s);
char *sb_xstrndup(const char *s, size_t n); /* copies at most n bytes, stops at NUL, adds a NUL */

/* Makes room for `need` elements in the growing array (p, nr, alloc). */
#define SB_ALLOC_GROW(p, need, alloc)                                                                        \
    do {                                                                                                     \
        if ((size_t)(need) > (alloc)) {                                                                      \
            (alloc) = (alloc) + (alloc) / 2 + 16;                                                            \
            if ((alloc) < (size_t)(need)) (alloc) = (size_t)(need);                                          \
            (p) = sb_xreallocarray((p), (alloc), sizeof *(p));                                               \
        }                                                                                                    \
    } while (0)

#define SB_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
