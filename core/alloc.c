#include "core/alloc.h"

#include <stdint.h>
#include <unistd.h>

static void default_oom(size_t wanted)
{
    static const char msg[] = "sbstat: out of memory\n";
    (void)wanted;
    if (write(STDERR_FILENO, msg, sizeof msg - 1) < 0) abort();
    abort();
}

static sb_oom_handler *oom_handler = default_oom;

void sb_set_oom_handler(sb_oom_handler *handler)
{
    oom_handler = handler ? handler : default_oom;
}

static SB_NORETURN void out_of_memory(size_t wanted)
{
    oom_handler(wanted);
    abort();
}

void *sb_xrealloc(void *p, size_t size)
{
    void *q = realloc(p, size ? size : 1);
    if (!q) out_of_memory(size);
    return q;
}

void *sb_xmalloc(size_t size)
{
    return sb_xrealloc(NULL, size);
}

void *sb_xcalloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p) out_of_memory(count);
    return p;
}

void *sb_xreallocarray(void *p, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) out_of_memory(SIZE_MAX);
    return sb_xrealloc(p, count * size);
}

char *sb_xstrndup(const char *s, size_t n)
{
    size_t len = strnlen(s, n);
    char *copy = sb_xmalloc(len + 1);
    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *sb_xstrdup(const char *s)
{
    return sb_xstrndup(s, strlen(s));
}
