#include "analyze/audit_cells.h"

#include "core/alloc.h"
#include "core/text.h"

static bool counts(const char *name, const char *const *but)
{
    for (; but && *but; but++)
        if (strcmp(name, *but) == 0) return false;
    return sb_label_splits_cells(name);
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
        int cmp = strcmp(a->v[i].name, b->v[j].name);
        if (!cmp) cmp = strcmp(a->v[i].value, b->v[j].value);
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

static const char *default_factor(struct sb_dataset *ds)
{
    size_t names_nr, nr;
    const char **names = sb_dataset_label_names(ds, &names_nr);
    for (size_t i = 0; i < names_nr; i++) { /* platform is the first name */
        if (!sb_label_splits_cells(names[i])) continue;
        sb_dataset_label_values(ds, names[i], &nr);
        if (nr > 1 && strcmp(names[i], "test") != 0) return names[i];
    }
    return NULL;
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

/* Sorts the block's runs by level; false when none has the factor. */
static bool fill_block(struct sb_grid *grid, const struct sb_dataset *ds, const struct sb_cell_runs *group, size_t *at)
{
    struct sb_grid_cell *cells = sb_xcalloc(grid->levels_nr, sizeof *cells);
    for (size_t i = 0; i < group->nr; i++) {
        size_t level = level_of(grid, &ds->runs[group->runs[i]]);
        if (level < grid->levels_nr) cells[level].runs_nr++;
    }
    size_t used = 0;
    for (size_t level = 0; level < grid->levels_nr; level++) {
        cells[level].level = level;
        cells[level].runs = at + used;
        used += cells[level].runs_nr;
        cells[level].runs_nr = 0;
    }
    for (size_t i = 0; i < group->nr; i++) {
        size_t level = level_of(grid, &ds->runs[group->runs[i]]);
        if (level < grid->levels_nr) cells[level].runs[cells[level].runs_nr++] = group->runs[i];
    }
    if (used) grid->blocks[grid->blocks_nr++] = cells;
    if (!used) free(cells);
    return used > 0;
}

bool sb_grid_init(struct sb_grid *grid, struct sb_dataset *ds, const char *factor)
{
    memset(grid, 0, sizeof *grid);
    grid->factor = factor ? factor : default_factor(ds);
    if (!grid->factor) return false;
    grid->levels = sb_dataset_label_values(ds, grid->factor, &grid->levels_nr);
    if (grid->levels_nr < 2) return false;
    const char *but[] = {grid->factor, NULL};
    sb_cells_init(&grid->groups, ds, but);
    grid->blocks = sb_xcalloc(grid->groups.nr + 1, sizeof *grid->blocks);
    grid->by_level = sb_xcalloc(ds->runs_nr + 1, sizeof *grid->by_level);
    size_t used = 0;
    for (size_t i = 0; i < grid->groups.nr; i++) {
        fill_block(grid, ds, &grid->groups.v[i], grid->by_level + used);
        used += grid->groups.v[i].nr;
    }
    return true;
}

void sb_grid_release(struct sb_grid *grid)
{
    for (size_t i = 0; i < grid->blocks_nr; i++)
        free(grid->blocks[i]);
    free(grid->blocks);
    free(grid->by_level);
    sb_cells_release(&grid->groups);
}

const struct sb_grid_cell *sb_grid_cell(const struct sb_grid *grid, size_t block, size_t level)
{
    const struct sb_grid_cell *cell = &grid->blocks[block][level];
    return cell->runs_nr ? cell : NULL;
}

const struct sb_grid_cell *sb_grid_first_cell(const struct sb_grid *grid, size_t block)
{
    size_t level = 0;
    while (!grid->blocks[block][level].runs_nr)
        level++;
    return &grid->blocks[block][level];
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
