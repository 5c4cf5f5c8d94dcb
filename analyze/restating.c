#include "analyze/restating.h"

#include "core/alloc.h"
#include "core/text.h"

struct sides {
    const struct sb_dataset *ds;
    const struct sb_summary *baseline, *level;
};

static const struct sb_run *run_at(const struct sides *s, size_t i)
{
    const struct sb_summary *cell = i < s->baseline->n_runs ? s->baseline : s->level;
    return &s->ds->runs[cell->runs[i < s->baseline->n_runs ? i : i - s->baseline->n_runs]];
}

static size_t runs_nr(const struct sides *s)
{
    return s->baseline->n_runs + s->level->n_runs;
}

static bool same_threads(const struct sides *s)
{
    uint32_t known = 0;
    for (size_t i = 0; i < runs_nr(s); i++) {
        uint32_t threads = run_at(s, i)->threads;
        if (known && threads && threads != known) return false;
        if (threads) known = threads;
    }
    return true;
}

/* By what was counted, not by the limit: a run with both limits may have ended by its time. */
static bool same_events(const struct sides *s)
{
    double known = -1;
    for (size_t i = 0; i < runs_nr(s); i++) {
        const struct sb_value *events = sb_run_value(run_at(s, i), "events");
        if (!sb_run_bounded_by_events(run_at(s, i)) || !events) return false;
        if (known >= 0 && events->value != known) return false;
        known = events->value;
    }
    return true;
}

static bool same_option(const struct sides *s, const char *name)
{
    const char *known = NULL;
    for (size_t i = 0; i < runs_nr(s); i++) {
        const char *text = sb_run_param(run_at(s, i), name);
        if (known && text && strcmp(text, known) != 0) return false;
        if (text) known = text;
    }
    return true;
}

static bool same_time(const struct sides *s)
{
    for (size_t i = 0; i < runs_nr(s); i++)
        if (sb_run_bounded_by_events(run_at(s, i))) return false;
    return same_option(s, "time") && same_option(s, "max-time");
}

/* How many threads ran and for how long changes both figures alike. */
static bool shapes_event(const char *option)
{
    static const char *const extent[] = {"threads",  "num-threads", "time",
                                         "max-time", "events",      "max-requests"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(extent); i++)
        if (strcmp(option, extent[i]) == 0) return false;
    return sb_param_shapes_workload(option);
}

static bool same_kind_and_options(const struct sides *s)
{
    for (size_t i = 0; i < runs_nr(s); i++) {
        const struct sb_run *run = run_at(s, i);
        for (size_t p = 0; p < run->params_nr; p++)
            if (shapes_event(run->params[p].name) && !same_option(s, run->params[p].name)) return false;
    }
    return strcmp(s->baseline->kind, s->level->kind) == 0;
}

bool sb_restates_primary(const struct sb_dataset *ds, const struct sb_summary *baseline,
                         const struct sb_summary *level)
{
    const struct sides s = {ds, baseline, level};
    const char *metric = baseline->metric;
    if (!baseline->n_runs || !level->n_runs) return false;
    const char *primary = sb_kind_primary_metric(baseline->kind, sb_run_bounded_by_events(run_at(&s, 0)));
    bool of_time = strcmp(primary, "total_time") == 0;
    if (!of_time && strcmp(primary, "events_per_second") != 0) return same_kind_and_options(&s);
    if (strcmp(metric, "events") == 0) return same_time(&s);
    if (sb_has_prefix(metric, "latency_")) return same_threads(&s) && (!of_time || same_events(&s));
    return same_events(&s);
}
