/*
 * A hand-made experiment for the tests of the report: three platforms, two configurations, two tests, five
 * repetitions, with excerpts whose line numbers are right, summaries, and comparisons against every baseline.
 * The statistics are rough (normal quantiles for t 4 and 8); the report never recomputes them.
 */
#ifndef SB_TESTS_REPORT_FIXTURE_H
#define SB_TESTS_REPORT_FIXTURE_H

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include "core/alloc.h"
#include "report/report.h"

struct fixture_options {
    const char *const *platforms; /* NULL-terminated; NULL: raw, qcow2, docker */
    const char *const *configs;   /* NULL: c1g1, c2g2 */
    size_t repetitions;           /* 0: 5 */
    bool emulated;                /* raw and qcow2 ran under tcg */
    bool no_excerpts;
    const char *hostile; /* stands in a label, a source, an excerpt, a finding, the environment */
};

struct fixture {
    struct sb_dataset ds;
    struct sb_results platforms, configs;
    struct sb_report report;
    unsigned noise;
};

static double fixture_noise(struct fixture *f)
{
    f->noise = f->noise * 1664525u + 1013904223u;
    return ((double)(f->noise >> 8) / 16777216.0 - 0.5) * 2;
}

struct fixture_printer {
    struct sb_strbuf text;
    struct sb_run *run;
    struct fixture *f;
    uint32_t line;
};

SB_PRINTF(2, 3) static void fixture_print(struct fixture_printer *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(&p->text, format, args);
    va_end(args);
    sb_strbuf_addc(&p->text, '\n');
    p->line++;
}

/* Prints a line that holds one figure, and keeps the figure. */
static void fixture_value(struct fixture_printer *p, const char *metric, const char *unit, double value,
                          int decimals, const char *format)
{
    char printed[64];
    snprintf(printed, sizeof printed, "%.*f", decimals, value);
    struct sb_value v = {.metric = metric,
                         .unit = unit,
                         .value = strtod(printed, NULL),
                         .text = printed,
                         .line = p->line,
                         .resolution = 0.5 * pow(10, -decimals),
                         .origin = SB_PRINTED};
    sb_run_add_value(&p->f->ds, p->run, &v);
    char *line = sb_xmalloc(strlen(format) + sizeof printed);
    const char *at = strchr(format, '@');
    snprintf(line, strlen(format) + sizeof printed, "%.*s%s%s", (int)(at - format), format, printed, at + 1);
    fixture_print(p, "%s", line);
    free(line);
}

static void fixture_cpu(struct fixture_printer *p, double rate)
{
    fixture_print(p, "Running the test with following options:");
    fixture_print(p, "Number of threads: 1");
    fixture_print(p, "Initializing random number generator from current time");
    fixture_print(p, "%s", "");
    fixture_print(p, "Prime numbers limit: 10000");
    fixture_print(p, "%s", "");
    fixture_print(p, "CPU speed:");
    fixture_value(p, "events_per_second", "1/s", rate, 2, "    events per second:  @");
    fixture_print(p, "%s", "");
    fixture_print(p, "General statistics:");
    fixture_print(p, "    total time:                          3.0006s");
    fixture_value(p, "events", "1", rate * 3.0006, 0, "    total number of events:              @");
    fixture_print(p, "%s", "");
    fixture_print(p, "Latency (ms):");
    fixture_value(p, "latency_avg", "ms", 1000 / rate, 2,
                  "         avg:                                    @");
    fixture_value(p, "latency_max", "ms", 1500 / rate, 2,
                  "         max:                                    @");
    fixture_value(p, "latency_p95", "ms", 1150 / rate, 2,
                  "         95th percentile:                        @");
}

static void fixture_memory(struct fixture_printer *p, double rate)
{
    fixture_print(p, "Running memory speed test with the following options:");
    fixture_print(p, "  block size: 1024KiB");
    fixture_print(p, "  total size: 4096MiB");
    fixture_print(p, "%s", "");
    fixture_value(p, "memory_ops_per_second", "1/s", rate, 2, "Total operations: 4096 (@ per second)");
    fixture_print(p, "%s", "");
    fixture_value(p, "memory_throughput", "MiB/s", rate, 2, "4096.00 MiB transferred (@ MiB/sec)");
}

static void fixture_run(struct fixture *f, const struct fixture_options *o, const char *platform,
                        const char *config, const char *test, size_t rep, double scale)
{
    struct fixture_printer p = {.text = SB_STRBUF_INIT, .f = f, .line = 1};
    char buf[64];
    bool cpu = strcmp(test, "cpu") == 0;
    p.run = sb_dataset_add_run(&f->ds);
    snprintf(buf, sizeof buf, "%zu", rep + 1);
    p.run->source = sb_arena_printf(&f->ds.arena, "logs/%s/%s_%s_r%s%s.txt", platform, config, test, buf,
                                    o->hostile ? o->hostile : "");
    p.run->ordinal = 1;
    p.run->kind = sb_dataset_intern(&f->ds, test);
    p.run->version = "1.0.20";
    p.run->threads = 1;
    p.run->status = SB_COMPLETE;
    sb_run_set_label(&f->ds, p.run, "platform", platform);
    sb_run_set_label(&f->ds, p.run, "config", config);
    sb_run_set_label(&f->ds, p.run, "test", test);
    sb_run_set_label(&f->ds, p.run, "repetition", buf);
    if (o->hostile) sb_run_set_label(&f->ds, p.run, "odd", o->hostile);
    bool tcg = o->emulated && (strcmp(platform, "raw") == 0 || strcmp(platform, "qcow2") == 0);
    if (o->emulated) sb_run_set_param(&f->ds, p.run, "env.accelerator", tcg ? "tcg" : "none", 0);
    fixture_print(&p, "sysbench 1.0.20 (using system LuaJIT 2.1.0-beta3)%s", o->hostile ? o->hostile : "");
    fixture_print(&p, "%s", "");
    double wobble = 1 + fixture_noise(f) * (cpu ? 0.004 : 0.03);
    if (cpu)
        fixture_cpu(&p, 1204.1 * scale * wobble);
    else
        fixture_memory(&p, 21504.7 * scale * wobble);
    p.run->first_line = 1;
    p.run->last_line = p.line - 1;
    if (!o->no_excerpts) {
        p.run->excerpt = sb_arena_strdup(&f->ds.arena, p.text.buf);
        p.run->excerpt_line = 1;
    }
    sb_strbuf_release(&p.text);
}

/* ---- rough statistics ---- */

static int fixture_double_cmp(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void fixture_figures(struct sb_results *r, struct sb_summary *s)
{
    double sum = 0, squares = 0, logs = 0, *sorted = sb_arena_alloc(&r->arena, s->n * sizeof *sorted);
    for (size_t i = 0; i < s->n; i++) {
        sum += s->values[i];
        logs += log(s->values[i]);
        sorted[i] = s->values[i];
    }
    qsort(sorted, s->n, sizeof *sorted, fixture_double_cmp);
    s->mean = sum / (double)s->n;
    for (size_t i = 0; i < s->n; i++)
        squares += (s->values[i] - s->mean) * (s->values[i] - s->mean);
    s->sd = s->n > 1 ? sqrt(squares / (double)(s->n - 1)) : NAN;
    s->cv = s->sd / s->mean;
    s->sem = s->sd / sqrt((double)s->n);
    s->confidence = 0.95;
    s->ci_low = s->mean - 2.776 * s->sem;
    s->ci_high = s->mean + 2.776 * s->sem;
    s->median = s->q1 = s->q3 = sorted[s->n / 2];
    s->mad = s->sd;
    s->min = sorted[0];
    s->max = sorted[s->n - 1];
    s->geomean = exp(logs / (double)s->n);
}

static void fixture_summarise_metric(struct fixture *f, struct sb_results *r, size_t first, size_t nr,
                                     const char *metric)
{
    const struct sb_run *run = &f->ds.runs[first];
    SB_ALLOC_GROW(r->summaries, r->summaries_nr + 1, r->summaries_alloc);
    struct sb_summary *s = &r->summaries[r->summaries_nr++];
    *s = (struct sb_summary){.kind = run->kind,
                             .metric = metric,
                             .unit = sb_metric_unit(metric),
                             .better = sb_metric_better(metric, false),
                             .group = sb_metric_group(run->kind, metric, true, false)};
    s->cell.v = sb_arena_calloc(&r->arena, run->labels.nr, sizeof *s->cell.v);
    for (size_t i = 0; i < run->labels.nr; i++)
        if (sb_label_splits_cells(run->labels.v[i].name)) s->cell.v[s->cell.nr++] = run->labels.v[i];
    s->values = s->run_values = sb_arena_calloc(&r->arena, nr, sizeof *s->values);
    s->runs = s->first_runs = sb_arena_calloc(&r->arena, nr, sizeof *s->runs);
    for (size_t i = first; i < first + nr; i++) {
        const struct sb_value *value = sb_run_value(&f->ds.runs[i], metric);
        s->runs_excluded += f->ds.runs[i].suspect;
        if (!value || f->ds.runs[i].suspect) continue;
        s->runs[s->n] = i;
        s->values[s->n++] = value->value;
    }
    s->n_runs = s->n;
    s->resolution = 0.005;
    s->accelerator = sb_run_param(run, "env.accelerator");
    if (!s->n) {
        r->summaries_nr--;
        return;
    }
    fixture_figures(r, s);
    sb_codes_add(&r->arena, &s->findings, "BOOT_UNKNOWN");
    if (s->runs_excluded) sb_codes_add(&r->arena, &s->findings, "RATE_MISMATCH");
}

static int fixture_summary_cmp(const void *pa, const void *pb)
{
    const struct sb_summary *a = pa, *b = pb;
    int cmp = sb_labels_cmp(&a->cell, &b->cell);
    if (cmp) return cmp;
    return (int)sb_metric_rank(a->metric) - (int)sb_metric_rank(b->metric);
}

static void fixture_summarise(struct fixture *f, struct sb_results *r)
{
    static const char *const metrics[] = {
        "events_per_second", "memory_throughput", "latency_p95",          "events",
        "latency_avg",       "latency_max",       "memory_ops_per_second"};
    for (size_t first = 0, end; first < f->ds.runs_nr; first = end) {
        for (end = first + 1; end < f->ds.runs_nr && sb_run_same_cell(&f->ds.runs[first], &f->ds.runs[end]);)
            end++;
        for (size_t m = 0; m < SB_ARRAY_SIZE(metrics); m++)
            fixture_summarise_metric(f, r, first, end - first, metrics[m]);
    }
    qsort(r->summaries, r->summaries_nr, sizeof *r->summaries, fixture_summary_cmp);
    r->settings = (struct sb_analysis_settings){
        .confidence = 0.95, .alpha = 0.05, .margin = 0.02, .correction = "holm", .p_method = "welch"};
}

static void fixture_compare_pair(struct sb_results *r, const char *factor, size_t base, size_t level)
{
    const struct sb_summary *b = &r->summaries[base], *l = &r->summaries[level];
    SB_ALLOC_GROW(r->comparisons, r->comparisons_nr + 1, r->comparisons_alloc);
    struct sb_comparison *c = &r->comparisons[r->comparisons_nr++];
    double vb = b->cv * b->cv / (double)b->n, vl = l->cv * l->cv / (double)l->n, se = sqrt(vb + vl),
           d = log(l->geomean / b->geomean);
    *c = (struct sb_comparison){.factor = factor,
                                .baseline = sb_labels_get(&b->cell, factor),
                                .level = sb_labels_get(&l->cell, factor),
                                .kind = l->kind,
                                .metric = l->metric,
                                .unit = l->unit,
                                .better = l->better,
                                .group = l->group,
                                .n_baseline = b->n,
                                .n_level = l->n,
                                .mean_baseline = b->mean,
                                .mean_level = l->mean,
                                .summary_baseline = base,
                                .summary_level = level,
                                .p_adjusted = NAN,
                                .chance_equivalent = NAN};
    c->rest.v = sb_arena_calloc(&r->arena, l->cell.nr, sizeof *c->rest.v);
    for (size_t i = 0; i < l->cell.nr; i++)
        if (strcmp(l->cell.v[i].name, factor) != 0) c->rest.v[c->rest.nr++] = l->cell.v[i];
    c->ratio = exp(d);
    c->ratio_low = exp(d - 2.306 * se);
    c->ratio_high = exp(d + 2.306 * se);
    c->ratio_low90 = exp(d - 1.86 * se);
    c->ratio_high90 = exp(d + 1.86 * se);
    c->p = exp(-d * d / (se * se) / 2);
    c->effect_size = d / se;
    c->barred = b->accelerator && l->accelerator && strcmp(b->accelerator, l->accelerator) != 0;
    sb_codes_add(&r->arena, &c->findings, "BOOT_UNKNOWN");
    if (c->barred) sb_codes_add(&r->arena, &c->findings, "ACCELERATORS_DIFFER");
    if (!c->group.name) return;
    if (c->group.primary) c->p_adjusted = fmin(1, c->p * 4);
    bool higher = (d > 0) == (c->better != SB_BETTER_LOWER);
    if (c->ratio_low90 > 1 / 1.02 && c->ratio_high90 < 1.02)
        c->verdict = SB_EQUIVALENT;
    else if (c->p * 4 < 0.05)
        c->verdict = higher ? SB_FASTER : SB_SLOWER;
    else
        c->verdict = SB_INCONCLUSIVE;
    if (c->verdict == SB_INCONCLUSIVE) c->runs_needed = 37;
}

static bool fixture_same_rest(const struct sb_summary *a, const struct sb_summary *b, const char *factor)
{
    if (strcmp(a->metric, b->metric) != 0 || a->cell.nr != b->cell.nr) return false;
    for (size_t i = 0; i < a->cell.nr; i++)
        if (strcmp(a->cell.v[i].name, factor) != 0 && strcmp(a->cell.v[i].value, b->cell.v[i].value) != 0)
            return false;
    return true;
}

static void fixture_compare(struct sb_results *r, const char *factor, const char *baseline)
{
    for (size_t b = 0; b < r->summaries_nr; b++) {
        const char *value = sb_labels_get(&r->summaries[b].cell, factor);
        if (!value || strcmp(value, baseline) != 0) continue;
        for (size_t l = 0; l < r->summaries_nr; l++)
            if (l != b && fixture_same_rest(&r->summaries[b], &r->summaries[l], factor))
                fixture_compare_pair(r, factor, b, l);
    }
    r->factor = factor;
    r->baseline = baseline;
}

/* ---- the whole ---- */

static void fixture_findings(struct fixture *f, const struct fixture_options *o)
{
    size_t last = f->ds.runs_nr - 1;
    struct sb_finding *finding =
        sb_dataset_add_finding(&f->ds, "RATE_MISMATCH", SB_ERROR, last, 7,
                               "the printed rate 21,504.70 MiB/s does not follow from 4,096 MiB in 0.31 s "
                               "(13,212.9 MiB/s, tolerance 2.1 %%)%s",
                               o->hostile ? o->hostile : "");
    finding->metric = NULL;
    f->ds.runs[last].suspect = true;
    sb_dataset_add_finding(&f->ds, "SHORT_RUN", SB_WARNING, 0, 13,
                           "the run took 0.19 s; its start and end weigh too much");
    sb_dataset_add_file_finding(&f->ds, "NO_RUN", SB_WARNING, "logs/notes.bin", 0,
                                "a binary file, no sysbench run in it");
}

static void fixture_sources(struct fixture *f)
{
    f->ds.sources = sb_xcalloc(1, sizeof *f->ds.sources);
    f->ds.sources_nr = f->ds.sources_alloc = 1;
    f->ds.sources[0] = (struct sb_source){.name = "logs/notes.bin", .runs = 0};
}

static void fixture_environment(struct fixture *f, const struct fixture_options *o)
{
    static const char *const facts[][3] = {{"host", "cpu_model", "Example 3000"},
                                           {"host", "kernel", "6.1.0"},
                                           {"tools", "qemu", "7.2"},
                                           {"tools", "docker", "20.10"}};
    f->ds.env = sb_xcalloc(SB_ARRAY_SIZE(facts) + 1, sizeof *f->ds.env);
    f->ds.env_nr = f->ds.env_alloc = SB_ARRAY_SIZE(facts) + 1;
    for (size_t i = 0; i < SB_ARRAY_SIZE(facts); i++)
        f->ds.env[i] = (struct sb_env){facts[i][0], facts[i][1], facts[i][2]};
    f->ds.env[SB_ARRAY_SIZE(facts)] =
        (struct sb_env){"tools", "sysbench", o->hostile ? o->hostile : "1.0.20"};
    if (!o->emulated) return;
    f->ds.cells = sb_xcalloc(2, sizeof *f->ds.cells);
    f->ds.cells_nr = f->ds.cells_alloc = 2;
    f->ds.cells[0] = (struct sb_cell_info){
        "raw", "c1g1", "tcg", "raw", "qemu-system-x86_64 -accel tcg -m 1024", 4294967296.0, 4294967296.0};
    f->ds.cells[1] = (struct sb_cell_info){
        "qcow2", "c1g1", "tcg", "qcow2", "qemu-system-x86_64 -accel tcg -m 1024", 4294967296.0, 1503238553.0};
}

static double fixture_scale(const char *platform, const char *config, const char *test, bool emulated)
{
    double scale = strcmp(platform, "raw") == 0     ? 1
                   : strcmp(platform, "qcow2") == 0 ? (strcmp(test, "cpu") == 0 ? 1.001 : 0.9)
                   : emulated                       ? 4.1
                                                    : 1.06;
    return scale * (strcmp(config, "c1g1") == 0 ? 1 : 1.9);
}

static void fixture_init(struct fixture *f, const struct fixture_options *options)
{
    static const char *const all_platforms[] = {"raw", "qcow2", "docker", NULL}, *const all_configs[] = {
                                                                                     "c1g1", "c2g2", NULL};
    static const char *const tests[] = {"cpu", "memory"};
    static const char *const paths[] = {"logs"};
    struct fixture_options none = {.emulated = false}, o = options ? *options : none;
    *f = (struct fixture){.noise = 20261124};
    sb_dataset_init(&f->ds);
    sb_results_init(&f->platforms);
    sb_results_init(&f->configs);
    if (!o.platforms) o.platforms = all_platforms;
    if (!o.configs) o.configs = all_configs;
    for (const char *const *p = o.platforms; *p; p++)
        for (const char *const *c = o.configs; *c; c++)
            for (size_t t = 0; t < SB_ARRAY_SIZE(tests); t++)
                for (size_t rep = 0; rep < (o.repetitions ? o.repetitions : 5); rep++)
                    fixture_run(f, &o, *p, *c, tests[t], rep, fixture_scale(*p, *c, tests[t], o.emulated));
    fixture_findings(f, &o);
    fixture_sources(f);
    fixture_environment(f, &o);
    fixture_summarise(f, &f->platforms);
    fixture_summarise(f, &f->configs);
    for (const char *const *p = o.platforms; o.platforms[1] && *p; p++)
        fixture_compare(&f->platforms, "platform", *p);
    f->platforms.baseline = o.platforms[0];
    if (o.configs[1]) fixture_compare(&f->configs, "config", o.configs[0]);
    f->report = (struct sb_report){.ds = &f->ds,
                                   .platforms = &f->platforms,
                                   .configs = &f->configs,
                                   .paths = paths,
                                   .paths_nr = 1,
                                   .command = "sbstat report logs",
                                   .version = "0.1.0"};
}

static void fixture_free(struct fixture *f)
{
    sb_results_free(&f->platforms);
    sb_results_free(&f->configs);
    sb_dataset_free(&f->ds);
}

#endif
