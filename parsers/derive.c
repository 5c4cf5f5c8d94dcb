#include "parsers/derive.h"

#include <math.h>
#include "core/alloc.h"
#include "core/metric.h"

enum combine { QUOTIENT, SUM };

static const struct derived {
    const char *metric, *a, *b;
    enum combine how;
} derived[] = {
    {.metric = "events_per_second", .a = "events", .b = "total_time", .how = QUOTIENT},
    {.metric = "latency_mean", .a = "latency_sum", .b = "events", .how = QUOTIENT},
    {.metric = "total_throughput", .a = "read_throughput", .b = "write_throughput", .how = SUM},
};

/* Behind a checkpoint the counters start again, the total time does not. */
static bool has_checkpoint(const struct sb_run *run)
{
    for (size_t i = 0; i < run->points_nr; i++)
        if (run->points[i].checkpoint) return true;
    return false;
}

static void derive(struct sb_dataset *ds, struct sb_run *run, const struct derived *row)
{
    const struct sb_value *a = sb_run_value(run, row->a), *b = sb_run_value(run, row->b);
    struct sb_value v = {.metric = row->metric, .unit = sb_metric_unit(row->metric), .origin = SB_DERIVED};
    if (!a || !b) return;
    if (strcmp(row->b, "total_time") == 0 && has_checkpoint(run)) return;
    if (row->how == SUM) {
        v.value = a->value + b->value;
        v.resolution = a->resolution + b->resolution;
    } else {
        if (!(b->value > 0)) return;
        v.value = a->value / b->value;
        /* A count is exact: it was not rounded. */
        double ra = strcmp(a->unit, "1") == 0 ? 0 : a->resolution,
               rb = strcmp(b->unit, "1") == 0 ? 0 : b->resolution;
        v.resolution = (ra + v.value * rb) / b->value;
    }
    v.line = a->line < b->line ? a->line : b->line;
    sb_run_add_value(ds, run, &v);
}

void sb_derive_values(struct sb_dataset *ds, struct sb_run *run)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(derived); i++)
        derive(ds, run, &derived[i]);
    for (size_t i = 1; i < run->values_nr; i++) { /* nearly sorted: insertion keeps equal lines in order */
        struct sb_value v = run->values[i];
        size_t at = i;
        for (; at && run->values[at - 1].line > v.line; at--)
            run->values[at] = run->values[at - 1];
        run->values[at] = v;
    }
}
