/* Splitting cells whose runs did not do the same work; declared in dataset.h. */
#include "core/dataset.h"

#include "core/alloc.h"
#include "core/text.h"

/* Options that change what is printed or how random numbers start, not the work that is measured. */
static const char *const not_workload[] = {"seed",      "report-interval", "report-checkpoints",
                                           "verbosity", "percentile",      "histogram",
                                           "debug",     "validate"};

bool sb_param_shapes_workload(const char *name)
{
    if (sb_has_prefix(name, "env.")) return false;
    for (size_t i = 0; i < SB_ARRAY_SIZE(not_workload); i++)
        if (strcmp(name, not_workload[i]) == 0) return false;
    return true;
}

/* What a run says for an attribute; "?" when it does not say. */
static const char *attribute(const struct sb_run *run, const char *name)
{
    const char *text;
    if (strcmp(name, "kind") == 0)
        text = run->kind;
    else if (strcmp(name, "version") == 0)
        text = run->version;
    else
        text = sb_run_param(run, name);
    return text && *text ? text : "?";
}

/* Unknown on one side is no difference for kind and version: a run without a banner says nothing. */
static bool attribute_differs(const struct sb_run *a, const struct sb_run *b, const char *name)
{
    const char *x = attribute(a, name), *y = attribute(b, name);
    bool lenient = strcmp(name, "kind") == 0 || strcmp(name, "version") == 0 || a->status != SB_COMPLETE ||
                   b->status != SB_COMPLETE;
    if (lenient && (strcmp(x, "?") == 0 || strcmp(y, "?") == 0)) return false;
    return strcmp(x, y) != 0;
}

struct cell_entry {
    const struct sb_run *run;
    size_t index;
};

static int cell_entry_cmp(const void *pa, const void *pb)
{
    const struct cell_entry *a = pa, *b = pb;
    int cmp = sb_run_cell_cmp(a->run, b->run);
    return cmp ? cmp : (a->index > b->index) - (a->index < b->index);
}

static void split_on(struct sb_dataset *ds, const struct cell_entry *cell, size_t nr, const char *name)
{
    size_t other = 0;
    while (other < nr && !attribute_differs(cell[0].run, cell[other].run, name))
        other++;
    if (other == nr) return;
    const struct sb_run *a = cell[0].run, *b = cell[other].run;
    struct sb_finding *f = sb_dataset_add_finding(
        ds, "PARAMETERS_SPLIT", SB_WARNING, cell[0].index, 0,
        "runs with the same labels differ in %s (%s here, %s in %s); they are kept apart by the label %s=",
        name, attribute(a, name), attribute(b, name), sb_run_where(ds, b, 0), name);
    f->other_source = b->source;
    f->other_ordinal = b->ordinal;
    f->other_line = b->first_line;
    f->other_run_index = cell[other].index;
    for (size_t i = 0; i < nr; i++)
        sb_run_set_label(ds, &ds->runs[cell[i].index], name, attribute(cell[i].run, name));
}

static void split_cell(struct sb_dataset *ds, const struct cell_entry *cell, size_t nr)
{
    split_on(ds, cell, nr, "kind");
    split_on(ds, cell, nr, "version");
    for (size_t i = 0; i < nr; i++) /* every parameter that any run of the cell has */
        for (size_t p = 0; p < cell[i].run->params_nr; p++) {
            const char *name = cell[i].run->params[p].name;
            if (sb_param_shapes_workload(name) && !sb_run_label(cell[0].run, name))
                split_on(ds, cell, nr, name);
        }
}

void sb_dataset_split_by_parameters(struct sb_dataset *ds)
{
    struct cell_entry *order = sb_xreallocarray(NULL, ds->runs_nr, sizeof *order);
    for (size_t i = 0; i < ds->runs_nr; i++)
        order[i] = (struct cell_entry){&ds->runs[i], i};
    if (ds->runs_nr) qsort(order, ds->runs_nr, sizeof *order, cell_entry_cmp);
    for (size_t from = 0, to; from < ds->runs_nr; from = to) {
        for (to = from + 1; to < ds->runs_nr && sb_run_cell_cmp(order[from].run, order[to].run) == 0;)
            to++;
        if (to - from > 1) split_cell(ds, order + from, to - from);
    }
    free(order);
}
