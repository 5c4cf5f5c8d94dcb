#include "report/view.h"

#include "core/alloc.h"
#include "core/text.h"

/* One summary on its way into the matrix. */
struct entry {
    struct sb_labels rest;
    const struct sb_summary *summary;
    size_t index, level;
};

static int row_cmp(const struct entry *a, const struct entry *b)
{
    int cmp = sb_labels_cmp(&a->rest, &b->rest);
    if (cmp) return cmp;
    size_t ra = sb_metric_rank(a->summary->metric), rb = sb_metric_rank(b->summary->metric);
    if (ra != rb) return ra < rb ? -1 : 1;
    cmp = strcmp(a->summary->metric, b->summary->metric);
    return cmp ? cmp : strcmp(a->summary->kind, b->summary->kind);
}

static int entry_cmp(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    int cmp = row_cmp(a, b);
    if (cmp) return cmp;
    return a->index < b->index ? -1 : a->index > b->index;
}

static size_t add_name(const char **names, size_t *nr, const char *name)
{
    for (size_t i = 0; i < *nr; i++)
        if (strcmp(names[i], name) == 0) return i;
    names[*nr] = name;
    return (*nr)++;
}

struct names {
    const char **v;
    size_t nr, alloc;
};

static bool has_name(const struct names *names, const char *name)
{
    size_t i = 0;
    while (i < names->nr && strcmp(names->v[i], name) != 0)
        i++;
    return i < names->nr;
}

/* The labels that are not among a comparison's remaining ones: the factor, and those that change with it. */
static struct names find_dropped(const struct sb_view_matrix *m)
{
    struct names dropped = {NULL, 0, 0};
    const struct sb_results *r = m->results;
    SB_ALLOC_GROW(dropped.v, 1, dropped.alloc);
    dropped.v[dropped.nr++] = m->factor;
    for (size_t i = 0; i < r->comparisons_nr; i++) {
        const struct sb_comparison *c = &r->comparisons[i];
        if (strcmp(c->factor, m->factor) != 0 || c->summary_level >= r->summaries_nr) continue;
        const struct sb_labels *cell = &r->summaries[c->summary_level].cell;
        if (cell->nr <= c->rest.nr + dropped.nr && i) continue;
        for (size_t k = 0; k < cell->nr; k++) {
            if (sb_labels_get(&c->rest, cell->v[k].name) || has_name(&dropped, cell->v[k].name)) continue;
            SB_ALLOC_GROW(dropped.v, dropped.nr + 1, dropped.alloc);
            dropped.v[dropped.nr++] = cell->v[k].name;
        }
    }
    return dropped;
}

static struct sb_labels without(struct sb_arena *arena, const struct sb_labels *cell,
                                const struct names *dropped)
{
    struct sb_labels out = {.v = sb_arena_calloc(arena, cell->nr + 1, sizeof *cell->v)};
    for (size_t i = 0; i < cell->nr; i++)
        if (!has_name(dropped, cell->v[i].name)) out.v[out.nr++] = cell->v[i];
    out.alloc = out.nr;
    return out;
}

static int name_cmp(const void *a, const void *b)
{
    return sb_label_name_cmp(*(const char *const *)a, *(const char *const *)b);
}

static int platform_value_cmp(const void *a, const void *b)
{
    return sb_label_value_cmp("platform", *(const char *const *)a, *(const char *const *)b);
}

static int value_cmp(const void *a, const void *b)
{
    return sb_label_value_cmp("", *(const char *const *)a, *(const char *const *)b);
}

static void find_levels(struct sb_view_matrix *m, struct sb_arena *arena)
{
    size_t alloc = 0;
    const char **levels = NULL;
    for (size_t i = 0; i < m->results->summaries_nr; i++) {
        const char *level = sb_labels_get(&m->results->summaries[i].cell, m->factor);
        SB_ALLOC_GROW(levels, m->levels_nr + 1, alloc);
        if (level) add_name(levels, &m->levels_nr, level);
    }
    if (m->levels_nr)
        qsort(levels, m->levels_nr, sizeof *levels,
              strcmp(m->factor, "platform") == 0 ? platform_value_cmp : value_cmp);
    m->levels = sb_arena_calloc(arena, m->levels_nr + 1, sizeof *levels);
    for (size_t i = 0; i < m->levels_nr; i++)
        m->levels[i] = levels[i];
    free(levels);
}

static size_t level_index(const struct sb_view_matrix *m, const char *level)
{
    size_t i = 0;
    while (i < m->levels_nr && strcmp(m->levels[i], level) != 0)
        i++;
    return i;
}

static bool is_headline(const struct sb_summary *s)
{
    return s->group.name && s->group.primary && strcmp(s->group.name, "percentile") != 0;
}

static void start_row(struct sb_view_matrix *m, struct sb_arena *arena, const struct entry *entry)
{
    size_t *summaries = sb_arena_calloc(arena, m->levels_nr, sizeof *summaries);
    for (size_t k = 0; k < m->levels_nr; k++)
        summaries[k] = SB_NO_RUN;
    const struct sb_summary *s = entry->summary;
    m->rows[m->rows_nr++] =
        (struct sb_view_row){entry->rest, s->kind, s->metric, s->unit, s->better, is_headline(s), summaries};
}

static void make_rows(struct sb_view_matrix *m, struct sb_arena *arena)
{
    size_t nr = 0;
    struct names dropped = find_dropped(m);
    struct entry *entries = sb_xcalloc(m->results->summaries_nr + 1, sizeof *entries);
    for (size_t i = 0; i < m->results->summaries_nr; i++) {
        const struct sb_summary *s = &m->results->summaries[i];
        const char *level = sb_labels_get(&s->cell, m->factor);
        if (level)
            entries[nr++] = (struct entry){without(arena, &s->cell, &dropped), s, i, level_index(m, level)};
    }
    if (nr) qsort(entries, nr, sizeof *entries, entry_cmp);
    m->rows = sb_arena_calloc(arena, nr + 1, sizeof *m->rows);
    for (size_t i = 0; i < nr; i++) {
        if (i == 0 || row_cmp(&entries[i - 1], &entries[i]) != 0) start_row(m, arena, &entries[i]);
        ((size_t *)m->rows[m->rows_nr - 1].summaries)[entries[i].level] = entries[i].index;
    }
    free(entries);
    free(dropped.v);
}

static bool differs(const struct sb_view_matrix *m, const char *name)
{
    for (size_t i = 1; i < m->rows_nr; i++)
        if (!sb_streq(sb_labels_get(&m->rows[0].rest, name), sb_labels_get(&m->rows[i].rest, name)))
            return true;
    return false;
}

static void split_columns(const struct sb_view *view, struct sb_view_matrix *m, struct sb_arena *arena)
{
    size_t nr = 0, alloc = 0;
    const char **names = NULL;
    for (size_t i = 0; i < m->rows_nr; i++)
        for (size_t k = 0; k < m->rows[i].rest.nr; k++) {
            SB_ALLOC_GROW(names, nr + 1, alloc);
            add_name(names, &nr, m->rows[i].rest.v[k].name);
        }
    if (nr) qsort(names, nr, sizeof *names, name_cmp);
    m->columns = sb_arena_calloc(arena, nr + 1, sizeof *names);
    m->constant = sb_arena_calloc(arena, nr + 1, sizeof *names);
    struct names list = {names, nr, alloc};
    bool config = has_name(&list, "config") && differs(m, "config");
    for (size_t i = 0; i < nr; i++) {
        bool differing = strcmp(names[i], "test") == 0 || differs(m, names[i]);
        if (differing && !(config && sb_view_is_implied(view, names[i])))
            m->columns[m->columns_nr++] = names[i];
        else if (!differing)
            m->constant[m->constant_nr++] = names[i];
    }
    free(names);
}

static void place_comparisons(struct sb_view_matrix *m, struct sb_arena *arena, const char *baseline)
{
    const struct sb_results *r = m->results;
    m->baselines = sb_arena_calloc(arena, m->levels_nr + r->comparisons_nr + 1, sizeof *m->baselines);
    for (int wanted = 1; wanted >= 0; wanted--)
        for (size_t i = 0; i < r->comparisons_nr; i++) {
            const struct sb_comparison *c = &r->comparisons[i];
            if (strcmp(c->factor, m->factor) == 0 && (!wanted || sb_streq(c->baseline, baseline)))
                add_name(m->baselines, &m->baselines_nr, c->baseline);
        }
    m->compared = sb_arena_calloc(arena, m->baselines_nr * r->summaries_nr + 1, sizeof *m->compared);
    for (size_t i = 0; i < r->comparisons_nr; i++) {
        const struct sb_comparison *c = &r->comparisons[i];
        if (strcmp(c->factor, m->factor) != 0 || c->summary_level >= r->summaries_nr) continue;
        size_t at = add_name(m->baselines, &m->baselines_nr, c->baseline);
        m->compared[at * r->summaries_nr + c->summary_level] = c;
    }
}

void sb_view_matrix(struct sb_view *view, struct sb_view_matrix *m, const struct sb_results *results,
                    const char *factor, const char *baseline)
{
    *m = (struct sb_view_matrix){.results = results, .factor = factor};
    find_levels(m, &view->arena);
    make_rows(m, &view->arena);
    split_columns(view, m, &view->arena);
    place_comparisons(m, &view->arena, baseline);
}

const struct sb_comparison *sb_view_comparison(const struct sb_view_matrix *m, size_t baseline,
                                               const struct sb_view_row *row, size_t level)
{
    size_t summary = row->summaries[level];
    if (summary == SB_NO_RUN || baseline >= m->baselines_nr) return NULL;
    return m->compared[baseline * m->results->summaries_nr + summary];
}

const struct sb_summary *sb_view_summary(const struct sb_view_matrix *m, const struct sb_view_row *row,
                                         size_t level)
{
    return row->summaries[level] == SB_NO_RUN ? NULL : &m->results->summaries[row->summaries[level]];
}
