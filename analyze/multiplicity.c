#include "analyze/multiplicity.h"

#include <math.h>
#include "core/alloc.h"

struct entry {
    double p;
    size_t index;
};

static int entry_cmp(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->p != b->p) return a->p < b->p ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* The members in ascending order of p; `adjusted` becomes NaN everywhere. */
static struct entry *members(const double *p, size_t n, double *adjusted, size_t *nr)
{
    struct entry *list = sb_xreallocarray(NULL, n, sizeof *list);
    *nr = 0;
    for (size_t i = 0; i < n; i++) {
        adjusted[i] = NAN;
        if (!isnan(p[i])) list[(*nr)++] = (struct entry){p[i], i};
    }
    if (*nr) qsort(list, *nr, sizeof *list, entry_cmp);
    return list;
}

void sb_adjust_holm(const double *p, size_t n, double *adjusted)
{
    size_t nr;
    struct entry *list = members(p, n, adjusted, &nr);
    double most = 0;
    for (size_t i = 0; i < nr; i++) {
        double q = fmin(1, (double)(nr - i) * list[i].p);
        most = fmax(most, q);
        adjusted[list[i].index] = most;
    }
    free(list);
}

void sb_adjust_bh(const double *p, size_t n, double *adjusted)
{
    size_t nr;
    struct entry *list = members(p, n, adjusted, &nr);
    double least = 1;
    for (size_t i = nr; i-- > 0;) {
        least = fmin(least, (double)nr / (double)(i + 1) * list[i].p);
        adjusted[list[i].index] = least;
    }
    free(list);
}

static void adjust_none(const double *p, size_t n, double *adjusted)
{
    for (size_t i = 0; i < n; i++)
        adjusted[i] = p[i];
}

bool sb_adjust(const char *correction, const double *p, size_t n, double *adjusted)
{
    static const struct {
        const char *name;
        void (*adjust)(const double *p, size_t n, double *adjusted);
    } table[] = {{"holm", sb_adjust_holm}, {"bh", sb_adjust_bh}, {"none", adjust_none}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++) {
        if (strcmp(table[i].name, correction) != 0) continue;
        table[i].adjust(p, n, adjusted);
        return true;
    }
    return false;
}
