#include "report/design.h"

#include <stdint.h>
#include "core/alloc.h"
#include "core/text.h"

struct grouping {
    const struct sb_dataset *ds;
    size_t *cell_of; /* per run */
    size_t *first;   /* per cell: its first run */
    size_t cells_nr, cells_alloc;
    size_t *slots; /* open hash table: cell + 1, 0 empty */
    size_t mask;
};

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211ULL; /* FNV-1a */
    return (hash ^ 0xff) * 1099511628211ULL;
}

static uint64_t hash_labels(const struct sb_labels *labels)
{
    uint64_t hash = 14695981039346656037ULL;
    for (size_t i = 0; i < labels->nr; i++)
        if (sb_label_splits_cells(labels->v[i].name))
            hash = hash_text(hash_text(hash, labels->v[i].name), labels->v[i].value);
    return hash ^ hash >> 32;
}

static void next_split(const struct sb_labels *labels, size_t *i)
{
    while (*i < labels->nr && !sb_label_splits_cells(labels->v[*i].name))
        ++*i;
}

/* Equal in every label that splits cells; sets are sorted by name. */
static bool same_cell(const struct sb_labels *a, const struct sb_labels *b)
{
    for (size_t i = 0, j = 0;; i++, j++) {
        next_split(a, &i);
        next_split(b, &j);
        if (i == a->nr || j == b->nr) return i == a->nr && j == b->nr;
        if (strcmp(a->v[i].name, b->v[j].name) || strcmp(a->v[i].value, b->v[j].value)) return false;
    }
}

static void table_grow(struct grouping *g)
{
    size_t size = g->mask ? (g->mask + 1) * 2 : 256;
    free(g->slots);
    g->slots = sb_xcalloc(size, sizeof *g->slots);
    g->mask = size - 1;
    for (size_t c = 0; c < g->cells_nr; c++) {
        size_t at = hash_labels(&g->ds->runs[g->first[c]].labels) & g->mask;
        while (g->slots[at])
            at = (at + 1) & g->mask;
        g->slots[at] = c + 1;
    }
}

static size_t cell_of_run(struct grouping *g, size_t run)
{
    const struct sb_labels *labels = &g->ds->runs[run].labels;
    if (g->cells_nr * 2 >= g->mask) table_grow(g);
    size_t at = hash_labels(labels) & g->mask;
    for (; g->slots[at]; at = (at + 1) & g->mask)
        if (same_cell(labels, &g->ds->runs[g->first[g->slots[at] - 1]].labels)) return g->slots[at] - 1;
    SB_ALLOC_GROW(g->first, g->cells_nr + 1, g->cells_alloc);
    g->first[g->cells_nr] = run;
    g->slots[at] = ++g->cells_nr;
    return g->cells_nr - 1;
}

static struct sb_labels split_labels(struct sb_arena *arena, const struct sb_labels *labels)
{
    struct sb_labels out = {.v = sb_arena_calloc(arena, labels->nr + 1, sizeof *labels->v)};
    for (size_t i = 0; i < labels->nr; i++)
        if (sb_label_splits_cells(labels->v[i].name)) out.v[out.nr++] = labels->v[i];
    out.alloc = out.nr;
    return out;
}

static int cell_cmp(const void *a, const void *b)
{
    const struct sb_view_cell *x = a, *y = b;
    int cmp = sb_labels_cmp(&x->labels, &y->labels);
    return cmp ? cmp : (x->runs[0] > y->runs[0]) - (x->runs[0] < y->runs[0]);
}

static void count_run(struct sb_view_cell *cell, const struct sb_run *run)
{
    cell->suspect += run->suspect;
    cell->failed += run->status == SB_FAILED;
    cell->partial += run->status == SB_PARTIAL;
    cell->used += !run->suspect && run->status != SB_FAILED;
}

/* Hands each cell its slice of one array of run indices. */
static void fill_cells(struct sb_view *view, const struct grouping *g)
{
    size_t runs_nr = g->ds->runs_nr, *runs = sb_arena_calloc(&view->arena, runs_nr + 1, sizeof *runs);
    size_t *next = sb_xcalloc(g->cells_nr + 1, sizeof *next);
    for (size_t i = 0; i < runs_nr; i++)
        view->cells[g->cell_of[i]].runs_nr++;
    for (size_t c = 0, at = 0; c < g->cells_nr; at += view->cells[c++].runs_nr) {
        view->cells[c].runs = runs + at;
        view->cells[c].labels = split_labels(&view->arena, &g->ds->runs[g->first[c]].labels);
        next[c] = at;
    }
    for (size_t i = 0; i < runs_nr; i++) {
        runs[next[g->cell_of[i]]++] = i;
        count_run(&view->cells[g->cell_of[i]], &g->ds->runs[i]);
    }
    free(next);
}

/* ---- labels that the configuration implies ---- */

bool sb_view_is_implied(const struct sb_view *view, const char *label)
{
    for (size_t i = 0; i < view->implied_nr; i++)
        if (strcmp(view->implied[i], label) == 0) return true;
    return false;
}

static bool is_function_of_config(const struct sb_view *view, const char *label)
{
    struct sb_labels seen = SB_LABELS_INIT; /* configuration -> value */
    bool function = strcmp(label, "platform") && strcmp(label, "config") && strcmp(label, "test");
    for (size_t c = 0; c < view->cells_nr && function && seen.nr <= 200; c++) {
        const char *config = sb_labels_get(&view->cells[c].labels, "config"),
                   *value = sb_labels_get(&view->cells[c].labels, label);
        if (!config || !value) continue;
        const char *known = sb_labels_get(&seen, config);
        function = !known || strcmp(known, value) == 0;
        if (!known) sb_labels_set(&seen, config, value);
    }
    function = function && seen.nr && seen.nr <= 200;
    sb_labels_release(&seen);
    return function;
}

static void find_implied(struct sb_view *view)
{
    size_t nr;
    const char **names = sb_dataset_label_names(view->report->ds, &nr);
    view->implied = sb_arena_calloc(&view->arena, nr + 1, sizeof *view->implied);
    for (size_t i = 0; i < nr; i++)
        if (sb_label_splits_cells(names[i]) && is_function_of_config(view, names[i]))
            view->implied[view->implied_nr++] = names[i];
}

void sb_view_design(struct sb_view *view)
{
    struct grouping g = {.ds = view->report->ds};
    g.cell_of = sb_xcalloc(g.ds->runs_nr + 1, sizeof *g.cell_of);
    for (size_t i = 0; i < g.ds->runs_nr; i++)
        g.cell_of[i] = cell_of_run(&g, i);
    view->cells_nr = g.cells_nr;
    view->cells = sb_arena_calloc(&view->arena, g.cells_nr + 1, sizeof *view->cells);
    fill_cells(view, &g);
    if (g.cells_nr) qsort(view->cells, g.cells_nr, sizeof *view->cells, cell_cmp);
    find_implied(view);
    free(g.cell_of);
    free(g.first);
    free(g.slots);
}

const struct sb_view_cell *sb_view_find_cell(const struct sb_view *view, const struct sb_labels *labels)
{
    size_t low = 0, high = view->cells_nr;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int cmp = sb_labels_cmp(&view->cells[middle].labels, labels);
        if (cmp == 0) return &view->cells[middle];
        if (cmp < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
