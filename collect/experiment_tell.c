/* Events, the time left, and texts that are fit to be published. */
#include "collect/experiment_state.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"

bool sb_wants_stop(const struct sb_experiment *e)
{
    return e->options->stop && *e->options->stop;
}

void sb_tell(struct sb_experiment *e, enum sb_collect_event_kind kind, const struct sb_planned_boot *boot,
             const struct sb_planned_run *run, const char *text)
{
    if (!e->options->event) return;
    struct sb_collect_event event = {.kind = kind,
                                     .done = e->summary->done + e->summary->failed,
                                     .total = e->schedule.runs_nr,
                                     .boot = boot,
                                     .run = run,
                                     .left = sb_seconds_left(e),
                                     .text = text};
    e->options->event(e->options->data, &event);
}

void sb_warn(struct sb_experiment *e, const struct sb_planned_boot *boot, const struct sb_planned_run *run,
             const char *format, ...)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(&text, format, args);
    va_end(args);
    sb_tell(e, SB_COLLECT_WARNING, boot, run, text.buf);
    sb_strbuf_release(&text);
}

/* ---- what is left ---- */

struct sb_planned_boot sb_pending_runs(const struct sb_experiment *e, const struct sb_planned_boot *boot,
                                       struct sb_arena *arena)
{
    struct sb_planned_boot pending = *boot;
    unsigned most = 0;
    for (size_t i = 0; i < boot->runs_nr; i++)
        if (e->standings[boot->runs[i].order].lost > most) most = e->standings[boot->runs[i].order].lost;
    pending.runs = sb_arena_calloc(arena, boot->runs_nr + 1, sizeof *pending.runs);
    pending.runs_nr = 0;
    for (unsigned lost = 0; lost <= most; lost++)
        for (size_t i = 0; i < boot->runs_nr; i++) {
            const struct sb_run_standing *standing = &e->standings[boot->runs[i].order];
            if (standing->state == SB_STATE_PENDING && standing->lost == lost)
                pending.runs[pending.runs_nr++] = boot->runs[i];
        }
    return pending;
}

static struct sb_pace *pace_of(const struct sb_experiment *e, const struct sb_planned_boot *boot)
{
    return &e->paces[boot->platform - e->plan->platforms];
}

static double ratio(const struct sb_pace *pace, double fallback)
{
    return pace->estimated > 0 && pace->measured > 0 ? pace->measured / pace->estimated : fallback;
}

double sb_seconds_left(const struct sb_experiment *e)
{
    struct sb_pace all = {0, 0};
    double left = 0;
    struct sb_arena arena;
    for (size_t i = 0; i < e->plan->platforms_nr; i++) {
        all.estimated += e->paces[i].estimated;
        all.measured += e->paces[i].measured;
    }
    if (!(all.measured > 0)) return NAN;
    sb_arena_init(&arena);
    for (size_t i = 0; i < e->schedule.boots_nr; i++) {
        const struct sb_planned_boot pending = sb_pending_runs(e, &e->schedule.boots[i], &arena);
        if (pending.runs_nr)
            left += sb_boot_seconds(e->plan, &pending) * ratio(pace_of(e, &pending), ratio(&all, 1));
    }
    sb_arena_free(&arena);
    return left;
}

void sb_pace_add(struct sb_experiment *e, const struct sb_planned_boot *boot, double wall)
{
    struct sb_pace *pace = pace_of(e, boot);
    pace->estimated += sb_boot_seconds(e->plan, boot);
    pace->measured += wall;
}

/* ---- texts ---- */

struct replacement {
    const char *from, *to;
};

static bool ends_path(char c)
{
    return !(sb_is_alnum(c) || c == '_' || c == '-' || c == '.');
}

static void add_replaced(struct sb_strbuf *out, const char *text, const struct replacement *all, size_t nr)
{
    for (const char *at = text; *at;) {
        size_t i = 0, len = 0;
        for (; i < nr; i++) {
            len = all[i].from ? strlen(all[i].from) : 0;
            if (len > 1 && strncmp(at, all[i].from, len) == 0 && ends_path(at[len])) break;
        }
        if (i == nr) {
            sb_strbuf_addc(out, *at++);
            continue;
        }
        at += len;
        sb_strbuf_adds(out, all[i].to);
        if (!*all[i].to && *at == '/') at++; /* what lies below the folder is relative to it */
    }
}

const char *sb_public_text(struct sb_experiment *e, const char *scratch, const char *text)
{
    if (!text) return NULL;
    struct sb_strbuf out = SB_STRBUF_INIT;
    char *plan_folder = *e->plan->folder ? realpath(e->plan->folder, NULL) : NULL;
    const char *home = getenv("HOME");
    const struct replacement all[] = {
        {scratch, "$RUN"},
        {e->real_folder, ""},
        {plan_folder, ""},
        {home, "~"},
    };
    add_replaced(&out, text, all, SB_ARRAY_SIZE(all));
    const char *result = sb_arena_strndup(&e->arena, out.buf, out.len);
    sb_strbuf_release(&out);
    free(plan_folder);
    return result;
}
