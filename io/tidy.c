#include "io/tidy.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/csv.h"
#include "io/number.h"
#include "io/table.h"

void sb_tidy_write(struct sb_strbuf *out, struct sb_dataset *ds)
{
    struct sb_table table;
    sb_table_init(&table);
    sb_table_of_runs(&table, ds);
    sb_table_write_csv(out, &table);
    sb_table_free(&table);
}

static void header(struct sb_strbuf *out, const char *const *names)
{
    bool first = true;
    for (; *names; names++)
        sb_csv_field(out, &first, *names);
    sb_csv_end_row(out, &first);
}

void sb_tidy_write_series(struct sb_strbuf *out, struct sb_dataset *ds)
{
    static const char *const names[] = {"source", "run",   "line", "elapsed_s",
                                        "metric", "value", "unit", NULL};
    struct sb_strbuf metric = SB_STRBUF_INIT;
    bool first = true;
    header(out, names);
    for (size_t i = 0; i < ds->runs_nr; i++)
        for (size_t j = 0; j < ds->runs[i].points_nr; j++) {
            const struct sb_point *p = &ds->runs[i].points[j];
            sb_csv_field(out, &first, ds->runs[i].source);
            sb_csv_count(out, &first, ds->runs[i].ordinal);
            sb_csv_count(out, &first, p->line);
            sb_csv_number(out, &first, p->elapsed_s);
            sb_strbuf_clear(&metric);
            sb_strbuf_addf(&metric, "%s%s", p->checkpoint ? "checkpoint." : "", p->metric);
            sb_csv_field(out, &first, metric.buf);
            sb_csv_number(out, &first, p->value);
            sb_csv_field(out, &first, p->unit);
            sb_csv_end_row(out, &first);
        }
    sb_strbuf_release(&metric);
}

void sb_tidy_write_histogram(struct sb_strbuf *out, struct sb_dataset *ds)
{
    static const char *const names[] = {"source", "run", "line", "value_ms", "count", NULL};
    bool first = true;
    header(out, names);
    for (size_t i = 0; i < ds->runs_nr; i++)
        for (size_t j = 0; j < ds->runs[i].buckets_nr; j++) {
            const struct sb_bucket *b = &ds->runs[i].buckets[j];
            sb_csv_field(out, &first, ds->runs[i].source);
            sb_csv_count(out, &first, ds->runs[i].ordinal);
            sb_csv_count(out, &first, b->line);
            sb_csv_number(out, &first, b->value_ms);
            sb_csv_count(out, &first, b->count);
            sb_csv_end_row(out, &first);
        }
}

/* ---- reading ---- */

bool sb_tidy_detect(const char *text, size_t len)
{
    static const char *const wanted[] = {"source", "metric", "value"};
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    const char *end = memchr(text, '\n', len < 65536 ? len : 65536);
    size_t line = end ? (size_t)(end - text) : len < 65536 ? len : 65536;
    size_t found = 0;
    for (size_t i = 0; i < line; i++) {
        size_t n = 0;
        while (i + n < line && text[i + n] != ',' && text[i + n] != '\r')
            n++;
        for (size_t k = 0; k < SB_ARRAY_SIZE(wanted); k++)
            found += n == strlen(wanted[k]) && memcmp(text + i, wanted[k], n) == 0;
        i += n;
    }
    return found == SB_ARRAY_SIZE(wanted);
}

struct tidy_reader {
    struct sb_dataset *ds;
    const char *name;
    size_t first_run; /* runs before it were there before this file */
    size_t *slots;    /* open hash table of (source, ordinal): run index + 1, 0 free */
    size_t slots_nr;  /* a power of two */
};

/* Columns that are not labels. */
static bool is_run_column(const char *name)
{
    static const char *const columns[] = {"source", "run",    "line",  "kind", "version",    "threads",
                                          "status", "metric", "value", "unit", "resolution", "origin"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(columns); i++)
        if (strcmp(columns[i], name) == 0) return true;
    return false;
}

static const char *text_field(const struct sb_csv_row *row, const char *name)
{
    const char *field = sb_csv_get(row, name);
    return field ? sb_csv_unescape(field) : "";
}

static bool bad_field(const struct tidy_reader *r, const struct sb_csv_row *row, const char *column,
                      struct sb_err *err)
{
    struct sb_strbuf shown = SB_STRBUF_INIT;
    const char *field = sb_csv_get(row, column);
    sb_text_visible(&shown, field, strnlen(field, 60), false);
    sb_fail(err, SB_ERR_FORMAT, "%s:%zu: column \"%s\": \"%s\" is not a valid value", r->name, row->line,
            column, shown.buf);
    sb_strbuf_release(&shown);
    return false;
}

static bool count_field(const struct tidy_reader *r, const struct sb_csv_row *row, const char *column,
                        uint32_t *count, struct sb_err *err)
{
    const char *field = sb_csv_get(row, column);
    double value;
    *count = 0;
    if (!field || !*field) return true;
    if (!sb_number_parse(field, strlen(field), &value) || value < 0 || value > UINT32_MAX ||
        value != floor(value))
        return bad_field(r, row, column, err);
    *count = (uint32_t)value;
    return true;
}

/* The slot of a run; sources are interned, so the pointer is the name. Only for look-up: no order comes from
 * it. */
static size_t *slot_of(const struct tidy_reader *r, const char *source, uint32_t ordinal)
{
    size_t i = ((uintptr_t)source / 16 * 31 + ordinal) & (r->slots_nr - 1);
    while (r->slots[i]) {
        const struct sb_run *run = &r->ds->runs[r->slots[i] - 1];
        if (run->source == source && run->ordinal == ordinal) break;
        i = (i + 1) & (r->slots_nr - 1);
    }
    return &r->slots[i];
}

static void grow_slots(struct tidy_reader *r)
{
    free(r->slots);
    r->slots_nr = r->slots_nr ? r->slots_nr * 2 : 64;
    r->slots = sb_xcalloc(r->slots_nr, sizeof *r->slots);
    for (size_t i = r->first_run; i < r->ds->runs_nr; i++)
        *slot_of(r, r->ds->runs[i].source, r->ds->runs[i].ordinal) = i + 1;
}

/* The run of this row, wherever its other rows stand in the file (a spreadsheet may have sorted them). */
static struct sb_run *run_of_row(struct tidy_reader *r, const char *source, uint32_t ordinal, bool *fresh)
{
    struct sb_dataset *ds = r->ds;
    if (2 * (ds->runs_nr - r->first_run + 1) > r->slots_nr) grow_slots(r);
    source = sb_dataset_intern(ds, source);
    size_t *slot = slot_of(r, source, ordinal);
    *fresh = !*slot;
    if (*slot) return &ds->runs[*slot - 1];
    struct sb_run *run = sb_dataset_add_run(ds);
    *slot = ds->runs_nr;
    run->source = source;
    run->ordinal = ordinal;
    return run;
}

static bool take_status(const struct tidy_reader *r, struct sb_run *run, const struct sb_csv_row *row,
                        struct sb_err *err)
{
    const char *status = sb_csv_get(row, "status");
    run->status = SB_COMPLETE;
    if (!status || !*status) return true;
    for (int s = SB_COMPLETE; s <= SB_FAILED; s++)
        if (strcmp(status, sb_status_text((enum sb_status)s)) == 0) {
            run->status = (enum sb_status)s;
            if (s != SB_COMPLETE) run->status_reason = "as recorded in the CSV";
            return true;
        }
    return bad_field(r, row, "status", err);
}

static bool start_run(struct tidy_reader *r, struct sb_run *run, const struct sb_csv_row *row,
                      struct sb_err *err)
{
    run->kind = sb_dataset_intern(r->ds, text_field(row, "kind"));
    run->version = sb_dataset_intern(r->ds, text_field(row, "version"));
    if (!count_field(r, row, "threads", &run->threads, err) || !take_status(r, run, row, err)) return false;
    for (size_t i = 0; i < row->nr; i++)
        if (row->fields[i][0] && !is_run_column(row->names[i]))
            sb_run_set_label(r->ds, run, row->names[i], sb_csv_unescape(row->fields[i]));
    return true;
}

static bool take_value(struct tidy_reader *r, struct sb_run *run, const struct sb_csv_row *row, uint32_t line,
                       struct sb_err *err)
{
    const char *metric = text_field(row, "metric"), *value = sb_csv_get(row, "value");
    const char *resolution = sb_csv_get(row, "resolution"), *unit = sb_csv_get(row, "unit");
    struct sb_value v = {.metric = metric,
                         .unit = unit && *unit ? unit : sb_metric_unit(metric),
                         .line = line,
                         .resolution = NAN};
    if (!*value) return true; /* missing is missing */
    if (!sb_number_parse(value, strlen(value), &v.value)) return bad_field(r, row, "value", err);
    if (resolution && *resolution && !sb_number_parse(resolution, strlen(resolution), &v.resolution))
        return bad_field(r, row, "resolution", err);
    v.origin = strcmp(text_field(row, "origin"), "derived") == 0 ? SB_DERIVED : SB_PRINTED;
    if (!sb_run_add_value(r->ds, run, &v))
        return sb_fail(err, SB_ERR_FORMAT, "%s:%zu: a second value of %s for run %u of %s", r->name,
                       row->line, metric, (unsigned)run->ordinal, run->source);
    return true;
}

static void take_param(struct tidy_reader *r, struct sb_run *run, const struct sb_csv_row *row, uint32_t line)
{
    const char *name = text_field(row, "metric") + strlen("param."), *text = text_field(row, "value");
    double order;
    if (strcmp(name, "env.order") == 0 && sb_number_parse(text, strlen(text), &order) && order >= 1 &&
        order < 1e15)
        run->order = (uint64_t)order;
    else
        sb_run_set_param(r->ds, run, name, text, line);
}

static bool take_row(void *context, const struct sb_csv_row *row, struct sb_err *err)
{
    struct tidy_reader *r = context;
    uint32_t ordinal, line;
    bool fresh;
    const char *metric = text_field(row, "metric");
    if (!sb_csv_get(row, "source") || !sb_csv_get(row, "metric") || !sb_csv_get(row, "value"))
        return sb_fail(err, SB_ERR_FORMAT,
                       "%s:1: not a tidy CSV: the columns source, metric and value must be there", r->name);
    if (!count_field(r, row, "run", &ordinal, err) || !count_field(r, row, "line", &line, err)) return false;
    struct sb_run *run = run_of_row(r, text_field(row, "source"), ordinal ? ordinal : 1, &fresh);
    if (fresh && !start_run(r, run, row, err)) return false;
    if (line && (!run->first_line || line < run->first_line)) run->first_line = line;
    if (line > run->last_line) run->last_line = line;
    if (sb_has_prefix(metric, "param.")) {
        take_param(r, run, row, line);
        return true;
    }
    return !*metric || take_value(r, run, row, line, err);
}

bool sb_tidy_read(struct sb_dataset *ds, const char *name, const char *text, size_t len, struct sb_err *err)
{
    struct tidy_reader r = {.ds = ds, .name = name, .first_run = ds->runs_nr};
    bool ok = sb_csv_read(name, text, len, take_row, &r, err);
    free(r.slots);
    return ok;
}
