#include "collect/schedule.h"

#include "core/alloc.h"
#include "core/random.h"

/* Fisher and Yates's shuffle of pointers, as Durstenfeld wrote it (CACM 7 (1964) 420). */
static void shuffle(struct sb_random *random, const void **v, size_t nr)
{
    for (size_t i = nr; i > 1; i--) {
        size_t k = sb_random_below(random, i);
        const void *swap = v[i - 1];
        v[i - 1] = v[k];
        v[k] = swap;
    }
}

struct cell {
    const struct sb_plan_platform *platform;
    const struct sb_plan_config *config;
    const struct sb_plan_test **tests;
    size_t tests_nr;
};

static struct cell *make_cells(struct sb_arena *arena, const struct sb_plan *plan, size_t *nr)
{
    struct cell *cells = sb_arena_calloc(arena, plan->platforms_nr * plan->configs_nr + 1, sizeof *cells);
    *nr = 0;
    for (size_t p = 0; p < plan->platforms_nr; p++)
        for (size_t c = 0; c < plan->configs_nr; c++) {
            struct cell *cell = &cells[*nr];
            *cell = (struct cell){.platform = &plan->platforms[p], .config = &plan->configs[c]};
            cell->tests = sb_arena_calloc(arena, plan->tests_nr + 1, sizeof *cell->tests);
            for (size_t t = 0; t < plan->tests_nr; t++)
                if (!sb_plan_excludes(plan, cell->platform, cell->config, &plan->tests[t]))
                    cell->tests[cell->tests_nr++] = &plan->tests[t];
            if (cell->tests_nr) ++*nr;
        }
    return cells;
}

struct maker {
    struct sb_schedule *schedule;
    const struct sb_plan *plan;
    struct sb_random random;
};

/* Every repetition is a round of all tests, so that they are spread over the boot. */
static void make_runs(struct maker *m, struct sb_planned_boot *boot, const struct cell *cell)
{
    struct sb_arena *arena = &m->schedule->arena;
    const void **round = sb_arena_calloc(arena, cell->tests_nr, sizeof *round);
    boot->runs = sb_arena_calloc(arena, cell->tests_nr * m->plan->repetitions, sizeof *boot->runs);
    for (unsigned repetition = 1; repetition <= m->plan->repetitions; repetition++) {
        for (size_t t = 0; t < cell->tests_nr; t++)
            round[t] = cell->tests[t];
        if (m->plan->order == SB_PLAN_RANDOMISED) shuffle(&m->random, round, cell->tests_nr);
        for (size_t t = 0; t < cell->tests_nr; t++) {
            struct sb_planned_run *run = &boot->runs[boot->runs_nr++];
            run->test = round[t];
            run->repetition = repetition;
            run->order = m->schedule->runs_nr++;
            run->log = sb_arena_printf(arena, "%s/%s/%s_b%u_r%u.log", cell->platform->name,
                                       cell->config->name, run->test->name, boot->boot, repetition);
        }
    }
}

void sb_schedule_make(struct sb_schedule *schedule, const struct sb_plan *plan)
{
    struct maker m = {.schedule = schedule, .plan = plan};
    size_t nr;
    memset(schedule, 0, sizeof *schedule);
    sb_arena_init(&schedule->arena);
    sb_random_seed(&m.random, plan->seed);
    struct cell *cells = make_cells(&schedule->arena, plan, &nr);
    const void **block = sb_arena_calloc(&schedule->arena, nr + 1, sizeof *block);
    schedule->boots = sb_arena_calloc(&schedule->arena, nr * plan->boots + 1, sizeof *schedule->boots);
    for (unsigned boot = 1; boot <= plan->boots; boot++) {
        for (size_t i = 0; i < nr; i++)
            block[i] = &cells[i];
        if (plan->order == SB_PLAN_RANDOMISED) shuffle(&m.random, block, nr);
        for (size_t i = 0; i < nr; i++) {
            const struct cell *cell = block[i];
            struct sb_planned_boot *planned = &schedule->boots[schedule->boots_nr++];
            planned->platform = cell->platform;
            planned->config = cell->config;
            planned->boot = boot;
            make_runs(&m, planned, cell);
        }
    }
}

void sb_schedule_free(struct sb_schedule *schedule)
{
    sb_arena_free(&schedule->arena);
    memset(schedule, 0, sizeof *schedule);
}
