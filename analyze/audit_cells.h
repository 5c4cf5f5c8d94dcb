/*
 * Runs grouped by labels, for the checks that look at more than one run. Groups and what is in them come in a
 * fixed order (labels bytewise, runs in dataset order), found by sorting: n log n. Private to analyze/.
 */
#ifndef SB_ANALYZE_AUDIT_CELLS_H
#define SB_ANALYZE_AUDIT_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include "core/dataset.h"

struct sb_cell_runs {
    size_t *runs; /* indices into dataset.runs, ascending; borrowed from sb_cells.order */
    size_t nr;
};

/* All runs, grouped by equality in the labels that split cells. */
struct sb_cells {
    struct sb_cell_runs *v;
    size_t nr;
    size_t *order;
};

/* `but` (NULL-terminated, may be NULL) are labels to ignore. */
void sb_cells_init(struct sb_cells *cells, const struct sb_dataset *ds, const char *const *but);
void sb_cells_release(struct sb_cells *cells);

/* A factor's levels against blocks: the combinations of all other labels that split cells. */
struct sb_grid_cell {
    size_t level, *runs, runs_nr; /* runs borrowed; at least one */
};

struct sb_grid_block {
    struct sb_grid_cell *cells; /* those that are there, by level */
    size_t nr;
};

struct sb_grid {
    const char *factor;  /* NULL: a grid without levels */
    const char **levels; /* in display order; in the dataset's arena */
    size_t levels_nr;
    struct sb_grid_block *blocks;
    size_t blocks_nr;
    struct sb_cells groups;
    size_t *by_level; /* the run indices of all cells */
};

/* `factor` NULL: platform when it has several values, else the first label with several. False (nothing to
 * release) when it has fewer than two values. Runs without the factor are left out. */
bool sb_grid_init(struct sb_grid *grid, struct sb_dataset *ds, const char *factor);
void sb_grid_release(struct sb_grid *grid);

/* The block's cell at a level; NULL when there is none. */
const struct sb_grid_cell *sb_grid_cell(const struct sb_grid_block *block, size_t level);

/* "config=c1 test=cpu": the labels of the run that split cells but for the factor; in the dataset's arena. */
const char *sb_grid_rest_text(struct sb_dataset *ds, const struct sb_grid *grid, const struct sb_run *run);

/* Shared by the checks of one audit, which owns them: all cells; the grid of the default factor and that of
 * the platforms, NULL when there is none. */
struct sb_audit;
const struct sb_cells *sb_audit_cells(struct sb_audit *audit);
const struct sb_grid *sb_audit_grid(struct sb_audit *audit);
const struct sb_grid *sb_audit_platforms(struct sb_audit *audit);
void sb_audit_release_cells(struct sb_audit *audit);

#endif
