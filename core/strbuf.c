#include "core/strbuf.h"

#include <stdint.h>
#include "core/alloc.h"

char sb_strbuf_empty[1] = "";

void sb_strbuf_init(struct sb_strbuf *sb)
{
    sb->buf = sb_strbuf_empty;
    sb->len = sb->alloc = 0;
}

void sb_strbuf_release(struct sb_strbuf *sb)
{
    if (sb->alloc) free(sb->buf);
    sb_strbuf_init(sb);
}

void sb_strbuf_clear(struct sb_strbuf *sb)
{
    sb->len = 0;
    if (sb->alloc) sb->buf[0] = '\0';
}

char *sb_strbuf_detach(struct sb_strbuf *sb, size_t *len)
{
    if (len) *len = sb->len;
    char *text = sb->alloc ? sb->buf : sb_xstrdup("");
    sb_strbuf_init(sb);
    return text;
}

void sb_strbuf_reserve(struct sb_strbuf *sb, size_t extra)
{
    size_t need = extra < SIZE_MAX - sb->len - 1 ? sb->len + extra + 1 : SIZE_MAX;
    if (need <= sb->alloc) return;
    size_t alloc = sb->alloc + sb->alloc / 2 + 64;
    if (alloc < need) alloc = need;
    char *buf = sb_xrealloc(sb->alloc ? sb->buf : NULL, alloc);
    if (!sb->alloc) buf[0] = '\0';
    sb->buf = buf;
    sb->alloc = alloc;
}

void sb_strbuf_add(struct sb_strbuf *sb, const void *bytes, size_t len)
{
    if (!len) return;
    sb_strbuf_reserve(sb, len);
    memcpy(sb->buf + sb->len, bytes, len);
    sb->len += len;
    sb->buf[sb->len] = '\0';
}

void sb_strbuf_adds(struct sb_strbuf *sb, const char *s)
{
    sb_strbuf_add(sb, s, strlen(s));
}

void sb_strbuf_addc(struct sb_strbuf *sb, char c)
{
    sb_strbuf_add(sb, &c, 1);
}

void sb_strbuf_vaddf(struct sb_strbuf *sb, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len > 0) {
        sb_strbuf_reserve(sb, (size_t)len);
        vsnprintf(sb->buf + sb->len, (size_t)len + 1, format, again);
        sb->len += (size_t)len;
    }
    va_end(again);
}

void sb_strbuf_addf(struct sb_strbuf *sb, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(sb, format, args);
    va_end(args);
}
