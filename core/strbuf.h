/*
 * A growing byte string. `buf` is always NUL-terminated and never NULL after init, `len`
 * does not count the NUL; the bytes may contain NULs.
 */
#ifndef SB_CORE_STRBUF_H
#define SB_CORE_STRBUF_H

#include <stdarg.h>
#include <stddef.h>
#include "core/err.h"

struct sb_strbuf {
    char *buf;
    size_t len, alloc;
};

extern char sb_strbuf_empty[]; /* what `buf` points to before the first byte is added */
#define SB_STRBUF_INIT                                                                                       \
    {                                                                                                        \
        .buf = sb_strbuf_empty, .len = 0, .alloc = 0                                                         \
    }

void sb_strbuf_init(struct sb_strbuf *sb);
void sb_strbuf_release(struct sb_strbuf *sb);              /* frees, leaves it initialised and empty */
void sb_strbuf_clear(struct sb_strbuf *sb);                /* empties, keeps the memory */
char *sb_strbuf_detach(struct sb_strbuf *sb, size_t *len); /* caller frees; len may be NULL */

void sb_strbuf_reserve(struct sb_strbuf *sb, size_t extra); /* room for `extra` more bytes */
void sb_strbuf_add(struct sb_strbuf *sb, const void *bytes, size_t len);
void sb_strbuf_adds(struct sb_strbuf *sb, const char *s);
void sb_strbuf_addc(struct sb_strbuf *sb, char c);
void sb_strbuf_addf(struct sb_strbuf *sb, const char *format, ...) SB_PRINTF(2, 3);
void sb_strbuf_vaddf(struct sb_strbuf *sb, const char *format, va_list args) SB_PRINTF(2, 0);

#endif
