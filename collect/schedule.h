/*
 * What a plan comes to: every boot and every run in the order in which they are made.
 *
 * With order "randomised" a block is one boot of every platform and config (and whatever exclusions leave);
 * each block is shuffled on its own, and so are the tests within each boot, by sb_random seeded with the
 * plan's seed. So a slow drift of the host falls on all cells alike (randomised complete blocks: R. A.
 * Fisher, The Design of Experiments, 1935, section 20 ff.).
 */
#ifndef SB_COLLECT_SCHEDULE_H
#define SB_COLLECT_SCHEDULE_H

#include "collect/plan.h"

struct sb_planned_run {
    const struct sb_plan_test *test;
    unsigned repetition; /* from 1, within its boot */
    size_t order;        /* 0-based position in the whole experiment */
    const char *log;     /* <platform>/<config>/<test>_b<boot>_r<repetition>.log */
};

struct sb_planned_boot {
    const struct sb_plan_platform *platform;
    const struct sb_plan_config *config;
    unsigned boot; /* from 1: which replicate; the label */
    struct sb_planned_run *runs;
    size_t runs_nr;
};

struct sb_schedule {
    struct sb_arena arena;
    struct sb_planned_boot *boots;
    size_t boots_nr, runs_nr;
};

/* The plan must outlive it. */
void sb_schedule_make(struct sb_schedule *schedule, const struct sb_plan *plan);
void sb_schedule_free(struct sb_schedule *schedule);

/* How long it will take, in seconds: known times (--time, --warmup-time), assumed ones for starts, prepares
 * and tests that end by their work. `assumed` (may be NULL) gets the part that is not known from the plan. */
double sb_schedule_seconds(const struct sb_schedule *schedule, double *assumed);
double sb_boot_seconds(const struct sb_plan *plan, const struct sb_planned_boot *boot);

/* What the audit would say of the results, and what cannot come out: each with the audit's code when there is
 * one. */
struct sb_plan_warning {
    const char *code; /* MEMORY_TOO_SHORT, VCPUS_CANNOT_ACT ...; never NULL */
    const char *message;
};
size_t sb_plan_warnings(const struct sb_plan *plan, struct sb_arena *arena,
                        struct sb_plan_warning **warnings);

#endif
