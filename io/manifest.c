#include "io/manifest.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/json.h"
#include "io/number.h"

static struct json_object *member(struct json_object *object, const char *key, enum json_type type)
{
    struct json_object *value;
    if (!json_object_is_type(object, json_type_object) || !json_object_object_get_ex(object, key, &value))
        return NULL;
    return json_object_is_type(value, type) ? value : NULL;
}

/* A string, number or boolean as text in the manifest's arena; NULL for all else. */
static const char *text_of(struct sb_manifest *m, struct json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_string:
        return sb_arena_strndup(&m->arena, json_object_get_string(value),
                                strlen(json_object_get_string(value)));
    case json_type_int: return sb_arena_printf(&m->arena, "%lld", (long long)json_object_get_int64(value));
    case json_type_double: {
        char buf[SB_NUMBER_MAX];
        sb_number_format(json_object_get_double(value), buf);
        return sb_arena_strdup(&m->arena, buf);
    }
    case json_type_boolean: return json_object_get_boolean(value) ? "true" : "false";
    default: return NULL;
    }
}

static const char *text_member(struct sb_manifest *m, struct json_object *object, const char *key)
{
    struct json_object *value;
    if (!json_object_is_type(object, json_type_object) || !json_object_object_get_ex(object, key, &value))
        return NULL;
    return text_of(m, value);
}

static double number_member(struct json_object *object, const char *key)
{
    struct json_object *value;
    if (!json_object_is_type(object, json_type_object) || !json_object_object_get_ex(object, key, &value))
        return NAN;
    if (!json_object_is_type(value, json_type_int) && !json_object_is_type(value, json_type_double))
        return NAN;
    return json_object_get_double(value);
}

static void add_env(struct sb_manifest *m, size_t *alloc, const char *section, const char *name,
                    const char *value)
{
    if (!value || !*value) return;
    SB_ALLOC_GROW(m->env, m->env_nr + 1, *alloc);
    m->env[m->env_nr++] = (struct sb_env){section, sb_arena_strdup(&m->arena, name), value};
}

/* The earliest `started` of the runs: times in UTC, as collect writes them, sort as text. */
static const char *first_start(struct sb_manifest *m, struct json_object *root)
{
    struct json_object *runs = member(root, "runs", json_type_array);
    const char *first = NULL;
    for (size_t i = 0; runs && i < json_object_array_length(runs); i++) {
        const char *started = text_member(m, json_object_array_get_idx(runs, i), "started");
        if (started && sb_has_suffix(started, "Z") && (!first || strcmp(started, first) < 0)) first = started;
    }
    return first;
}

static void read_env(struct sb_manifest *m, struct json_object *root)
{
    static const char *const facts[] = {"experiment", "seed", "plan"};
    static const char *const sections[] = {"host", "tools"};
    size_t alloc = 0;
    for (size_t i = 0; i < SB_ARRAY_SIZE(facts); i++)
        add_env(m, &alloc, "experiment", strcmp(facts[i], "experiment") == 0 ? "id" : facts[i],
                text_member(m, root, facts[i]));
    add_env(m, &alloc, "experiment", "started", first_start(m, root));
    for (size_t i = 0; i < SB_ARRAY_SIZE(sections); i++) {
        struct json_object *section = member(root, sections[i], json_type_object);
        if (!section) continue;
        json_object_object_foreach(section, key, value)
            add_env(m, &alloc, sections[i], key, text_of(m, value));
    }
}

static const char *argv_text(struct sb_manifest *m, struct json_object *cell)
{
    struct json_object *argv = member(cell, "argv", json_type_array);
    if (!argv) return text_member(m, cell, "argv");
    struct sb_strbuf out = SB_STRBUF_INIT;
    for (size_t i = 0; i < json_object_array_length(argv); i++) {
        const char *word = text_of(m, json_object_array_get_idx(argv, i));
        if (word) sb_strbuf_addf(&out, "%s%s", out.len ? " " : "", word);
    }
    const char *text = sb_arena_strndup(&m->arena, out.buf, out.len);
    sb_strbuf_release(&out);
    return text;
}

static void set_from(struct sb_manifest *m, struct sb_labels *labels, struct json_object *object,
                     const char *key)
{
    sb_labels_set(labels, key, text_member(m, object, key));
}

static void read_cell(struct sb_manifest *m, struct json_object *object, size_t i)
{
    struct json_object *image = member(object, "image", json_type_object);
    const char *platform = text_member(m, object, "platform"), *config = text_member(m, object, "config");
    m->cells[i] = (struct sb_cell_info){.platform = platform ? platform : "",
                                        .config = config ? config : "",
                                        .accelerator = text_member(m, object, "accelerator"),
                                        .image_format = text_member(m, image, "format"),
                                        .argv = argv_text(m, object),
                                        .virtual_bytes = number_member(image, "virtual_bytes"),
                                        .allocated_bytes = number_member(image, "allocated_bytes")};
    static const char *const labels[] = {"platform", "config", "vcpus", "memory_mib"};
    for (size_t k = 0; k < SB_ARRAY_SIZE(labels); k++)
        set_from(m, &m->cell_labels[i], object, labels[k]);
}

/* The first step that did not end with 0, in words. */
static const char *failed_step(struct sb_manifest *m, struct json_object *object)
{
    struct json_object *codes = member(object, "exit_codes", json_type_array);
    const char *reason = text_member(m, object, "reason");
    for (size_t i = 0; codes && i < json_object_array_length(codes); i++) {
        struct json_object *code = json_object_array_get_idx(codes, i);
        if (!json_object_is_type(code, json_type_int) || json_object_get_int(code) == 0) continue;
        return sb_arena_printf(&m->arena, "exit status %d%s%s", json_object_get_int(code), reason ? ": " : "",
                               reason ? reason : "");
    }
    return NULL;
}

static void read_run(struct sb_manifest *m, struct json_object *object, struct sb_manifest_run *run)
{
    static const char *const labels[] = {"platform", "config", "test", "host", "boot", "repetition"};
    const char *log = text_member(m, object, "log");
    while (log && sb_has_prefix(log, "./"))
        log += 2;
    run->log = log ? log : "";
    for (size_t k = 0; k < SB_ARRAY_SIZE(labels); k++)
        set_from(m, &run->labels, object, labels[k]);
    run->caches = text_member(m, object, "caches");
    run->failed_step = failed_step(m, object);
    double order = number_member(object, "order");
    run->has_order = order >= 0 && order < 1e15;
    run->order = run->has_order ? (uint64_t)order : 0;
}

/* Collect records one run object per attempt; a later attempt of a log stands. */
bool sb_manifest_parse(struct sb_manifest *m, const char *name, const char *text, size_t len,
                       struct sb_err *err)
{
    memset(m, 0, sizeof *m);
    sb_arena_init(&m->arena);
    struct json_object *root = sb_json_parse(name, text, len, err);
    if (!root) return false;
    if (!json_object_is_type(root, json_type_object)) {
        json_object_put(root);
        return sb_fail(err, SB_ERR_FORMAT, "%s:1: a manifest is a JSON object", name);
    }
    read_env(m, root);
    struct json_object *cells = member(root, "cells", json_type_array),
                       *runs = member(root, "runs", json_type_array);
    m->cells_nr = cells ? json_object_array_length(cells) : 0;
    m->cells = sb_xcalloc(m->cells_nr, sizeof *m->cells);
    m->cell_labels = sb_xcalloc(m->cells_nr, sizeof *m->cell_labels);
    for (size_t i = 0; i < m->cells_nr; i++)
        read_cell(m, json_object_array_get_idx(cells, i), i);
    m->runs_nr = runs ? json_object_array_length(runs) : 0;
    m->runs = sb_xcalloc(m->runs_nr, sizeof *m->runs);
    for (size_t i = 0; i < m->runs_nr; i++)
        read_run(m, json_object_array_get_idx(runs, i), &m->runs[i]);
    json_object_put(root);
    return true;
}

void sb_manifest_free(struct sb_manifest *m)
{
    for (size_t i = 0; i < m->cells_nr; i++)
        sb_labels_release(&m->cell_labels[i]);
    for (size_t i = 0; i < m->runs_nr; i++)
        sb_labels_release(&m->runs[i].labels);
    free(m->cells);
    free(m->cell_labels);
    free(m->runs);
    free(m->env);
    sb_arena_free(&m->arena);
    memset(m, 0, sizeof *m);
}

const struct sb_manifest_run *sb_manifest_find_run(const struct sb_manifest *m, const char *log)
{
    for (size_t i = m->runs_nr; i-- > 0;)
        if (strcmp(m->runs[i].log, log) == 0) return &m->runs[i];
    return NULL;
}

const struct sb_cell_info *sb_manifest_find_cell(const struct sb_manifest *m, const char *platform,
                                                 const char *config, size_t *index)
{
    for (size_t i = 0; i < m->cells_nr; i++) {
        if (strcmp(m->cells[i].platform, platform ? platform : "") != 0) continue;
        if (m->cells[i].config[0] && strcmp(m->cells[i].config, config ? config : "") != 0) continue;
        if (index) *index = i;
        return &m->cells[i];
    }
    return NULL;
}
