/* Datasets made by hand for the tests of analyze/. */
#ifndef SB_TESTS_ANALYZE_FIXTURE_H
#define SB_TESTS_ANALYZE_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "analyze/analyze.h"

struct fixture {
    struct sb_dataset ds;
    struct sb_results results;
    struct sb_err err;
};

static inline void fixture_init(struct fixture *f)
{
    sb_dataset_init(&f->ds);
    sb_results_init(&f->results);
    sb_analysis_defaults(&f->results.settings);
    f->err = (struct sb_err){0};
}

static inline void fixture_free(struct fixture *f)
{
    sb_results_free(&f->results);
    sb_dataset_free(&f->ds);
}

/* A complete run; labels as "name=value name=value". */
static inline struct sb_run *fixture_run(struct fixture *f, const char *kind, const char *labels)
{
    struct sb_run *run = sb_dataset_add_run(&f->ds);
    run->source = "log.txt";
    run->ordinal = (uint32_t)f->ds.runs_nr;
    run->kind = sb_dataset_intern(&f->ds, kind);
    run->version = "1.0.20";
    run->status = SB_COMPLETE;
    while (*labels) {
        const char *equals = strchr(labels, '='), *end = strchr(labels, ' ');
        if (!end) end = labels + strlen(labels);
        char *name = sb_arena_strndup(&f->ds.arena, labels, (size_t)(equals - labels));
        sb_run_set_label(&f->ds, run, name,
                         sb_arena_strndup(&f->ds.arena, equals + 1, (size_t)(end - equals - 1)));
        labels = *end ? end + 1 : end;
    }
    return run;
}

static inline void fixture_value(struct fixture *f, struct sb_run *run, const char *metric, double value,
                                 double resolution)
{
    struct sb_value v = {
        .metric = metric, .unit = sb_metric_unit(metric), .value = value, .resolution = resolution};
    assert_true(sb_run_add_value(&f->ds, run, &v));
}

/* One run for each value. */
static inline void fixture_cell(struct fixture *f, const char *kind, const char *labels, const char *metric,
                                const double *values, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        fixture_value(f, fixture_run(f, kind, labels), metric, values[i], 0.005);
}

#define FIXTURE_CELL(f, kind, labels, metric, ...)                                                           \
    fixture_cell(f, kind, labels, metric, (const double[]){__VA_ARGS__},                                     \
                 sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

static inline void fixture_summarise(struct fixture *f)
{
    assert_true(sb_summarise(&f->ds, &f->results, &f->err));
}

static inline void fixture_compare(struct fixture *f, const char *factor, const char *baseline)
{
    fixture_summarise(f);
    struct sb_compare_request request = {.factor = factor, .baseline = baseline};
    assert_true(sb_compare(&f->ds, &f->results, &request, &f->err));
}

#define ASSERT_NEAR(a, b, tolerance)                                                                         \
    do {                                                                                                     \
        double got_ = (a), want_ = (b);                                                                      \
        if (!(fabs(got_ - want_) <= (tolerance))) fail_msg("%s: got %.17g, want %.17g", #a, got_, want_);    \
    } while (0)

#endif
