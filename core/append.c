/* Joining datasets; declared in dataset.h. */
#include "core/dataset.h"

#include "core/alloc.h"

static void copy_values(struct sb_dataset *to, struct sb_run *run, const struct sb_value *values, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        sb_run_add_value(
            to, run,
            &values[i]); /* a repeat comes after its first: it is refused and kept as a repeat again */
}

static void copy_run(struct sb_dataset *to, const struct sb_run *from)
{
    struct sb_run *run = sb_dataset_add_run(to);
    *run = (struct sb_run){.source = sb_dataset_intern(to, from->source),
                           .ordinal = from->ordinal,
                           .first_line = from->first_line,
                           .last_line = from->last_line,
                           .kind = sb_dataset_intern(to, from->kind),
                           .version = sb_dataset_intern(to, from->version),
                           .threads = from->threads,
                           .status = from->status,
                           .status_reason = sb_dataset_intern(to, from->status_reason),
                           .warnings = from->warnings,
                           .errors = from->errors,
                           .fatals = from->fatals,
                           .excerpt = from->excerpt ? sb_arena_strdup(&to->arena, from->excerpt) : NULL,
                           .excerpt_line = from->excerpt_line,
                           .order = from->order,
                           .suspect = from->suspect};
    for (size_t i = 0; i < from->labels.nr; i++)
        sb_run_set_label(to, run, from->labels.v[i].name, from->labels.v[i].value);
    copy_values(to, run, from->values, from->values_nr);
    copy_values(to, run, from->repeats, from->repeats_nr);
    for (size_t i = 0; i < from->params_nr; i++)
        sb_run_set_param(to, run, from->params[i].name, from->params[i].text, from->params[i].line);
    for (size_t i = 0; i < from->points_nr; i++)
        sb_run_add_point(to, run, &from->points[i]);
    for (size_t i = 0; i < from->buckets_nr; i++)
        sb_run_add_bucket(run, from->buckets[i].value_ms, from->buckets[i].count, from->buckets[i].line);
}

static void copy_finding(struct sb_dataset *to, const struct sb_finding *from, size_t run, size_t other)
{
    SB_ALLOC_GROW(to->findings, to->findings_nr + 1, to->findings_alloc);
    struct sb_finding *f = &to->findings[to->findings_nr++];
    *f = *from;
    f->code = sb_dataset_intern(to, from->code);
    f->source = sb_dataset_intern(to, from->source);
    f->other_source = sb_dataset_intern(to, from->other_source);
    f->message = sb_arena_strdup(&to->arena, from->message);
    f->metric = sb_dataset_intern(to, from->metric);
    f->run_index = run;
    f->other_run_index = other;
}

void sb_dataset_append(struct sb_dataset *to, const struct sb_dataset *from, const bool *keep)
{
    size_t *now = sb_xreallocarray(NULL, from->runs_nr, sizeof *now);
    for (size_t i = 0; i < from->runs_nr; i++) {
        now[i] = !keep || keep[i] ? to->runs_nr : SB_NO_RUN;
        if (now[i] != SB_NO_RUN) copy_run(to, &from->runs[i]);
    }
    for (size_t i = 0; i < from->findings_nr; i++) {
        const struct sb_finding *f = &from->findings[i];
        size_t run = f->run_index == SB_NO_RUN ? SB_NO_RUN : now[f->run_index];
        size_t other = f->other_run_index == SB_NO_RUN ? SB_NO_RUN : now[f->other_run_index];
        if (run != SB_NO_RUN || (f->run_index == SB_NO_RUN && !keep)) copy_finding(to, f, run, other);
    }
    free(now);
}
