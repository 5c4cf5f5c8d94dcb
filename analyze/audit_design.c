/*
 * Runs against the design of the experiment. The factor under comparison is the platform when there are
 * several, else the first label with several values; the cells that are compared are equal in all other
 * labels.
 */
#include "analyze/audit_checks.h"

#include <math.h>
#include "analyze/audit_cells.h"
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"
#include "io/number.h"

static struct sb_run_facts facts_of(struct sb_audit *audit, size_t run_index)
{
    struct sb_run_facts facts;
    sb_run_facts_init(&facts, audit->ds, run_index);
    return facts;
}

/* ---- missing cells, repetitions ---- */

enum { LISTED_MAX = 5 };

/* One finding for a level: the combinations that other levels have and it has not. */
static void report_missing(struct sb_audit *audit, const struct sb_grid *grid, size_t level)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    size_t missing = 0;
    for (size_t b = 0; b < grid->blocks_nr; b++) {
        if (sb_grid_cell(&grid->blocks[b], level)) continue;
        const struct sb_grid_cell *there = &grid->blocks[b].cells[0];
        if (missing++ < LISTED_MAX)
            sb_strbuf_addf(&list, "%s[%s]", missing > 1 ? ", " : "",
                           sb_grid_rest_text(audit->ds, grid, &audit->ds->runs[there->runs[0]]));
    }
    if (missing > LISTED_MAX) sb_strbuf_addf(&list, " and %zu more", missing - LISTED_MAX);
    if (missing && missing < grid->blocks_nr)
        sb_dataset_add_finding(audit->ds, audit->check->code, audit->check->severity, SB_NO_RUN, 0,
                               "%s=%s has no run for %zu of %zu combinations that other levels have: %s",
                               grid->factor, grid->levels[level], missing, grid->blocks_nr, list.buf);
    sb_strbuf_release(&list);
}

/* A collection of logs is not a design: cells are missed only from a grid that is mostly there. */
static bool is_grid(const struct sb_grid *grid)
{
    size_t there = 0;
    for (size_t b = 0; b < grid->blocks_nr; b++)
        there += grid->blocks[b].nr;
    return (double)there >= 0.6 * (double)grid->blocks_nr * (double)grid->levels_nr;
}

void sb_check_missing_cells(struct sb_audit *audit)
{
    const struct sb_grid *grid = sb_audit_grid(audit);
    if (!grid || !is_grid(grid)) return;
    for (size_t level = 0; level < grid->levels_nr; level++)
        report_missing(audit, grid, level);
}

static void compare_numbers(struct sb_audit *audit, const struct sb_grid *grid,
                            const struct sb_grid_block *block)
{
    const struct sb_grid_cell *most = &block->cells[0];
    for (size_t i = 1; i < block->nr; i++)
        if (block->cells[i].runs_nr > most->runs_nr) most = &block->cells[i];
    for (size_t i = 0; i < block->nr; i++) {
        const struct sb_grid_cell *cell = &block->cells[i];
        if (cell->runs_nr == most->runs_nr) continue;
        struct sb_run_facts facts = facts_of(audit, cell->runs[0]);
        struct sb_finding *f = sb_audit_add(
            audit, &facts, NULL, NULL, "%s=%s has %zu runs of [%s] where %s=%s has %zu", grid->factor,
            grid->levels[cell->level], cell->runs_nr, sb_grid_rest_text(audit->ds, grid, facts.run),
            grid->factor, grid->levels[most->level], most->runs_nr);
        sb_finding_set_other(f, audit->ds, most->runs[0], 0);
    }
}

void sb_check_unequal_repetitions(struct sb_audit *audit)
{
    const struct sb_grid *grid = sb_audit_grid(audit);
    for (size_t b = 0; grid && b < grid->blocks_nr; b++)
        compare_numbers(audit, grid, &grid->blocks[b]);
}

/* ---- versions, parameters, accelerators: a cell against the first one of its block ---- */

typedef void compare_cells_fn(struct sb_audit *audit, const struct sb_grid *grid,
                              const struct sb_grid_cell *a, const struct sb_grid_cell *b);

static void each_pair_with_first(struct sb_audit *audit, const struct sb_grid *grid,
                                 compare_cells_fn *compare)
{
    for (size_t b = 0; grid && b < grid->blocks_nr; b++)
        for (size_t i = 1; i < grid->blocks[b].nr; i++)
            compare(audit, grid, &grid->blocks[b].cells[0], &grid->blocks[b].cells[i]);
}

static void compare_versions(struct sb_audit *audit, const struct sb_grid *grid, const struct sb_grid_cell *a,
                             const struct sb_grid_cell *b)
{
    const struct sb_run *x = &audit->ds->runs[a->runs[0]];
    struct sb_run_facts facts = facts_of(audit, b->runs[0]);
    if (!*x->version || !*facts.run->version || sb_streq(x->version, facts.run->version)) return;
    struct sb_finding *f =
        sb_audit_add(audit, &facts, NULL, NULL, "%s=%s ran sysbench %s (%s), %s=%s ran %s (%s)", grid->factor,
                     grid->levels[a->level], x->version, sb_run_where(audit->ds, x, 0), grid->factor,
                     grid->levels[b->level], facts.run->version, sb_run_where(audit->ds, facts.run, 0));
    sb_finding_set_other(f, audit->ds, a->runs[0], 0);
}

void sb_check_versions_differ(struct sb_audit *audit)
{
    each_pair_with_first(audit, sb_audit_grid(audit), compare_versions);
}

static void compare_parameters(struct sb_audit *audit, const struct sb_grid *grid,
                               const struct sb_grid_cell *a, const struct sb_grid_cell *b)
{
    const struct sb_run *x = &audit->ds->runs[a->runs[0]];
    struct sb_run_facts facts = facts_of(audit, b->runs[0]);
    if (x->status == SB_FAILED || facts.run->status == SB_FAILED || !sb_streq(x->kind, facts.run->kind))
        return;
    for (size_t i = 0; i < facts.run->params_nr; i++) {
        const struct sb_param *param = &facts.run->params[i];
        const char *other = sb_run_param(x, param->name);
        if (!sb_param_shapes_workload(param->name) || !other || sb_streq(other, param->text)) continue;
        struct sb_finding *f = sb_dataset_add_finding(
            audit->ds, audit->check->code, audit->check->severity, facts.index, param->line,
            "--%s is %s here (%s) and %s for %s=%s (%s): the cells did not do the same work", param->name,
            param->text, sb_run_where(audit->ds, facts.run, param->line), other, grid->factor,
            grid->levels[a->level], sb_run_where(audit->ds, x, 0));
        sb_finding_set_other(f, audit->ds, a->runs[0], 0);
    }
    if (!x->threads || !facts.threads || x->threads == facts.run->threads) return;
    struct sb_finding *f = sb_audit_add(
        audit, &facts, NULL, NULL, "%u threads here (%s) and %u for %s=%s (%s)", (unsigned)facts.run->threads,
        sb_run_where(audit->ds, facts.run, 0), (unsigned)x->threads, grid->factor, grid->levels[a->level],
        sb_run_where(audit->ds, x, 0));
    sb_finding_set_other(f, audit->ds, a->runs[0], 0);
}

/* Only between platforms: another label may be there because a parameter was varied on purpose. */
void sb_check_parameters_differ(struct sb_audit *audit)
{
    each_pair_with_first(audit, sb_audit_platforms(audit), compare_parameters);
}

static const struct sb_cell_info *cell_info(const struct sb_dataset *ds, const struct sb_run *run)
{
    const char *platform = sb_run_label(run, "platform"), *config = sb_run_label(run, "config");
    for (size_t i = 0; i < ds->cells_nr; i++) {
        const struct sb_cell_info *cell = &ds->cells[i];
        bool same_platform = !cell->platform || !*cell->platform || sb_streq(cell->platform, platform);
        bool same_config = !cell->config || !*cell->config || sb_streq(cell->config, config);
        if (same_platform && same_config) return cell;
    }
    return NULL;
}

static const char *accelerator_of(const struct sb_dataset *ds, const struct sb_run *run)
{
    const char *accelerator = sb_run_param(run, "env.accelerator");
    const struct sb_cell_info *cell = cell_info(ds, run);
    return accelerator ? accelerator : cell ? cell->accelerator : NULL;
}

static void compare_accelerators(struct sb_audit *audit, const struct sb_grid *grid,
                                 const struct sb_grid_cell *a, const struct sb_grid_cell *b)
{
    const struct sb_run *x = &audit->ds->runs[a->runs[0]];
    struct sb_run_facts facts = facts_of(audit, b->runs[0]);
    const char *p = accelerator_of(audit->ds, x), *q = accelerator_of(audit->ds, facts.run);
    if (!p || !q || sb_streq(p, q)) return;
    bool emulated = sb_streq(p, "tcg") || sb_streq(q, "tcg");
    if (!emulated) return; /* kvm, hvf and none all run on the processor itself */
    struct sb_finding *f =
        sb_audit_add(audit, &facts, NULL, NULL,
                     "%s=%s ran under %s (%s), %s=%s under %s: emulation against native execution, their "
                     "distance is the emulator's",
                     grid->factor, grid->levels[b->level], q, sb_run_where(audit->ds, facts.run, 0),
                     grid->factor, grid->levels[a->level], p);
    sb_finding_set_other(f, audit->ds, a->runs[0], 0);
}

void sb_check_accelerators_differ(struct sb_audit *audit)
{
    each_pair_with_first(audit, sb_audit_grid(audit), compare_accelerators);
}

/* ---- labels against what the run and the manifest say ---- */

/* The readers raise the same code where they see it. */
static bool already_said(const struct sb_audit *audit, size_t run_index)
{
    for (size_t i = 0; i < audit->ds->findings_nr; i++)
        if (audit->ds->findings[i].run_index == run_index &&
            sb_streq(audit->ds->findings[i].code, audit->check->code))
            return true;
    return false;
}

void sb_check_label_contradiction(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    static const char *const kinds[] = {"cpu", "memory", "fileio", "threads", "mutex"};
    const struct sb_run *run = facts->run;
    const char *test = sb_run_label(run, "test"), *threads = sb_run_label(run, "threads");
    for (size_t i = 0; test && *run->kind && i < sizeof kinds / sizeof *kinds; i++) {
        if (!sb_ascii_caseeq(test, kinds[i]) || sb_streq(run->kind, kinds[i]) ||
            already_said(audit, facts->index))
            continue;
        sb_audit_add(audit, facts, NULL, NULL, "the label says test=%s, but %s is a %s run", test,
                     sb_run_where(audit->ds, run, 0), run->kind);
    }
    double labelled;
    if (!threads || !run->threads || !sb_number_parse(threads, strlen(threads), &labelled) ||
        labelled == run->threads)
        return;
    if (already_said(audit, facts->index)) return;
    sb_audit_add(audit, facts, NULL, NULL, "the label says threads=%s, but %s ran %u", threads,
                 sb_run_where(audit->ds, run, 0), (unsigned)run->threads);
}

static const char *format_in_argv(const char *argv)
{
    return !argv ? NULL : strstr(argv, "format=qcow2") ? "qcow2" : strstr(argv, "format=raw") ? "raw" : NULL;
}

void sb_check_platform_image(struct sb_audit *audit)
{
    for (size_t i = 0; i < audit->ds->runs_nr; i++) {
        const struct sb_run *run = &audit->ds->runs[i];
        const char *platform = sb_run_label(run, "platform");
        const struct sb_cell_info *cell = cell_info(audit->ds, run);
        if (!platform || !cell || (!sb_streq(platform, "raw") && !sb_streq(platform, "qcow2"))) continue;
        const char *format = cell->image_format ? cell->image_format : format_in_argv(cell->argv);
        const char *started = format_in_argv(cell->argv);
        if (format && sb_streq(format, platform) && started && !sb_streq(started, platform)) format = started;
        if (!format || sb_streq(format, platform)) continue;
        struct sb_run_facts facts = facts_of(audit, i);
        sb_audit_add(audit, &facts, NULL, NULL,
                     "%s is labelled platform=%s, but the manifest says that its image is %s",
                     sb_run_where(audit->ds, run, 0), platform, format);
    }
}

/* ---- factors that cannot act ---- */

/* Labels that describe the machine's size; cells that differ only in them are compared for its effect. */
static const char *const size_labels[] = {"config", "vcpus", "memory_mib", NULL};

typedef bool unaffected_fn(const struct sb_run_facts *facts, double smallest);

/* Marks the first run of every cell; the caller frees. */
static bool *first_runs(struct sb_audit *audit)
{
    bool *first = sb_xcalloc(audit->ds->runs_nr + 1, sizeof *first);
    const struct sb_cells *cells = sb_audit_cells(audit);
    for (size_t i = 0; i < cells->nr; i++)
        first[cells->v[i].runs[0]] = true;
    return first;
}

/* The range of a numeric label over a group; false when a run does not have it or all are equal. */
static bool label_range(const struct sb_dataset *ds, const struct sb_cell_runs *group, const char *label,
                        struct sb_span *range)
{
    *range = sb_span(HUGE_VAL, -HUGE_VAL);
    for (size_t i = 0; i < group->nr; i++) {
        double value;
        const char *text = sb_run_label(&ds->runs[group->runs[i]], label);
        if (!text || !sb_number_parse(text, strlen(text), &value)) return false;
        *range = sb_span(fmin(range->lo, value), fmax(range->hi, value));
    }
    return range->lo < range->hi;
}

static bool none_affected(struct sb_audit *audit, const struct sb_cell_runs *group, unaffected_fn *unaffected,
                          double smallest)
{
    for (size_t i = 0; i < group->nr; i++) {
        struct sb_run_facts facts = facts_of(audit, group->runs[i]);
        if (!unaffected(&facts, smallest)) return false;
    }
    return true;
}

/* Groups of runs equal but for the machine's size: when `label` takes several values in one and no run of it
 * can notice
 * (`unaffected`), the first run of each cell gets a finding. */
static void cannot_act(struct sb_audit *audit, const char *label, unaffected_fn *unaffected, const char *why)
{
    struct sb_cells cells;
    bool *first = first_runs(audit);
    sb_cells_init(&cells, audit->ds, size_labels);
    for (size_t g = 0; g < cells.nr; g++) {
        const struct sb_cell_runs *group = &cells.v[g];
        struct sb_span range;
        if (!label_range(audit->ds, group, label, &range) ||
            !none_affected(audit, group, unaffected, range.lo))
            continue;
        for (size_t i = 0; i < group->nr; i++) {
            struct sb_run_facts facts = facts_of(audit, group->runs[i]);
            if (!first[group->runs[i]]) continue;
            sb_audit_add(audit, &facts, NULL, NULL,
                         "%s varies from %s to %s between cells like that of %s, but %s", label,
                         sb_audit_number(audit, range.lo, 9), sb_audit_number(audit, range.hi, 9),
                         sb_run_where(audit->ds, facts.run, 0), why);
        }
    }
    sb_cells_release(&cells);
    free(first);
}

static bool one_thread(const struct sb_run_facts *facts, double smallest)
{
    static const char *const kinds[] = {"cpu", "memory", "threads", "mutex"};
    (void)smallest;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(facts->run->kind, kinds[i]) == 0) return facts->threads == 1;
    return false;
}

void sb_check_vcpus_cannot_act(struct sb_audit *audit)
{
    cannot_act(audit, "vcpus", one_thread, "one thread runs on one processor whatever their number");
}

/* sysbench allocates one buffer of the block size (global scope) or one per thread, whatever the total. */
static bool buffer_fits(const struct sb_run_facts *facts, double smallest_mib)
{
    double block;
    if (strcmp(facts->run->kind, "memory") != 0 || !sb_fact_bytes(facts, "memory-block-size", &block))
        return false;
    return block * fmax(1, facts->threads) < smallest_mib * 1024 * 1024;
}

void sb_check_memory_cannot_act(struct sb_audit *audit)
{
    cannot_act(audit, "memory_mib", buffer_fits,
               "the test works on a buffer that fits into the smallest of them");
}
