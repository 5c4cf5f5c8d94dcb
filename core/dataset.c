#include "core/dataset.h"

#include <math.h>
#include <stdarg.h>
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"

const char *sb_origin_text(enum sb_origin origin)
{
    return origin == SB_PRINTED ? "printed" : "derived";
}

const char *sb_status_text(enum sb_status status)
{
    return status == SB_COMPLETE ? "complete" : status == SB_PARTIAL ? "partial" : "failed";
}

void sb_dataset_init(struct sb_dataset *ds)
{
    memset(ds, 0, sizeof *ds);
    sb_arena_init(&ds->arena);
}

static void run_release(struct sb_run *run)
{
    sb_labels_release(&run->labels);
    free(run->values);
    free(run->repeats);
    free(run->params);
    free(run->points);
    free(run->buckets);
}

void sb_dataset_free(struct sb_dataset *ds)
{
    for (size_t i = 0; i < ds->runs_nr; i++)
        run_release(&ds->runs[i]);
    free(ds->runs);
    free(ds->findings);
    free(ds->sources);
    free(ds->env);
    free(ds->cells);
    sb_arena_free(&ds->arena);
    sb_dataset_init(ds);
}

const char *sb_dataset_intern(struct sb_dataset *ds, const char *s)
{
    return s ? sb_arena_intern(&ds->arena, s, strlen(s)) : NULL;
}

struct sb_run *sb_dataset_add_run(struct sb_dataset *ds)
{
    SB_ALLOC_GROW(ds->runs, ds->runs_nr + 1, ds->runs_alloc);
    struct sb_run *run = &ds->runs[ds->runs_nr++];
    memset(run, 0, sizeof *run);
    run->source = run->kind = run->version = run->status_reason = "";
    run->status = SB_FAILED;
    return run;
}

const struct sb_value *sb_run_value(const struct sb_run *run, const char *metric)
{
    for (size_t i = 0; i < run->values_nr; i++)
        if (strcmp(run->values[i].metric, metric) == 0) return &run->values[i];
    return NULL;
}

const char *sb_run_param(const struct sb_run *run, const char *name)
{
    for (size_t i = 0; i < run->params_nr; i++)
        if (strcmp(run->params[i].name, name) == 0) return run->params[i].text;
    return NULL;
}

const char *sb_run_label(const struct sb_run *run, const char *name)
{
    return sb_labels_get(&run->labels, name);
}

static void push_value(struct sb_dataset *ds, struct sb_value **list, size_t *nr, size_t *alloc,
                       const struct sb_value *value)
{
    SB_ALLOC_GROW(*list, *nr + 1, *alloc);
    struct sb_value *v = &(*list)[(*nr)++];
    *v = *value;
    v->metric = sb_dataset_intern(ds, value->metric);
    v->unit = sb_dataset_intern(ds, value->unit ? value->unit : "");
    v->text = sb_dataset_intern(ds, value->text);
}

bool sb_run_add_value(struct sb_dataset *ds, struct sb_run *run, const struct sb_value *value)
{
    if (!isfinite(value->value)) return false;
    if (!sb_run_value(run, value->metric)) {
        push_value(ds, &run->values, &run->values_nr, &run->values_alloc, value);
        return true;
    }
    if (value->origin == SB_PRINTED)
        push_value(ds, &run->repeats, &run->repeats_nr, &run->repeats_alloc, value);
    return false;
}

void sb_run_set_param(struct sb_dataset *ds, struct sb_run *run, const char *name, const char *text,
                      uint32_t line)
{
    struct sb_param param = {sb_dataset_intern(ds, name), sb_dataset_intern(ds, text), line};
    for (size_t i = 0; i < run->params_nr; i++) {
        if (strcmp(run->params[i].name, name) != 0) continue;
        run->params[i] = param;
        return;
    }
    SB_ALLOC_GROW(run->params, run->params_nr + 1, run->params_alloc);
    run->params[run->params_nr++] = param;
}

void sb_run_add_point(struct sb_dataset *ds, struct sb_run *run, const struct sb_point *point)
{
    SB_ALLOC_GROW(run->points, run->points_nr + 1, run->points_alloc);
    struct sb_point *p = &run->points[run->points_nr++];
    *p = *point;
    p->metric = sb_dataset_intern(ds, point->metric);
    p->unit = sb_dataset_intern(ds, point->unit ? point->unit : "");
}

void sb_run_add_bucket(struct sb_run *run, double value_ms, uint64_t count, uint32_t line)
{
    SB_ALLOC_GROW(run->buckets, run->buckets_nr + 1, run->buckets_alloc);
    run->buckets[run->buckets_nr++] = (struct sb_bucket){value_ms, count, line};
}

void sb_run_set_label(struct sb_dataset *ds, struct sb_run *run, const char *name, const char *value)
{
    sb_labels_set(&run->labels, sb_dataset_intern(ds, name), sb_dataset_intern(ds, value));
}

bool sb_run_closed_loop(const struct sb_run *run)
{
    const char *rate = sb_run_param(run, "rate");
    return !rate || strcmp(rate, "0") == 0;
}

bool sb_run_bounded_by_events(const struct sb_run *run)
{
    const char *events = sb_run_param(run, "events");
    if (!events) events = sb_run_param(run, "max-requests");
    if (events) return strcmp(events, "0") != 0;
    return strcmp(run->kind, "mutex") == 0;
}

const char *sb_run_where(struct sb_dataset *ds, const struct sb_run *run, uint32_t line)
{
    return sb_arena_printf(&ds->arena, "%s:%u", run->source, (unsigned)(line ? line : run->first_line));
}

static struct sb_finding *add_finding(struct sb_dataset *ds, const char *code, enum sb_severity severity,
                                      const char *format, va_list args)
{
    struct sb_strbuf message = SB_STRBUF_INIT;
    sb_strbuf_vaddf(&message, format, args);
    SB_ALLOC_GROW(ds->findings, ds->findings_nr + 1, ds->findings_alloc);
    struct sb_finding *f = &ds->findings[ds->findings_nr++];
    *f = (struct sb_finding){.code = sb_dataset_intern(ds, code),
                             .severity = severity,
                             .message = sb_arena_strndup(&ds->arena, message.buf, message.len),
                             .run_index = SB_NO_RUN,
                             .other_run_index = SB_NO_RUN};
    sb_strbuf_release(&message);
    return f;
}

struct sb_finding *sb_dataset_add_finding(struct sb_dataset *ds, const char *code, enum sb_severity severity,
                                          size_t run_index, uint32_t line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct sb_finding *f = add_finding(ds, code, severity, format, args);
    va_end(args);
    f->line = line;
    f->run_index = run_index;
    if (run_index != SB_NO_RUN) {
        f->source = ds->runs[run_index].source;
        f->ordinal = ds->runs[run_index].ordinal;
        if (severity == SB_ERROR) ds->runs[run_index].suspect = true;
    }
    return f;
}

struct sb_finding *sb_dataset_add_file_finding(struct sb_dataset *ds, const char *code,
                                               enum sb_severity severity, const char *source, uint32_t line,
                                               const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct sb_finding *f = add_finding(ds, code, severity, format, args);
    va_end(args);
    f->source = sb_dataset_intern(ds, source);
    f->line = line;
    return f;
}

struct sorted_run {
    struct sb_run run;
    size_t was;
};

static int sorted_run_cmp(const void *pa, const void *pb)
{
    const struct sorted_run *a = pa, *b = pb;
    int cmp = strcmp(a->run.source, b->run.source);
    if (cmp) return cmp;
    if (a->run.ordinal != b->run.ordinal) return a->run.ordinal < b->run.ordinal ? -1 : 1;
    return a->was < b->was ? -1 : a->was > b->was;
}

/* Points every finding at the run's new index; SB_NO_RUN in `now` means the run is gone. */
static void renumber_findings(struct sb_dataset *ds, const size_t *now)
{
    size_t kept = 0;
    for (size_t i = 0; i < ds->findings_nr; i++) {
        struct sb_finding f = ds->findings[i];
        if (f.run_index != SB_NO_RUN) {
            f.run_index = now[f.run_index];
            if (f.run_index == SB_NO_RUN) continue;
        }
        if (f.other_run_index != SB_NO_RUN) f.other_run_index = now[f.other_run_index];
        ds->findings[kept++] = f;
    }
    ds->findings_nr = kept;
}

void sb_dataset_sort(struct sb_dataset *ds)
{
    struct sorted_run *sorted = sb_xreallocarray(NULL, ds->runs_nr, sizeof *sorted);
    size_t *now = sb_xreallocarray(NULL, ds->runs_nr, sizeof *now);
    for (size_t i = 0; i < ds->runs_nr; i++)
        sorted[i] = (struct sorted_run){ds->runs[i], i};
    if (ds->runs_nr) qsort(sorted, ds->runs_nr, sizeof *sorted, sorted_run_cmp);
    for (size_t i = 0; i < ds->runs_nr; i++) {
        ds->runs[i] = sorted[i].run;
        now[sorted[i].was] = i;
    }
    renumber_findings(ds, now);
    free(sorted);
    free(now);
}

void sb_dataset_filter(struct sb_dataset *ds, const struct sb_filter *filters, size_t nr)
{
    size_t *now = sb_xreallocarray(NULL, ds->runs_nr, sizeof *now);
    size_t kept = 0;
    for (size_t i = 0; i < ds->runs_nr; i++) {
        bool keep = sb_labels_match(&ds->runs[i].labels, filters, nr);
        now[i] = keep ? kept : SB_NO_RUN;
        if (keep)
            ds->runs[kept++] = ds->runs[i];
        else
            run_release(&ds->runs[i]);
    }
    ds->runs_nr = kept;
    renumber_findings(ds, now);
    free(now);
}

static void add_distinct(const char ***list, size_t *nr, size_t *alloc, const char *s)
{
    for (size_t i = 0; i < *nr; i++)
        if ((*list)[i] == s || strcmp((*list)[i], s) == 0) return;
    SB_ALLOC_GROW(*list, *nr + 1, *alloc);
    (*list)[(*nr)++] = s;
}

/* Moves a malloc'd list into the arena, sorted by `cmp` of (context, a, b). */
static const char **keep_sorted(struct sb_dataset *ds, const char **list, size_t nr,
                                int (*cmp)(const char *context, const char *a, const char *b),
                                const char *context)
{
    const char **kept = sb_arena_alloc(&ds->arena, (nr + 1) * sizeof *kept);
    for (size_t i = 0; i < nr; i++) {
        size_t at = i;
        while (at && cmp(context, list[i], kept[at - 1]) < 0) {
            kept[at] = kept[at - 1];
            at--;
        }
        kept[at] = list[i];
    }
    kept[nr] = NULL;
    free(list);
    return kept;
}

static int name_cmp(const char *context, const char *a, const char *b)
{
    (void)context;
    return sb_label_name_cmp(a, b);
}

const char **sb_dataset_label_names(struct sb_dataset *ds, size_t *nr)
{
    const char **list = NULL;
    size_t alloc = 0;
    *nr = 0;
    for (size_t i = 0; i < ds->runs_nr; i++)
        for (size_t j = 0; j < ds->runs[i].labels.nr; j++)
            add_distinct(&list, nr, &alloc, ds->runs[i].labels.v[j].name);
    return keep_sorted(ds, list, *nr, name_cmp, NULL);
}

const char **sb_dataset_label_values(struct sb_dataset *ds, const char *name, size_t *nr)
{
    const char **list = NULL;
    size_t alloc = 0;
    *nr = 0;
    for (size_t i = 0; i < ds->runs_nr; i++) {
        const char *value = sb_run_label(&ds->runs[i], name);
        if (value) add_distinct(&list, nr, &alloc, value);
    }
    return keep_sorted(ds, list, *nr, sb_label_value_cmp, name);
}

int sb_run_cell_cmp(const struct sb_run *a, const struct sb_run *b)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a->labels.nr && !sb_label_splits_cells(a->labels.v[i].name))
            i++;
        while (j < b->labels.nr && !sb_label_splits_cells(b->labels.v[j].name))
            j++;
        if (i == a->labels.nr || j == b->labels.nr) return (i < a->labels.nr) - (j < b->labels.nr);
        int cmp = strcmp(a->labels.v[i].name, b->labels.v[j].name);
        if (!cmp) cmp = strcmp(a->labels.v[i].value, b->labels.v[j].value);
        if (cmp) return cmp;
        i++, j++;
    }
}

bool sb_run_same_cell(const struct sb_run *a, const struct sb_run *b)
{
    return sb_run_cell_cmp(a, b) == 0;
}
