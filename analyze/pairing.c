#include "analyze/pairing.h"

#include "core/alloc.h"
#include "core/platform.h"
#include "core/text.h"

struct entry {
    struct sb_labels rest;
    size_t rank, summary, level;
    const char *metric;
};

static bool contains(const char *const *list, size_t nr, const char *s)
{
    for (size_t i = 0; i < nr; i++)
        if (strcmp(list[i], s) == 0) return true;
    return false;
}

/* The first summary of each cell stands for the cell. */
static bool starts_cell(const struct sb_results *results, size_t i)
{
    return !i || sb_labels_cmp(&results->summaries[i - 1].cell, &results->summaries[i].cell) != 0;
}

void sb_pairing_levels(struct sb_pairing *p, struct sb_results *results, const char *factor)
{
    const char **list = NULL;
    size_t alloc = 0;
    p->levels_nr = 0;
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const char *value = sb_labels_get(&results->summaries[i].cell, factor);
        if (!value || !starts_cell(results, i) || contains(list, p->levels_nr, value)) continue;
        SB_ALLOC_GROW(list, p->levels_nr + 1, alloc);
        size_t at = p->levels_nr++;
        while (at && sb_label_value_cmp(factor, value, list[at - 1]) < 0) {
            list[at] = list[at - 1];
            at--;
        }
        list[at] = value;
    }
    p->levels = sb_arena_alloc(&results->arena, (p->levels_nr + 1) * sizeof *p->levels);
    if (p->levels_nr) memcpy(p->levels, list, p->levels_nr * sizeof *list);
    p->levels[p->levels_nr] = NULL;
    free(list);
}

/* Does every value of `by` go with exactly one value of `of` (absent is a value of `of`)? With `of_varies`,
 * is there more than one value of `of` at all? */
static bool is_function(const struct sb_results *results, const char *of, const char *by, const char *factor,
                        bool *of_varies)
{
    struct sb_labels seen = SB_LABELS_INIT; /* value of `by` -> value of `of` */
    const char *first = NULL;
    bool any = false, function = true;
    *of_varies = false;
    for (size_t i = 0; i < results->summaries_nr && function; i++) {
        const struct sb_labels *cell = &results->summaries[i].cell;
        const char *key = sb_labels_get(cell, by), *value = sb_labels_get(cell, of);
        if (!sb_labels_get(cell, factor) || !key || !starts_cell(results, i)) continue;
        if (any && !sb_streq(first, value)) *of_varies = true;
        if (!any) first = value;
        any = true;
        const char *known = sb_labels_get(&seen, key);
        if (!known) sb_labels_set(&seen, key, value ? value : "\n"); /* no label value is a line end */
        if (known && strcmp(known, value ? value : "\n") != 0) function = false;
    }
    sb_labels_release(&seen);
    return any && function;
}

static bool always_remains(const char *name)
{
    return strcmp(name, "platform") == 0 || strcmp(name, "test") == 0;
}

static bool is_dropped(const struct sb_results *results, const char *name, const char *factor)
{
    bool varies, factor_varies;
    if (strcmp(name, factor) == 0) return true;
    if (always_remains(name)) return false;
    if (is_function(results, name, factor, factor, &varies) && varies) return true;
    return strcmp(name, "config") == 0 && !always_remains(factor) &&
           is_function(results, factor, name, factor, &factor_varies) && factor_varies;
}

/* Labels that go with the factor because that is what the factor means. */
static bool belongs_together(const char *factor, const char *name)
{
    static const char *const sizes[] = {"vcpus", "memory_mib"};
    if (strcmp(factor, name) == 0) return true;
    if (strcmp(factor, "config") == 0) return contains(sizes, SB_ARRAY_SIZE(sizes), name);
    return strcmp(name, "config") == 0 && contains(sizes, SB_ARRAY_SIZE(sizes), factor);
}

const char **sb_pairing_dropped(const struct sb_results *results, const char *factor, size_t *nr)
{
    const char **seen = NULL, **list = NULL;
    size_t seen_nr = 0, seen_alloc = 0, alloc = 0;
    *nr = 0;
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_labels *cell = &results->summaries[i].cell;
        if (!starts_cell(results, i)) continue;
        for (size_t j = 0; j < cell->nr; j++) {
            if (contains(seen, seen_nr, cell->v[j].name)) continue;
            SB_ALLOC_GROW(seen, seen_nr + 1, seen_alloc);
            seen[seen_nr++] = cell->v[j].name;
            if (!is_dropped(results, cell->v[j].name, factor)) continue;
            SB_ALLOC_GROW(list, *nr + 1, alloc);
            list[(*nr)++] = cell->v[j].name;
        }
    }
    free(seen);
    return list;
}

struct sb_labels sb_pairing_rest(struct sb_results *results, const struct sb_labels *cell,
                                 const char *const *dropped, size_t nr)
{
    struct sb_labels rest = {sb_arena_alloc(&results->arena, (cell->nr + 1) * sizeof *rest.v), 0, cell->nr};
    for (size_t i = 0; i < cell->nr; i++)
        if (!contains(dropped, nr, cell->v[i].name)) rest.v[rest.nr++] = cell->v[i];
    return rest;
}

bool sb_pairing_code_applies(const char *code, const char *factor)
{
    static const struct {
        const char *code, *factor;
    } table[] = {{"VCPUS_CANNOT_ACT", "vcpus"}, {"MEMORY_SIZE_CANNOT_ACT", "memory_mib"}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++)
        if (strcmp(table[i].code, code) == 0)
            return strcmp(table[i].factor, factor) == 0 || strcmp(factor, "config") == 0;
    return true;
}

static int entry_group_cmp(const struct entry *a, const struct entry *b)
{
    int cmp = sb_labels_cmp(&a->rest, &b->rest);
    if (cmp) return cmp;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return a->metric == b->metric ? 0 : sb_natural_cmp(a->metric, b->metric);
}

static int entry_cmp(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    int cmp = entry_group_cmp(a, b);
    if (cmp) return cmp;
    if (a->level != b->level) return a->level < b->level ? -1 : 1;
    return (a->summary > b->summary) - (a->summary < b->summary);
}

bool sb_pairing_confounded(const struct sb_results *results, const char *factor, const char *const *dropped,
                           size_t nr, size_t a, size_t b)
{
    for (size_t i = 0; i < nr; i++)
        if (!belongs_together(factor, dropped[i]) &&
            !sb_streq(sb_labels_get(&results->summaries[a].cell, dropped[i]),
                      sb_labels_get(&results->summaries[b].cell, dropped[i])))
            return true;
    return false;
}

/* The position of a level when the baseline comes first. */
static size_t level_index(const struct sb_pairing *p, const char *value, const char *baseline)
{
    size_t i = 0, base = 0;
    if (strcmp(value, baseline) == 0) return 0;
    while (strcmp(p->levels[i], value) != 0)
        i++;
    while (strcmp(p->levels[base], baseline) != 0)
        base++;
    return i < base ? i + 1 : i;
}

static bool level_repeats(const struct entry *e, size_t nr, size_t i)
{
    return (i && e[i - 1].level == e[i].level) || (i + 1 < nr && e[i + 1].level == e[i].level);
}

static void add_pairs(struct sb_pairing *p, const struct sb_results *results, const struct entry *e,
                      size_t nr, const char *factor, const char *const *dropped, size_t dropped_nr,
                      bool all_pairs)
{
    for (size_t i = 0; i < nr; i++) {
        if (level_repeats(e, nr, i)) {
            p->ambiguous = true;
            continue;
        }
        if (!all_pairs && e[i].level != 0) break;
        for (size_t j = i + 1; j < nr; j++) {
            if (level_repeats(e, nr, j)) continue;
            SB_ALLOC_GROW(p->pairs, p->nr + 1, p->alloc);
            p->pairs[p->nr++] = (struct sb_pair){
                e[i].rest, e[i].summary, e[j].summary,
                sb_pairing_confounded(results, factor, dropped, dropped_nr, e[i].summary, e[j].summary)};
        }
    }
}

void sb_pairing_make(struct sb_pairing *p, struct sb_results *results, const char *factor,
                     const char *baseline, bool all_pairs)
{
    size_t dropped_nr, nr = 0;
    const char **dropped = sb_pairing_dropped(results, factor, &dropped_nr);
    struct entry *e = sb_xreallocarray(NULL, results->summaries_nr, sizeof *e);
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_summary *s = &results->summaries[i];
        const char *value = sb_labels_get(&s->cell, factor);
        if (!value) continue;
        e[nr++] = (struct entry){sb_pairing_rest(results, &s->cell, dropped, dropped_nr),
                                 sb_metric_rank(s->metric), i, level_index(p, value, baseline), s->metric};
    }
    if (nr) qsort(e, nr, sizeof *e, entry_cmp);
    for (size_t from = 0, to; from < nr; from = to) {
        for (to = from + 1; to < nr && entry_group_cmp(&e[from], &e[to]) == 0;)
            to++;
        add_pairs(p, results, e + from, to - from, factor, dropped, dropped_nr, all_pairs);
    }
    free(e);
    free(dropped);
}

/* What the run's surroundings were: as recorded, else what a container or the host itself cannot but be. */
static const char *accelerator_of(const struct sb_summary *s)
{
    const char *value = sb_labels_get(&s->cell, "platform");
    if (s->accelerator || !value) return s->accelerator;
    const struct sb_platform *platform = sb_platform_find(value);
    return platform && !platform->virtual_machine && strcmp(platform->name, "ssh") != 0 ? "none" : NULL;
}

/*
 * Different accelerators: emulation (tcg) against anything else, or two different hypervisors. "none" (a
 * container, the host) against kvm or hvf is what a comparison of platforms is about: both run on the
 * hardware.
 */
bool sb_pairing_accelerators_differ(const struct sb_summary *baseline, const struct sb_summary *level)
{
    const char *a = accelerator_of(baseline), *b = accelerator_of(level);
    if (!a || !b) return false;
    if (strcmp(a, "mixed") == 0 || strcmp(b, "mixed") == 0) return true;
    if (strcmp(a, b) == 0) return false;
    bool hardware = strcmp(a, "tcg") != 0 && strcmp(b, "tcg") != 0;
    return !(hardware && (strcmp(a, "none") == 0 || strcmp(b, "none") == 0));
}

void sb_pairing_release(struct sb_pairing *p)
{
    free(p->pairs);
    *p = (struct sb_pairing){0};
}
