#include "cli/report_diff.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>
#include "core/alloc.h"
#include "core/metric.h"
#include "core/platform.h"
#include "core/text.h"
#include "io/json.h"
#include "io/number.h"
#include "io/outfile.h"

static const char *const section_texts[] = {"setting", "cell", "mean", "verdict", "finding"};
static const char *const change_texts[] = {"added", "removed", "changed"};
static const char *const direction_texts[] = {"", "better", "worse"};

const char *sb_diff_section_text(enum sb_diff_section section)
{
    return section_texts[section];
}

const char *sb_diff_change_text(enum sb_diff_change change)
{
    return change_texts[change];
}

const char *sb_diff_direction_text(enum sb_diff_direction direction)
{
    return direction_texts[direction];
}

int sb_diff_verdict_rank(const char *verdict)
{
    static const char *const order[] = {"slower", "inconclusive", "equivalent", "faster"};
    for (int i = 0; verdict && i < (int)SB_ARRAY_SIZE(order); i++)
        if (strcmp(order[i], verdict) == 0) return i;
    return 1;
}

/* ---- a report as sorted records ---- */

enum { KEYS = 6 };

/* One row of a report: what it is about (labels, keys) and what it says. */
struct record {
    struct sb_labels labels; /* array in the arena */
    const char *keys[KEYS];  /* NULL sorts first */
    double value;
    const char *text, *better, *unit;
    size_t line;
};

struct records {
    struct record *v;
    size_t nr, alloc;
};

struct side {
    struct records settings, means, verdicts, findings;
};

static int text_cmp(const char *a, const char *b)
{
    if (!a || !b) return (a != NULL) - (b != NULL);
    return sb_natural_cmp(a, b);
}

static int record_cmp(const struct record *a, const struct record *b)
{
    int cmp = sb_labels_cmp(&a->labels, &b->labels);
    for (size_t i = 0; i < KEYS && !cmp; i++)
        cmp = text_cmp(a->keys[i], b->keys[i]);
    return cmp;
}

static int record_qsort_cmp(const void *a, const void *b)
{
    return record_cmp(a, b);
}

static struct record *add_record(struct records *list)
{
    SB_ALLOC_GROW(list->v, list->nr + 1, list->alloc);
    list->v[list->nr] = (struct record){.value = NAN};
    return &list->v[list->nr++];
}

static const char *keep_text(struct sb_arena *arena, struct json_object *value)
{
    char buf[SB_NUMBER_MAX];
    switch (json_object_get_type(value)) {
    case json_type_string: {
        const char *s = json_object_get_string(value);
        return sb_arena_intern(arena, s, strlen(s));
    }
    case json_type_int:
    case json_type_double:
        return sb_arena_strndup(arena, buf, sb_number_format(json_object_get_double(value), buf));
    case json_type_boolean: return json_object_get_boolean(value) ? "true" : "false";
    default: return NULL;
    }
}

static const char *text_of(struct sb_arena *arena, struct json_object *row, const char *name)
{
    return keep_text(arena, json_object_object_get(row, name));
}

static double number_of(struct json_object *row, const char *name)
{
    struct json_object *value = json_object_object_get(row, name);
    bool number = json_object_is_type(value, json_type_double) || json_object_is_type(value, json_type_int);
    return number ? json_object_get_double(value) : NAN;
}

static bool is_one_of(const char *name, const char *const *list)
{
    while (*list && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

/* Labels are the members with a text that are not columns: figures are numbers, findings an array. */
static struct sb_labels labels_of(struct sb_arena *arena, struct json_object *row, const char *const *columns)
{
    struct sb_labels set = SB_LABELS_INIT, kept;
    json_object_object_foreach(row, name, value)
    {
        if (!json_object_is_type(value, json_type_string) || is_one_of(name, columns)) continue;
        sb_labels_set(&set, sb_arena_intern(arena, name, strlen(name)), keep_text(arena, value));
    }
    kept = (struct sb_labels){sb_arena_alloc(arena, (set.nr + 1) * sizeof *kept.v), set.nr, set.nr};
    if (set.nr) memcpy(kept.v, set.v, set.nr * sizeof *kept.v);
    sb_labels_release(&set);
    return kept;
}

static bool has_code(struct json_object *row, const char *code)
{
    struct json_object *codes = json_object_object_get(row, "findings");
    for (size_t i = 0; json_object_is_type(codes, json_type_array) && i < json_object_array_length(codes);
         i++) {
        const char *text = json_object_get_string(json_object_array_get_idx(codes, i));
        if (text && strcmp(text, code) == 0) return true;
    }
    return false;
}

static void take_mean(struct sb_arena *arena, struct side *side, struct json_object *row)
{
    static const char *const columns[] = {"metric", "unit", "better", NULL};
    struct record *r = add_record(&side->means);
    r->labels = labels_of(arena, row, columns);
    r->keys[0] = text_of(arena, row, "metric");
    r->keys[1] = r->unit = text_of(arena, row, "unit");
    r->better = text_of(arena, row, "better");
    r->value = number_of(row, "mean");
}

static void take_verdict(struct sb_arena *arena, struct side *side, struct json_object *row)
{
    static const char *const columns[] = {"factor", "baseline", "level",   "metric",    "unit",
                                          "better", "group",    "verdict", "estimator", NULL};
    static const char *const keys[] = {"factor", "baseline", "level", "metric"};
    if (number_of(row, "primary") != 1) return; /* the others repeat it */
    struct record *r = add_record(&side->verdicts);
    r->labels = labels_of(arena, row, columns);
    for (size_t i = 0; i < SB_ARRAY_SIZE(keys); i++)
        r->keys[i] = text_of(arena, row, keys[i]);
    r->text = has_code(row, "ACCELERATORS_DIFFER") ? "barred" : text_of(arena, row, "verdict");
    r->unit = text_of(arena, row, "unit");
}

static void take_finding(struct sb_arena *arena, struct side *side, struct json_object *row)
{
    static const char *const keys[] = {"code", "severity", "source", "run", "message"};
    struct record *r = add_record(&side->findings);
    double line = number_of(row, "line");
    for (size_t i = 0; i < SB_ARRAY_SIZE(keys); i++)
        r->keys[i] = text_of(arena, row, keys[i]);
    r->line = line > 0 ? (size_t)line : 0;
}

static void take_fact(struct sb_arena *arena, struct side *side, struct json_object *row)
{
    const char *section = text_of(arena, row, "section"), *name = text_of(arena, row, "name");
    struct record *r = add_record(&side->settings);
    r->keys[0] = sb_arena_printf(arena, "%s.%s", section ? section : "", name ? name : "");
    r->keys[1] = NULL;
    r->text = text_of(arena, row, "value");
}

static void take_setting(struct sb_arena *arena, struct side *side, const char *name,
                         struct json_object *value)
{
    struct record *r = add_record(&side->settings);
    r->keys[0] = sb_arena_strdup(arena, name);
    r->text = keep_text(arena, value);
}

static void each_row(struct sb_arena *arena, struct side *side, struct json_object *root, const char *name,
                     void (*take)(struct sb_arena *, struct side *, struct json_object *))
{
    struct json_object *rows = json_object_object_get(root, name);
    for (size_t i = 0; json_object_is_type(rows, json_type_array) && i < json_object_array_length(rows);
         i++) {
        struct json_object *row = json_object_array_get_idx(rows, i);
        if (json_object_is_type(row, json_type_object)) take(arena, side, row);
    }
}

static void take_report(struct sb_arena *arena, struct side *side, struct json_object *root)
{
    struct json_object *settings = json_object_object_get(root, "settings");
    if (json_object_is_type(settings, json_type_object)) {
        json_object_object_foreach(settings, name, value) take_setting(arena, side, name, value);
    }
    take_setting(arena, side, "version", json_object_object_get(root, "version"));
    each_row(arena, side, root, "environment", take_fact);
    each_row(arena, side, root, "summary", take_mean);
    each_row(arena, side, root, "comparisons", take_verdict);
    each_row(arena, side, root, "audit", take_finding);
    struct records *lists[] = {&side->settings, &side->means, &side->verdicts, &side->findings};
    for (size_t i = 0; i < SB_ARRAY_SIZE(lists); i++)
        if (lists[i]->nr) qsort(lists[i]->v, lists[i]->nr, sizeof *lists[i]->v, record_qsort_cmp);
}

static void side_release(struct side *side)
{
    free(side->settings.v);
    free(side->means.v);
    free(side->verdicts.v);
    free(side->findings.v);
}

/* ---- reading ---- */

static const size_t size_limit = (size_t)1 << 30;

static bool is_report(struct json_object *root, const char *name, struct sb_err *err)
{
    struct json_object *command = json_object_object_get(root, "command");
    bool report = json_object_is_type(command, json_type_string) &&
                  strcmp(json_object_get_string(command), "report") == 0 &&
                  json_object_is_type(json_object_object_get(root, "summary"), json_type_array);
    if (!report) return sb_fail(err, SB_ERR_FORMAT, "%s: not a report.json of sbstat", name);
    if (number_of(root, "schema_version") == 1) return true;
    return sb_fail(err, SB_ERR_FORMAT, "%s: its schema_version is not 1, the only one that this sbstat reads",
                   name);
}

static bool read_report(struct sb_arena *arena, struct side *side, const char *path, struct sb_err *err)
{
    struct stat st;
    char *text;
    size_t len;
    bool folder = strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    const char *file = folder ? sb_arena_printf(arena, "%s/report.json", path) : path;
    if (!sb_read_file(file, size_limit, &text, &len, err)) return false;
    struct json_object *root = sb_json_parse(file, text, len, err);
    bool ok = root && is_report(root, file, err);
    if (ok) take_report(arena, side, root);
    json_object_put(root);
    free(text);
    return ok;
}

/* ---- comparing ---- */

static struct sb_diff_row *add_row(struct sb_report_diff *diff, enum sb_diff_section section,
                                   enum sb_diff_change change)
{
    SB_ALLOC_GROW(diff->rows, diff->nr + 1, diff->alloc);
    diff->rows[diff->nr] =
        (struct sb_diff_row){.section = section, .change = change, .before = NAN, .after = NAN};
    return &diff->rows[diff->nr++];
}

/* Walks two sorted lists together; `see` gets each pair, one of them NULL when the other list does not have
 * it. */
static void merge(struct sb_report_diff *diff, const struct records *before, const struct records *after,
                  void *context,
                  void (*see)(struct sb_report_diff *diff, void *context, const struct record *before,
                              const struct record *after))
{
    size_t i = 0, j = 0;
    while (i < before->nr || j < after->nr) {
        int cmp = i == before->nr ? 1 : j == after->nr ? -1 : record_cmp(&before->v[i], &after->v[j]);
        see(diff, context, cmp <= 0 ? &before->v[i] : NULL, cmp >= 0 ? &after->v[j] : NULL);
        i += cmp <= 0;
        j += cmp >= 0;
    }
}

static enum sb_diff_change change_of(const struct record *before, const struct record *after)
{
    return !before ? SB_DIFF_ADDED : !after ? SB_DIFF_REMOVED : SB_DIFF_CHANGED;
}

static void see_setting(struct sb_report_diff *diff, void *context, const struct record *before,
                        const struct record *after)
{
    const char *was = before ? before->text : NULL, *is = after ? after->text : NULL;
    if (before && after && sb_streq(was, is)) return;
    struct sb_diff_row *row = add_row(diff, SB_DIFF_SETTING, change_of(before, after));
    row->metric = (before ? before : after)->keys[0];
    row->text_before = was;
    row->text_after = is;
}

/* Does the other report have any figure of this cell? */
static bool has_cell(const struct records *list, const struct sb_labels *labels)
{
    size_t low = 0, high = list->nr;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int cmp = sb_labels_cmp(&list->v[middle].labels, labels);
        if (!cmp) return true;
        if (cmp < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool same_value(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static enum sb_diff_direction direction_of(const char *better, double before, double after)
{
    if (!better || !*better || !(before < after || before > after)) return SB_DIFF_NEUTRAL;
    return (after > before) == (strcmp(better, "higher") == 0) ? SB_DIFF_BETTER : SB_DIFF_WORSE;
}

struct both_means {
    const struct records *before, *after;
};

/* A cell that one report lacks altogether is one row. */
static void see_mean(struct sb_report_diff *diff, void *context, const struct record *before,
                     const struct record *after)
{
    const struct both_means *means = context;
    const struct record *one = before ? before : after;
    if (before && after && same_value(before->value, after->value)) return;
    if ((!before || !after) && !has_cell(before ? means->after : means->before, &one->labels)) {
        const struct sb_diff_row *last = diff->nr ? &diff->rows[diff->nr - 1] : NULL;
        if (last && last->section == SB_DIFF_CELL && sb_labels_cmp(&last->labels, &one->labels) == 0) return;
        add_row(diff, SB_DIFF_CELL, change_of(before, after))->labels = one->labels;
        return;
    }
    struct sb_diff_row *row = add_row(diff, SB_DIFF_MEAN, change_of(before, after));
    row->labels = one->labels;
    row->metric = one->keys[0];
    row->unit = one->unit;
    row->before = before ? before->value : NAN;
    row->after = after ? after->value : NAN;
    row->direction = direction_of(one->better, row->before, row->after);
}

static void see_verdict(struct sb_report_diff *diff, void *context, const struct record *before,
                        const struct record *after)
{
    const struct record *one = before ? before : after;
    const char *was = before ? before->text : NULL, *is = after ? after->text : NULL;
    if (before && after && sb_streq(was, is)) return;
    int fall = sb_diff_verdict_rank(was) - sb_diff_verdict_rank(is);
    struct sb_diff_row *row = add_row(diff, SB_DIFF_VERDICT, change_of(before, after));
    row->labels = one->labels;
    row->factor = one->keys[0];
    row->baseline = one->keys[1];
    row->level = one->keys[2];
    row->metric = one->keys[3];
    row->unit = one->unit;
    row->text_before = was;
    row->text_after = is;
    row->direction = fall > 0 ? SB_DIFF_WORSE : fall < 0 ? SB_DIFF_BETTER : SB_DIFF_NEUTRAL;
    diff->worse += fall > 0;
}

static void see_finding(struct sb_report_diff *diff, void *context, const struct record *before,
                        const struct record *after)
{
    const struct record *one = before ? before : after;
    double run;
    if (before && after) return;
    struct sb_diff_row *row = add_row(diff, SB_DIFF_FINDING, change_of(before, after));
    row->code = one->keys[0];
    row->severity = one->keys[1];
    row->source = one->keys[2];
    row->run = one->keys[3] && sb_number_parse(one->keys[3], strlen(one->keys[3]), &run) && run > 0
                   ? (size_t)run
                   : 0;
    row->message = one->keys[4];
    row->line = one->line;
}

/* ---- one direction of each comparison ---- */

static bool is_preferred(const struct record *r, const char *chosen)
{
    const char *const factor = r->keys[0], *pair[2] = {r->keys[1], r->keys[2]};
    if (!factor || !pair[0] || !pair[1]) return true;
    if (chosen && (strcmp(pair[0], chosen) == 0 || strcmp(pair[1], chosen) == 0))
        return strcmp(pair[0], chosen) == 0;
    if (strcmp(factor, "platform") == 0) return sb_platform_default_baseline(pair, 2) == pair[0];
    return sb_label_value_cmp(factor, pair[0], pair[1]) < 0;
}

static bool has_mirror(const struct records *list, const struct record *r)
{
    struct record mirror = *r;
    mirror.keys[1] = r->keys[2];
    mirror.keys[2] = r->keys[1];
    return list->nr && bsearch(&mirror, list->v, list->nr, sizeof *list->v, record_qsort_cmp);
}

static void drop_mirrors(struct side *sides, const char *chosen)
{
    struct records kept[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < sides[s].verdicts.nr; i++) {
            const struct record *r = &sides[s].verdicts.v[i];
            bool mirrored = has_mirror(&sides[0].verdicts, r) || has_mirror(&sides[1].verdicts, r);
            if (is_preferred(r, chosen) || !mirrored) *add_record(&kept[s]) = *r;
        }
    for (size_t s = 0; s < 2; s++) {
        free(sides[s].verdicts.v);
        sides[s].verdicts = kept[s];
    }
}

/* ---- all of it ---- */

static bool check_path(const char *path, struct sb_err *err)
{
    struct stat st;
    if (strcmp(path, "-") == 0 || stat(path, &st) == 0) return true;
    return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", path, strerror(errno));
}

static int row_section_cmp(const void *pa, const void *pb)
{
    const struct sb_diff_row *const *a = pa, *const *b = pb;
    if ((*a)->section != (*b)->section) return (*a)->section < (*b)->section ? -1 : 1;
    return (*a > *b) - (*a < *b); /* as they were found: sorted already */
}

/* Cells and means are found together; puts each section's rows together. */
static void order_rows(struct sb_report_diff *diff)
{
    const struct sb_diff_row **order = sb_xreallocarray(NULL, diff->nr + 1, sizeof *order);
    struct sb_diff_row *sorted = sb_xreallocarray(NULL, diff->nr + 1, sizeof *sorted);
    for (size_t i = 0; i < diff->nr; i++)
        order[i] = &diff->rows[i];
    if (diff->nr) qsort(order, diff->nr, sizeof *order, row_section_cmp);
    for (size_t i = 0; i < diff->nr; i++)
        sorted[i] = *order[i];
    free(order);
    free(diff->rows);
    diff->rows = sorted;
    diff->alloc = diff->nr + 1;
}

static void keep_cells(struct sb_report_diff *diff, const struct side *sides)
{
    diff->cells =
        sb_arena_alloc(&diff->arena, (sides[0].means.nr + sides[1].means.nr + 1) * sizeof *diff->cells);
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < sides[s].means.nr; i++)
            if (!i || sb_labels_cmp(&sides[s].means.v[i].labels, &sides[s].means.v[i - 1].labels) != 0)
                diff->cells[diff->cells_nr++] = sides[s].means.v[i].labels;
}

bool sb_report_diff(struct sb_report_diff *diff, const char *before, const char *after, const char *baseline,
                    struct sb_err *err)
{
    struct side sides[2] = {{{NULL, 0, 0}, {NULL, 0, 0}, {NULL, 0, 0}, {NULL, 0, 0}}};
    *diff = (struct sb_report_diff){.rows = NULL};
    sb_arena_init(&diff->arena);
    if (!check_path(before, err) || !check_path(after, err)) return false;
    bool ok =
        read_report(&diff->arena, &sides[0], before, err) && read_report(&diff->arena, &sides[1], after, err);
    if (ok) {
        struct both_means means = {&sides[0].means, &sides[1].means};
        keep_cells(diff, sides);
        drop_mirrors(sides, baseline);
        merge(diff, &sides[0].settings, &sides[1].settings, NULL, see_setting);
        merge(diff, &sides[0].means, &sides[1].means, &means, see_mean);
        merge(diff, &sides[0].verdicts, &sides[1].verdicts, NULL, see_verdict);
        merge(diff, &sides[0].findings, &sides[1].findings, NULL, see_finding);
        order_rows(diff);
    }
    side_release(&sides[0]);
    side_release(&sides[1]);
    return ok;
}

void sb_report_diff_release(struct sb_report_diff *diff)
{
    free(diff->rows);
    sb_arena_free(&diff->arena);
}
