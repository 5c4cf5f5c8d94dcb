#include "collect/closest.h"

#include <string.h>
#include "core/text.h"

enum { LONGEST = 60 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Damerau's distance with swaps of neighbours only (optimal string alignment), row by row. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    size_t a_len = strlen(a), b_len = strlen(b);
    for (size_t k = 0; k <= b_len; k++)
        above[k] = k;
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = i;
        for (size_t k = 1; k <= b_len; k++) {
            char x = sb_ascii_lower(a[i - 1]), y = sb_ascii_lower(b[k - 1]);
            row[k] = least(least(row[k - 1], above[k]) + 1, above[k - 1] + (x != y));
            if (i > 1 && k > 1 && x == sb_ascii_lower(b[k - 2]) && y == sb_ascii_lower(a[i - 2]))
                row[k] = least(row[k], before[k - 2] + 1);
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[b_len];
}

const char *sb_closest(const char *word, const char *const *names, size_t nr)
{
    const char *best = NULL;
    size_t len = strlen(word), far = len / 3 + 1;
    if (len < 2 || len > LONGEST) return NULL;
    for (size_t i = 0; i < nr; i++) {
        if (!names[i] || strlen(names[i]) > LONGEST) continue;
        size_t steps = len >= 3 && sb_has_prefix(names[i], word) ? 1 : distance(word, names[i]);
        if (steps >= far && !(steps == 1 && far == 1)) continue;
        far = steps;
        best = names[i];
    }
    return best;
}
