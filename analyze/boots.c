#include "analyze/boots.h"

#include "core/alloc.h"

struct entry {
    const char *boot, *host;
    size_t position, first; /* first: the position of the boot's first run */
};

static int text_cmp(const char *a, const char *b)
{
    if (a == b) return 0;
    if (!a || !b) return a ? 1 : -1;
    return strcmp(a, b);
}

static int same_boot_cmp(const struct entry *a, const struct entry *b)
{
    int cmp = text_cmp(a->boot, b->boot);
    return cmp ? cmp : text_cmp(a->host, b->host);
}

static int by_boot(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    int cmp = same_boot_cmp(a, b);
    return cmp ? cmp : (a->position > b->position) - (a->position < b->position);
}

static int by_appearance(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->first != b->first) return a->first < b->first ? -1 : 1;
    return (a->position > b->position) - (a->position < b->position);
}

size_t sb_group_boots(const struct sb_dataset *ds, const size_t *runs, size_t n, size_t *order, size_t *sizes)
{
    struct entry *e = sb_xreallocarray(NULL, n, sizeof *e);
    size_t boots = 0, known = 0;
    for (; known < n; known++) {
        const struct sb_run *run = &ds->runs[runs[known]];
        e[known] = (struct entry){sb_run_label(run, "boot"), sb_run_label(run, "host"), known, known};
        if (!e[known].boot) break;
    }
    if (n && known == n) {
        qsort(e, n, sizeof *e, by_boot);
        for (size_t i = 1; i < n; i++)
            if (same_boot_cmp(&e[i - 1], &e[i]) == 0) e[i].first = e[i - 1].first;
        qsort(e, n, sizeof *e, by_appearance);
        for (size_t i = 0; i < n; i++) {
            if (!i || e[i].first != e[i - 1].first) sizes[boots++] = 0;
            sizes[boots - 1]++;
            order[i] = e[i].position;
        }
    }
    free(e);
    return boots;
}
