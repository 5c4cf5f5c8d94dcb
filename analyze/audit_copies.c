/*
 * Runs against each other: the same figures where chance cannot have put them.
 *
 * How telling an equal figure is: a figure printed with step s that naturally varies over a range r between
 * two runs is equal by chance with probability s / r; its weight is -log10 of that. r is taken small (half a
 * per cent for rates, the time above whole seconds for time-bounded runs ...), so weights err on the low
 * side. Figures that restate each other (a rate, its count, its average) count once, with the largest weight
 * among them. Chance can only make a run equal to one that lies within those ranges, the ten or so others of
 * its cell, so there are some five pairs per run; a match is reported when its weight exceeds log10(runs) +
 * 3: fewer than one data set in two hundred has one by chance.
 *
 * Candidates are found by sorting figures, so the work is n log n; a value that stands in many runs is no
 * candidate.
 */
#include "analyze/audit_checks.h"

#include <math.h>
#include "analyze/audit_cells.h"
#include "core/alloc.h"
#include "core/metric.h"
#include "core/strbuf.h"
#include "core/text.h"

/* ---- the weight of one figure ---- */

enum measure { RATE, TIME, SUM, MINIMUM, MAXIMUM, PERCENTILE, EVENTS_SD, TIME_SD, MEASURES };

static const struct {
    const char *metric;
    enum measure measure;
} measures[] = {
    {"events_per_second", RATE},
    {"memory_throughput", RATE},
    {"memory_ops_per_second", RATE},
    {"transactions_per_second", RATE},
    {"queries_per_second", RATE},
    {"requests_per_second", RATE},
    {"total_throughput", RATE},
    {"reads_per_second", RATE},
    {"writes_per_second", RATE},
    {"fsyncs_per_second", RATE},
    {"read_throughput", RATE},
    {"write_throughput", RATE},
    {"total_time", TIME},
    {"latency_sum", SUM},
    {"latency_min", MINIMUM},
    {"latency_max", MAXIMUM},
    {"thread_events_sd", EVENTS_SD},
    {"thread_time_sd", TIME_SD},
};

static bool measure_of(const char *metric, enum measure *measure)
{
    if (sb_metric_is_percentile(metric)) {
        *measure = PERCENTILE;
        return true;
    }
    for (size_t i = 0; i < SB_ARRAY_SIZE(measures); i++) {
        if (strcmp(measures[i].metric, metric) != 0) continue;
        *measure = measures[i].measure;
        return true;
    }
    return false;
}

/* A time-bounded run ends a little after a whole number of seconds. */
static bool is_time_bounded(double total)
{
    return total >= 1 && total - floor(total) < 0.05;
}

static double time_range(double total)
{
    return is_time_bounded(total) ? fmax(total - floor(total), 1e-4) : 0.005 * total;
}

static double natural_range(const struct sb_run *run, const struct sb_value *value, enum measure measure)
{
    const struct sb_value *total = sb_run_printed(run, "total_time");
    double size = fabs(value->value), idle;
    switch (measure) {
    case TIME: return time_range(size);
    case SUM:
        if (!total || !run->threads) return 0.0005 * size;
        idle = fabs(total->value * 1e3 * run->threads - size); /* what the loop itself took */
        return fmin(0.005 * size, fmax(idle, time_range(total->value) * 1e3));
    case MINIMUM: return 0.05 * size;
    case MAXIMUM: return 0.5 * size;
    case PERCENTILE: return 0.05 * size;
    case EVENTS_SD:
    case TIME_SD: return 0.5 * size;
    default: return 0.005 * size;
    }
}

/* The step in which a figure can take values: its last digit, one event more in the same time, one histogram
 * bucket. */
static double step_of(const struct sb_run *run, const struct sb_value *value, enum measure measure)
{
    const struct sb_value *events = sb_run_printed(run, "events"), *total = sb_run_printed(run, "total_time");
    double step = isnan(value->resolution) ? 1e-3 * fabs(value->value) : 2 * value->resolution;
    if (measure == RATE && events && total && events->value > 0 && is_time_bounded(total->value))
        step = fmax(step, value->value / events->value);
    if (measure == PERCENTILE) step = fmax(step, 0.018 * value->value);
    if (measure == EVENTS_SD) step = fmax(step, 0.5); /* of two threads: half of one event */
    return step;
}

static double weight_of(const struct sb_run *run, const struct sb_value *value, enum measure measure)
{
    double step = step_of(run, value, measure);
    double range = natural_range(run, value, measure);
    if (value->value <= 0 || step <= 0 || range <= step) return 0;
    return log10(range / step);
}

/* Weight of all that two runs have in common; `*same` counts the equal figures, `*differ` is set when both
 * have a figure and it is not equal. `best` receives the most telling figure of b. */
static double common_weight(const struct sb_run *a, const struct sb_run *b, size_t *same, bool *differ,
                            const struct sb_value **best_a, const struct sb_value **best_b)
{
    double weights[MEASURES] = {0}, total = 0, largest = -1;
    *same = 0;
    *differ = false;
    for (size_t i = 0; i < a->values_nr; i++) {
        const struct sb_value *x = &a->values[i], *y = sb_run_printed(b, x->metric);
        enum measure measure;
        if (x->origin != SB_PRINTED || !y || !measure_of(x->metric, &measure)) continue;
        if (x->value != y->value) {
            *differ = true;
            continue;
        }
        (*same)++;
        double weight = weight_of(a, x, measure);
        enum measure once = measure == TIME ? SUM : measure; /* busy workers: the sum follows the time */
        weights[once] = fmax(weights[once], weight);
        if (weight > largest) largest = weight, *best_a = x, *best_b = y;
    }
    for (size_t i = 0; i < MEASURES; i++)
        total += weights[i];
    return total;
}

static double threshold(const struct sb_dataset *ds)
{
    return log10(fmax(1, (double)ds->runs_nr)) + 3;
}

/* Labels that say different things about where the two runs were made. A label that one of them lacks says
 * nothing. */
static bool places_differ(const struct sb_run *a, const struct sb_run *b)
{
    static const char *const names[] = {"platform", "config", "test"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++) {
        const char *x = sb_run_label(a, names[i]), *y = sb_run_label(b, names[i]);
        if (x && y && strcmp(x, y) != 0) return true;
    }
    return false;
}

/* ---- the same run twice ---- */

struct print {
    size_t run;
    uint64_t hash;
};

/* FNV-1a over everything that was printed; lines and names are left out. */
static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t len)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ p[i]) * 0x100000001b3u;
    return hash;
}

static uint64_t fingerprint(const struct sb_run *run)
{
    uint64_t hash = hash_bytes(0xcbf29ce484222325u, run->kind, strlen(run->kind) + 1);
    for (size_t i = 0; i < run->values_nr; i++) {
        const struct sb_value *value = &run->values[i];
        if (value->origin != SB_PRINTED) continue;
        hash = hash_bytes(hash, value->metric, strlen(value->metric) + 1);
        hash = hash_bytes(hash, &value->value, sizeof value->value);
    }
    return hash;
}

static bool same_prints(const struct sb_run *a, const struct sb_run *b)
{
    size_t i = 0, j = 0;
    for (;; i++, j++) {
        while (i < a->values_nr && a->values[i].origin != SB_PRINTED)
            i++;
        while (j < b->values_nr && b->values[j].origin != SB_PRINTED)
            j++;
        if (i == a->values_nr || j == b->values_nr)
            return i == a->values_nr && j == b->values_nr && sb_streq(a->kind, b->kind);
        if (strcmp(a->values[i].metric, b->values[j].metric) != 0 || a->values[i].value != b->values[j].value)
            return false;
    }
}

static int print_cmp(const void *pa, const void *pb)
{
    const struct print *a = pa, *b = pb;
    if (a->hash != b->hash) return a->hash < b->hash ? -1 : 1;
    return (a->run > b->run) - (a->run < b->run);
}

/* All runs with printed values, by fingerprint, then index. The caller frees. */
static struct print *sorted_prints(const struct sb_dataset *ds, size_t *nr)
{
    struct print *prints = sb_xreallocarray(NULL, ds->runs_nr + 1, sizeof *prints);
    *nr = 0;
    for (size_t i = 0; i < ds->runs_nr; i++)
        if (ds->runs[i].values_nr) prints[(*nr)++] = (struct print){i, fingerprint(&ds->runs[i])};
    if (*nr) qsort(prints, *nr, sizeof *prints, print_cmp);
    return prints;
}

/* The run is telling enough that a second one like it cannot be chance. */
static bool is_telling(const struct sb_dataset *ds, const struct sb_run *run)
{
    const struct sb_value *x, *y;
    size_t same;
    bool differ;
    return common_weight(run, run, &same, &differ, &x, &y) > threshold(ds);
}

/* One of several equal runs. From another place: neither can be believed. From the same: the first one
 * stands. */
static void report_duplicate(struct sb_audit *audit, const struct print *group, size_t nr, size_t at)
{
    const struct sb_run *run = &audit->ds->runs[group[at].run];
    size_t other = nr;
    for (size_t i = 0; i < nr && other == nr; i++)
        if (i != at && places_differ(run, &audit->ds->runs[group[i].run])) other = i;
    bool elsewhere = other < nr;
    if (!elsewhere && at == 0) return;
    if (!elsewhere) other = 0;
    const struct sb_run *twin = &audit->ds->runs[group[other].run];
    struct sb_run_facts facts;
    sb_run_facts_init(&facts, audit->ds, group[at].run);
    struct sb_finding *f =
        sb_audit_add(audit, &facts, NULL, NULL, "every figure of %s is that of %s%s%s",
                     sb_run_where(audit->ds, run, 0), sb_run_where(audit->ds, twin, 0),
                     elsewhere ? ", which is labelled as another measurement: one of them is a copy"
                               : ": the same run is there twice",
                     nr > 2 ? sb_arena_printf(&audit->ds->arena, " (%zu in all)", nr) : "");
    sb_finding_set_other(f, audit->ds, group[other].run, 0);
}

void sb_check_duplicate_run(struct sb_audit *audit)
{
    size_t nr;
    struct print *prints = sorted_prints(audit->ds, &nr);
    for (size_t from = 0, to; from < nr; from = to) {
        const struct sb_run *first = &audit->ds->runs[prints[from].run];
        for (to = from + 1; to < nr && prints[to].hash == prints[from].hash; to++)
            if (!same_prints(first, &audit->ds->runs[prints[to].run])) break;
        if (to - from < 2 || !is_telling(audit->ds, first)) continue;
        for (size_t i = from; i < to; i++)
            report_duplicate(audit, prints + from, to - from, i - from);
    }
    free(prints);
}

/* ---- figures in common while the rest differs ---- */

struct entry {
    const char *metric;
    double value;
    size_t run;
};

static int entry_cmp(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    int cmp = a->metric == b->metric ? 0 : strcmp(a->metric, b->metric);
    if (cmp) return cmp;
    if (a->value != b->value) return a->value < b->value ? -1 : 1;
    return (a->run > b->run) - (a->run < b->run);
}

struct match {
    size_t a, b; /* run indices, a < b */
    double weight;
    size_t same;
    bool differ; /* other figures do */
    const struct sb_value *figure_a, *figure_b;
    double chain_weight; /* of the matches in a row that it is one of */
    size_t chain;        /* their number */
};

struct matches {
    struct match *v;
    size_t nr, alloc;
};

static void add_match(struct matches *matches, size_t a, size_t b)
{
    SB_ALLOC_GROW(matches->v, matches->nr + 1, matches->alloc);
    matches->v[matches->nr++] = (struct match){.a = a < b ? a : b, .b = a < b ? b : a};
}

static int match_cmp(const void *pa, const void *pb)
{
    const struct match *a = pa, *b = pb;
    if (a->a != b->a) return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

enum { PAIRS_ALL = 12 }; /* of a value that stands in more runs than this, only neighbours are paired */

static void pair_equal(struct matches *matches, const struct entry *group, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        for (size_t j = i + 1; j < nr && (nr <= PAIRS_ALL || j == i + 1); j++)
            if (group[i].run != group[j].run) add_match(matches, group[i].run, group[j].run);
}

static struct entry *sorted_entries(const struct sb_dataset *ds, size_t *nr)
{
    struct entry *entries = NULL;
    size_t alloc = 0;
    *nr = 0;
    for (size_t i = 0; i < ds->runs_nr; i++)
        for (size_t v = 0; v < ds->runs[i].values_nr; v++) {
            const struct sb_value *value = &ds->runs[i].values[v];
            enum measure measure;
            if (value->origin != SB_PRINTED || !measure_of(value->metric, &measure)) continue;
            if (weight_of(&ds->runs[i], value, measure) < 2)
                continue; /* equal by chance in more than one of a hundred */
            SB_ALLOC_GROW(entries, *nr + 1, alloc);
            entries[(*nr)++] = (struct entry){value->metric, value->value, i};
        }
    if (*nr) qsort(entries, *nr, sizeof *entries, entry_cmp);
    return entries;
}

/* Every pair of runs that share a telling figure, once each, with the weight of all they share. */
static void find_matches(struct matches *matches, const struct sb_dataset *ds)
{
    size_t nr, kept = 0;
    struct entry *entries = sorted_entries(ds, &nr);
    for (size_t from = 0, to; from < nr; from = to) {
        for (to = from + 1; to < nr && entries[to].value == entries[from].value &&
                            sb_streq(entries[to].metric, entries[from].metric);)
            to++;
        pair_equal(matches, entries + from, to - from);
    }
    free(entries);
    if (matches->nr) qsort(matches->v, matches->nr, sizeof *matches->v, match_cmp);
    for (size_t i = 0; i < matches->nr; i++) {
        struct match *m = &matches->v[i];
        if (i && match_cmp(m, m - 1) == 0) continue;
        struct match whole = *m;
        const struct sb_run *a = &ds->runs[m->a], *b = &ds->runs[m->b];
        whole.weight = common_weight(a, b, &whole.same, &whole.differ, &whole.figure_a, &whole.figure_b);
        if (whole.differ || !same_prints(a, b) || !is_telling(ds, a))
            matches->v[kept++] = whole; /* else it is a DUPLICATE_RUN */
    }
    matches->nr = kept;
}

/* Where a run stands in a sequence: the runs of one file, or the runs of one cell in the order of their
 * files. */
struct place {
    size_t group, at;
};

static struct place *places_in_files(const struct sb_dataset *ds)
{
    struct place *places = sb_xcalloc(ds->runs_nr + 1, sizeof *places);
    for (size_t i = 1; i < ds->runs_nr; i++) /* runs are sorted by source */
        places[i].group = places[i - 1].group + !sb_streq(ds->runs[i].source, ds->runs[i - 1].source);
    for (size_t i = 0; i < ds->runs_nr; i++)
        places[i].at = ds->runs[i].ordinal;
    return places;
}

static struct place *places_in_cells(struct sb_audit *audit)
{
    struct place *places = sb_xcalloc(audit->ds->runs_nr + 1, sizeof *places);
    const struct sb_cells *cells = sb_audit_cells(audit);
    for (size_t c = 0; c < cells->nr; c++)
        for (size_t i = 0; i < cells->v[c].nr; i++)
            places[cells->v[c].runs[i]] = (struct place){c, i};
    return places;
}

struct link {
    struct place a, b;
    size_t match;
};

/* By pair of sequences, then distance, then position: matches that go on in both sequences stand next to each
 * other. */
static int link_cmp(const void *pa, const void *pb)
{
    const struct link *x = pa, *y = pb;
    if (x->a.group != y->a.group) return x->a.group < y->a.group ? -1 : 1;
    if (x->b.group != y->b.group) return x->b.group < y->b.group ? -1 : 1;
    long long dx = (long long)x->b.at - (long long)x->a.at, dy = (long long)y->b.at - (long long)y->a.at;
    if (dx != dy) return dx < dy ? -1 : 1;
    if (x->a.at != y->a.at) return x->a.at < y->a.at ? -1 : 1;
    return (x->match > y->match) - (x->match < y->match);
}

static bool goes_on(const struct link *x, const struct link *y)
{
    return x->a.group == y->a.group && x->b.group == y->b.group && y->a.at == x->a.at + 1 &&
           y->b.at == x->b.at + 1;
}

/* Adds up the weights of matches that follow each other; each match keeps the weightiest chain it is in. */
static void weigh_chains(struct matches *matches, const struct place *places)
{
    struct link *links = sb_xreallocarray(NULL, matches->nr + 1, sizeof *links);
    for (size_t i = 0; i < matches->nr; i++)
        links[i] = (struct link){places[matches->v[i].a], places[matches->v[i].b], i};
    if (matches->nr) qsort(links, matches->nr, sizeof *links, link_cmp);
    for (size_t from = 0, to; from < matches->nr; from = to) {
        double weight = matches->v[links[from].match].weight;
        for (to = from + 1; to < matches->nr && goes_on(&links[to - 1], &links[to]); to++)
            weight += matches->v[links[to].match].weight;
        for (size_t i = from; i < to; i++) {
            struct match *m = &matches->v[links[i].match];
            if (weight <= m->chain_weight) continue;
            m->chain_weight = weight;
            m->chain = to - from;
        }
    }
    free(links);
}

typedef void report_fn(struct sb_audit *audit, const struct match *match);

static void each_chain(struct sb_audit *audit, report_fn *report)
{
    struct matches matches = {NULL, 0, 0};
    struct place *in_files = places_in_files(audit->ds), *in_cells = places_in_cells(audit);
    find_matches(&matches, audit->ds);
    weigh_chains(&matches, in_files);
    weigh_chains(&matches, in_cells);
    for (size_t i = 0; i < matches.nr; i++)
        if (matches.v[i].chain_weight > threshold(audit->ds)) report(audit, &matches.v[i]);
    free(in_files);
    free(in_cells);
    free(matches.v);
}

static void report_side(struct sb_audit *audit, size_t run, size_t other, const struct sb_value *figure,
                        const struct sb_value *other_figure, const struct match *match)
{
    struct sb_run_facts facts;
    sb_run_facts_init(&facts, audit->ds, run);
    const char *more =
        match->same > 1 ? sb_arena_printf(&audit->ds->arena, " and %zu more figures", match->same - 1) : "";
    const char *run_of =
        match->chain > 1
            ? sb_arena_printf(&audit->ds->arena, ", as one of %zu runs in the same order", match->chain)
            : "";
    struct sb_finding *f = sb_audit_add(
        audit, &facts, figure, NULL, "%s%s also stand%s at %s%s%s; by chance less than once in 10^%d",
        sb_audit_figure(audit, &facts, figure), more, *more ? "" : "s",
        sb_run_where(audit->ds, &audit->ds->runs[other], other_figure->line), run_of,
        match->differ ? ", while other figures differ" : "", (int)floor(match->chain_weight));
    sb_finding_set_other(f, audit->ds, other, other_figure->line);
}

static void report_copied(struct sb_audit *audit, const struct match *m)
{
    if (sb_run_same_cell(&audit->ds->runs[m->a], &audit->ds->runs[m->b])) return;
    bool both = places_differ(&audit->ds->runs[m->a], &audit->ds->runs[m->b]);
    if (both) report_side(audit, m->a, m->b, m->figure_a, m->figure_b, m);
    report_side(audit, m->b, m->a, m->figure_b, m->figure_a, m);
}

void sb_check_copied_figures(struct sb_audit *audit)
{
    each_chain(audit, report_copied);
}

static void report_identical(struct sb_audit *audit, const struct match *m)
{
    if (sb_run_same_cell(&audit->ds->runs[m->a], &audit->ds->runs[m->b]))
        report_side(audit, m->b, m->a, m->figure_b, m->figure_a, m);
}

/* Repetitions vary less than different machines do, so equal figures among them are doubted, not condemned.
 */
void sb_check_identical_repetitions(struct sb_audit *audit)
{
    each_chain(audit, report_identical);
}
