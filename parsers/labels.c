#include "parsers/label_rules.h"

#include "core/alloc.h"
#include "core/text.h"
#include "io/csv.h"

struct label_pair {
    char *name, *value;
};

/* One row of a label file. */
struct label_row {
    struct label_pair *keys, *sets;
    size_t keys_nr, sets_nr;
    char *why; /* "labels.csv:3" */
};

struct sb_label_rules {
    char *layout; /* NULL: none */
    size_t layout_components;
    struct label_row *rows;
    size_t rows_nr, rows_alloc;
};

struct sb_label_rules *sb_label_rules_new(void)
{
    return sb_xcalloc(1, sizeof(struct sb_label_rules));
}

static void free_pairs(struct label_pair *pairs, size_t nr)
{
    for (size_t i = 0; i < nr; i++) {
        free(pairs[i].name);
        free(pairs[i].value);
    }
    free(pairs);
}

void sb_label_rules_free(struct sb_label_rules *rules)
{
    if (!rules) return;
    for (size_t i = 0; i < rules->rows_nr; i++) {
        free_pairs(rules->rows[i].keys, rules->rows[i].keys_nr);
        free_pairs(rules->rows[i].sets, rules->rows[i].sets_nr);
        free(rules->rows[i].why);
    }
    free(rules->rows);
    free(rules->layout);
    free(rules);
}

/* ---- the layout ---- */

static bool good_name(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool letter = name[i] >= 'a' && name[i] <= 'z';
        if (!letter && !(i && (sb_is_digit(name[i]) || name[i] == '_'))) return false;
    }
    return true;
}

bool sb_label_rules_set_layout(struct sb_label_rules *rules, const char *layout, struct sb_err *err)
{
    size_t components = 1;
    if (!*layout) return sb_fail(err, SB_ERR_USAGE, "--layout is empty");
    for (const char *p = layout; *p; p++) {
        components += *p == '/';
        if (*p == '}') return sb_fail(err, SB_ERR_USAGE, "--layout '%s': a '}' without a '{'", layout);
        if (*p != '{') continue;
        const char *end = strchr(p, '}');
        if (!end) return sb_fail(err, SB_ERR_USAGE, "--layout '%s': a '{' is not closed", layout);
        if (!good_name(p + 1, (size_t)(end - p - 1)))
            return sb_fail(err, SB_ERR_USAGE,
                           "--layout '%s': '%.*s' is no label name (a letter a-z, then letters, digits, _)",
                           layout, (int)(end - p - 1), p + 1);
        p = end;
    }
    free(rules->layout);
    rules->layout = sb_xstrdup(layout);
    rules->layout_components = components;
    return true;
}

size_t sb_layout_components(const struct sb_label_rules *rules)
{
    return rules && rules->layout ? rules->layout_components : 0;
}

struct layout_match {
    struct sb_arena *arena;
    struct sb_labels labels;
    size_t steps; /* tried so far: bounds the search in hostile names */
};

enum { LAYOUT_STEPS = 100000 };

static bool match_layout(struct layout_match *m, const char *layout, const char *text);

/* A placeholder: one or more bytes but no slash, the fewest with which the rest matches. */
static bool match_placeholder(struct layout_match *m, const char *layout, const char *text)
{
    const char *end = strchr(layout, '}');
    for (size_t len = 1; text[len - 1] && text[len - 1] != '/'; len++) {
        if (++m->steps > LAYOUT_STEPS) return false;
        if (!match_layout(m, end + 1, text + len)) continue;
        if (end > layout + 1)
            sb_labels_set(&m->labels, sb_arena_strndup(m->arena, layout + 1, (size_t)(end - layout - 1)),
                          sb_arena_strndup(m->arena, text, len));
        return true;
    }
    return false;
}

static bool match_layout(struct layout_match *m, const char *layout, const char *text)
{
    for (; *layout; layout++, text++) {
        if (*layout == '{') return match_placeholder(m, layout, text);
        if (*layout != *text) return false;
    }
    return !*text;
}

bool sb_layout_match(const struct sb_label_rules *rules, struct sb_arena *arena, const char *source,
                     struct sb_labels *labels)
{
    size_t components = sb_layout_components(rules);
    const char *at = source + strlen(source);
    struct layout_match m = {.arena = arena, .labels = SB_LABELS_INIT};
    if (!components) return false;
    for (; at > source; at--)
        if (at[-1] == '/' && !--components) break;
    if (components > 1) return false;
    bool ok = match_layout(&m, rules->layout, at);
    for (size_t i = 0; ok && i < m.labels.nr; i++)
        sb_labels_set(labels, m.labels.v[i].name, m.labels.v[i].value);
    sb_labels_release(&m.labels);
    return ok;
}

/* ---- the label file ---- */

struct csv_reader {
    struct sb_label_rules *rules;
    const char *name;
};

static size_t arrow_column(const struct sb_csv_row *row)
{
    size_t arrow = 0;
    while (arrow < row->nr && strcmp(row->names[arrow], "=>") != 0)
        arrow++;
    return arrow;
}

static void add_pair(struct label_pair **pairs, size_t *nr, const char *name, const char *value)
{
    *pairs = sb_xreallocarray(*pairs, *nr + 1, sizeof **pairs);
    (*pairs)[(*nr)++] = (struct label_pair){sb_xstrdup(name), sb_xstrdup(value)};
}

static bool add_row(void *context, const struct sb_csv_row *row, struct sb_err *err)
{
    struct csv_reader *reader = context;
    size_t arrow = arrow_column(row);
    struct label_row r = {0};
    if (arrow == row->nr || arrow + 1 == row->nr)
        return sb_fail(err, SB_ERR_USAGE, "%s: no column '=>' with label columns behind it", reader->name);
    for (size_t i = 0; i < row->nr; i++) {
        if (i == arrow || (i < arrow && !*row->fields[i])) continue;
        if (i > arrow && !good_name(row->names[i], strlen(row->names[i])))
            return sb_fail(err, SB_ERR_USAGE, "%s: '%s' is no label name", reader->name, row->names[i]);
        if (i < arrow)
            add_pair(&r.keys, &r.keys_nr, row->names[i], row->fields[i]);
        else
            add_pair(&r.sets, &r.sets_nr, row->names[i], row->fields[i]);
    }
    struct sb_strbuf why = SB_STRBUF_INIT;
    sb_strbuf_addf(&why, "%s:%zu", reader->name, row->line);
    r.why = sb_strbuf_detach(&why, NULL);
    SB_ALLOC_GROW(reader->rules->rows, reader->rules->rows_nr + 1, reader->rules->rows_alloc);
    reader->rules->rows[reader->rules->rows_nr++] = r;
    return true;
}

bool sb_label_rules_add_csv(struct sb_label_rules *rules, const char *name, const char *text, size_t len,
                            struct sb_err *err)
{
    struct csv_reader reader = {rules, name};
    return sb_csv_read(name, text, len, add_row, &reader, err);
}

static bool row_matches(const struct label_row *row, const struct sb_run *run)
{
    for (size_t i = 0; i < row->keys_nr; i++) {
        const char *name = row->keys[i].name, *value = sb_run_label(run, name);
        if (strcmp(name, "source") == 0) value = run->source;
        if (!value || !sb_glob_match(row->keys[i].value, value)) return false;
    }
    return true;
}

void sb_label_file_apply(const struct sb_label_rules *rules, struct sb_dataset *ds, struct sb_run *run,
                         void (*set)(void *context, const char *name, const char *value, const char *why),
                         void *context)
{
    for (size_t i = 0; rules && i < rules->rows_nr; i++) {
        const struct label_row *row = &rules->rows[i];
        if (!row_matches(row, run)) continue;
        for (size_t j = 0; j < row->sets_nr; j++)
            set(context, row->sets[j].name, row->sets[j].value, sb_dataset_intern(ds, row->why));
    }
}
