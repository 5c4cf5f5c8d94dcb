#include "io/table_fill.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"

void sb_put_text(struct sb_filler *f, const char *text)
{
    if (text && *text) *f->cell = (struct sb_cell){.kind = SB_CELL_TEXT, .text = text};
    f->cell++;
}

void sb_put_number(struct sb_filler *f, double number)
{
    if (isfinite(number)) *f->cell = (struct sb_cell){.kind = SB_CELL_NUMBER, .number = number};
    f->cell++;
}

void sb_put_numbers(struct sb_filler *f, const double *numbers, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        sb_put_number(f, numbers[i]);
}

void sb_put_count(struct sb_filler *f, unsigned long long count)
{
    *f->cell++ = (struct sb_cell){.kind = SB_CELL_COUNT, .count = count};
}

void sb_put_known(struct sb_filler *f, unsigned long long count)
{
    if (count)
        sb_put_count(f, count);
    else
        f->cell++;
}

void sb_put_codes(struct sb_filler *f, const struct sb_codes *codes)
{
    *f->cell++ = (struct sb_cell){.kind = SB_CELL_CODES, .codes = *codes};
}

void sb_put_labels(struct sb_filler *f, const struct sb_labels *set, const char *const *names)
{
    for (; *names; names++)
        sb_put_text(f, sb_labels_get(set, *names));
}

void sb_put_nothing(struct sb_filler *f, size_t cells)
{
    f->cell += cells;
}

void sb_table_set_label_columns(struct sb_table *table, const char *const *fixed, const char *const *labels)
{
    const char **names = NULL;
    size_t nr = 0, alloc = 0;
    for (; *fixed; fixed++) {
        bool star = strcmp(*fixed, "*") == 0;
        for (const char *const *l = star ? labels : fixed; *l; l++) {
            SB_ALLOC_GROW(names, nr + 1, alloc);
            names[nr++] = *l;
            if (!star) break;
        }
    }
    sb_table_set_columns(table, names, nr);
    free(names);
}

bool sb_table_is_fixed_label(const char *name)
{
    return sb_streq(name, "platform") || sb_streq(name, "config") || sb_streq(name, "test") ||
           sb_streq(name, "repetition");
}

const struct sb_labels *sb_label_set_at(const struct sb_label_sets *sets, size_t i)
{
    return (const void *)((const char *)sets->first + i * sets->stride);
}

const char **sb_table_further_labels(struct sb_table *table, const struct sb_label_sets *sets)
{
    size_t names_nr = 0, alloc = 0;
    const char **names = NULL;
    for (size_t i = 0; i < sets->nr; i++) {
        const struct sb_labels *set = sb_label_set_at(sets, i);
        for (size_t j = 0; j < set->nr; j++) {
            size_t at = 0;
            while (at < names_nr && strcmp(names[at], set->v[j].name) < 0)
                at++;
            if (sb_table_is_fixed_label(set->v[j].name) ||
                (at < names_nr && strcmp(names[at], set->v[j].name) == 0))
                continue;
            SB_ALLOC_GROW(names, names_nr + 1, alloc);
            memmove(names + at + 1, names + at, (names_nr - at) * sizeof *names);
            names[at] = set->v[j].name;
            names_nr++;
        }
    }
    const char **kept = sb_arena_alloc(&table->arena, (names_nr + 1) * sizeof *kept);
    if (names_nr) memcpy(kept, names, names_nr * sizeof *kept);
    kept[names_nr] = NULL;
    free(names);
    return kept;
}

static bool any_set_has(const struct sb_label_sets *sets, const char *name)
{
    for (size_t i = 0; i < sets->nr; i++)
        if (sb_labels_get(sb_label_set_at(sets, i), name)) return true;
    return false;
}

const char **sb_table_labels_in_use(struct sb_table *table, const struct sb_label_sets *sets)
{
    static const char *const leading[] = {"platform", "config", "test"};
    const char **others = sb_table_further_labels(table, sets);
    size_t others_nr = 0, nr = 0;
    while (others[others_nr])
        others_nr++;
    const char **names =
        sb_arena_alloc(&table->arena, (others_nr + SB_ARRAY_SIZE(leading) + 1) * sizeof *names);
    for (size_t k = 0; k < SB_ARRAY_SIZE(leading); k++)
        if (any_set_has(sets, leading[k])) names[nr++] = leading[k];
    for (size_t i = 0; i <= others_nr; i++)
        names[nr + i] = others[i];
    return names;
}
