#include "analyze/audit_cells.h"

#include "analyze/audit_facts.h"
#include "core/alloc.h"
#include "core/text.h"

static bool counts(const char *name, const char *const *but)
{
    for (; but && *but; but++)
        if (strcmp(name, *but) == 0) return false;
    return sb_label_splits_cells(name);
}

/* Most texts are interned, so equal ones are one pointer. */
static int text_cmp(const char *a, const char *b)
{
    return a == b ? 0 : strcmp(a, b);
}

static int labels_cmp(const struct sb_labels *a, const struct sb_labels *b, const char *const *but)
{
    size_t i = 0, j = 0;
    for (;; i++, j++) {
        while (i < a->nr && !counts(a->v[i].name, but))
            i++;
        while (j < b->nr && !counts(b->v[j].name, but))
            j++;
        if (i == a->nr || j == b->nr) return (i < a->nr) - (j < b->nr);
        int cmp = text_cmp(a->v[i].name, b->v[j].name);
        if (!cmp) cmp = text_cmp(a->v[i].value, b->v[j].value);
        if (cmp) return cmp;
    }
}

struct entry {
    const struct sb_run *run;
    size_t index;
    const char *const *but;
};

static int entry_cmp(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    int cmp = labels_cmp(&a->run->labels, &b->run->labels, a->but);
    return cmp ? cmp : (a->index > b->index) - (a->index < b->index);
}

void sb_cells_init(struct sb_cells *cells, const struct sb_dataset *ds, const char *const *but)
{
    size_t nr = ds->runs_nr;
    struct entry *entries = sb_xreallocarray(NULL, nr + 1, sizeof *entries);
    for (size_t i = 0; i < nr; i++)
        entries[i] = (struct entry){&ds->runs[i], i, but};
    if (nr) qsort(entries, nr, sizeof *entries, entry_cmp);
    cells->order = sb_xreallocarray(NULL, nr + 1, sizeof *cells->order);
    cells->v = sb_xreallocarray(NULL, nr + 1, sizeof *cells->v);
    cells->nr = 0;
    for (size_t i = 0; i < nr; i++) {
        cells->order[i] = entries[i].index;
        if (i && labels_cmp(&entries[i - 1].run->labels, &entries[i].run->labels, but) == 0)
            cells->v[cells->nr - 1].nr++;
        else
            cells->v[cells->nr++] = (struct sb_cell_runs){cells->order + i, 1};
    }
    free(entries);
}

void sb_cells_release(struct sb_cells *cells)
{
    free(cells->v);
    free(cells->order);
}

static bool has_two_values(const struct sb_dataset *ds, const char *name)
{
    const char *first = NULL;
    for (size_t i = 0; i < ds->runs_nr; i++) {
        const char *value = sb_run_label(&ds->runs[i], name);
        if (value && first && strcmp(value, first) != 0) return true;
        if (!first) first = value;
    }
    return false;
}

static const char *default_factor(struct sb_dataset *ds)
{
    size_t names_nr;
    const char **names = sb_dataset_label_names(ds, &names_nr);
    for (size_t i = 0; i < names_nr; i++) /* platform is the first name */
        if (sb_label_splits_cells(names[i]) && strcmp(names[i], "test") != 0 && has_two_values(ds, names[i]))
            return names[i];
    return NULL;
}

struct level {
    const char *name, *value;
};

static int level_cmp(const void *pa, const void *pb)
{
    const struct level *a = pa, *b = pb;
    return sb_label_value_cmp(a->name, a->value, b->value);
}

/* The distinct values of the factor in display order, by sorting: there may be as many as runs. */
static void levels_init(struct sb_grid *grid, struct sb_dataset *ds)
{
    struct level *levels = sb_xreallocarray(NULL, ds->runs_nr + 1, sizeof *levels);
    size_t nr = 0;
    for (size_t i = 0; i < ds->runs_nr; i++) {
        const char *value = sb_run_label(&ds->runs[i], grid->factor);
        if (value) levels[nr++] = (struct level){grid->factor, value};
    }
    if (nr) qsort(levels, nr, sizeof *levels, level_cmp);
    grid->levels = sb_arena_alloc(&ds->arena, (nr + 1) * sizeof *grid->levels);
    for (size_t i = 0; i < nr; i++)
        if (!i || level_cmp(&levels[i - 1], &levels[i]) != 0)
            grid->levels[grid->levels_nr++] = levels[i].value;
    free(levels);
}

static size_t level_of(const struct sb_grid *grid, const struct sb_run *run)
{
    const char *value = sb_run_label(run, grid->factor);
    size_t low = 0, high = grid->levels_nr;
    while (value && low < high) { /* levels are sorted by sb_label_value_cmp() */
        size_t mid = low + (high - low) / 2;
        int cmp = sb_label_value_cmp(grid->factor, value, grid->levels[mid]);
        if (cmp == 0) return mid;
        if (cmp < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return grid->levels_nr;
}

struct placed_run {
    size_t level, run;
};

static int placed_run_cmp(const void *pa, const void *pb)
{
    const struct placed_run *a = pa, *b = pb;
    if (a->level != b->level) return a->level < b->level ? -1 : 1;
    return (a->run > b->run) - (a->run < b->run);
}

/* Makes a block of a group's runs, sorted by level; none when no run has the factor. `at` has room for their
 * indices. */
static void add_block(struct sb_grid *grid, const struct sb_dataset *ds, const struct sb_cell_runs *group,
                      size_t *at)
{
    struct placed_run *placed = sb_xreallocarray(NULL, group->nr, sizeof *placed);
    struct sb_grid_block block = {sb_xreallocarray(NULL, group->nr, sizeof *block.cells), 0};
    for (size_t i = 0; i < group->nr; i++)
        placed[i] = (struct placed_run){level_of(grid, &ds->runs[group->runs[i]]), group->runs[i]};
    qsort(placed, group->nr, sizeof *placed, placed_run_cmp);
    for (size_t i = 0; i < group->nr && placed[i].level < grid->levels_nr; i++) {
        at[i] = placed[i].run;
        if (i && placed[i].level == placed[i - 1].level)
            block.cells[block.nr - 1].runs_nr++;
        else
            block.cells[block.nr++] = (struct sb_grid_cell){placed[i].level, at + i, 1};
    }
    free(placed);
    if (block.nr)
        grid->blocks[grid->blocks_nr++] = block;
    else
        free(block.cells);
}

bool sb_grid_init(struct sb_grid *grid, struct sb_dataset *ds, const char *factor)
{
    memset(grid, 0, sizeof *grid);
    grid->factor = factor ? factor : default_factor(ds);
    if (!grid->factor) return false;
    levels_init(grid, ds);
    if (grid->levels_nr < 2) return false;
    const char *but[] = {grid->factor, NULL};
    sb_cells_init(&grid->groups, ds, but);
    grid->blocks = sb_xcalloc(grid->groups.nr + 1, sizeof *grid->blocks);
    grid->by_level = sb_xcalloc(ds->runs_nr + 1, sizeof *grid->by_level);
    size_t used = 0;
    for (size_t i = 0; i < grid->groups.nr; i++) {
        add_block(grid, ds, &grid->groups.v[i], grid->by_level + used);
        used += grid->groups.v[i].nr;
    }
    return true;
}

void sb_grid_release(struct sb_grid *grid)
{
    for (size_t i = 0; i < grid->blocks_nr; i++)
        free(grid->blocks[i].cells);
    free(grid->blocks);
    free(grid->by_level);
    sb_cells_release(&grid->groups);
}

const struct sb_grid_cell *sb_grid_cell(const struct sb_grid_block *block, size_t level)
{
    size_t low = 0, high = block->nr;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (block->cells[mid].level == level) return &block->cells[mid];
        if (block->cells[mid].level < level)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const char *sb_grid_rest_text(struct sb_dataset *ds, const struct sb_grid *grid, const struct sb_run *run)
{
    struct sb_labels rest = SB_LABELS_INIT;
    for (size_t i = 0; i < run->labels.nr; i++)
        if (sb_label_splits_cells(run->labels.v[i].name) && strcmp(run->labels.v[i].name, grid->factor) != 0)
            sb_labels_set(&rest, run->labels.v[i].name, run->labels.v[i].value);
    const char *text = sb_labels_text(&ds->arena, &rest);
    sb_labels_release(&rest);
    return text;
}

const struct sb_cells *sb_audit_cells(struct sb_audit *audit)
{
    if (!audit->cells) {
        audit->cells = sb_xcalloc(1, sizeof *audit->cells);
        sb_cells_init(audit->cells, audit->ds, NULL);
    }
    return audit->cells;
}

static const struct sb_grid *shared_grid(struct sb_audit *audit, struct sb_grid **grid, const char *factor)
{
    if (!*grid) {
        *grid = sb_xcalloc(1, sizeof **grid);
        sb_grid_init(*grid, audit->ds, factor);
    }
    return (*grid)->blocks ? *grid : NULL;
}

const struct sb_grid *sb_audit_grid(struct sb_audit *audit)
{
    return shared_grid(audit, &audit->grid, NULL);
}

const struct sb_grid *sb_audit_platforms(struct sb_audit *audit)
{
    return shared_grid(audit, &audit->platforms, "platform");
}

static void release_grid(struct sb_grid *grid)
{
    if (grid && grid->blocks) sb_grid_release(grid);
    free(grid);
}

void sb_audit_release_cells(struct sb_audit *audit)
{
    if (audit->cells) sb_cells_release(audit->cells);
    free(audit->cells);
    release_grid(audit->grid);
    release_grid(audit->platforms);
}
