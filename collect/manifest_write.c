#include "collect/manifest_write.h"

#include <math.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

enum { SCHEMA_VERSION = 1 };

void sb_manifest_writer_init(struct sb_manifest_writer *w, const char *path, const struct sb_plan *plan,
                             const char *version)
{
    *w = (struct sb_manifest_writer){.path = sb_xstrdup(path), .plan = plan};
    sb_arena_init(&w->arena);
    w->tools = json_object_new_object();
    sb_json_add(w->tools, "sbstat", sb_json_text(version));
    w->cells = sb_xcalloc(plan->platforms_nr * plan->configs_nr + 1, sizeof *w->cells);
    for (size_t p = 0; p < plan->platforms_nr; p++)
        for (size_t c = 0; c < plan->configs_nr; c++)
            w->cells[w->cells_nr++] =
                (struct sb_manifest_cell){.platform = &plan->platforms[p], .config = &plan->configs[c]};
}

void sb_manifest_writer_release(struct sb_manifest_writer *w)
{
    for (size_t i = 0; i < w->cells_nr; i++)
        json_object_put(w->cells[i].json);
    json_object_put(w->tools);
    json_object_put(w->host_before);
    free(w->cells);
    free(w->path);
    sb_arena_free(&w->arena);
    *w = (struct sb_manifest_writer){.path = NULL};
}

static struct json_object *member(struct json_object *object, const char *key)
{
    struct json_object *value = NULL;
    if (json_object_is_type(object, json_type_object)) json_object_object_get_ex(object, key, &value);
    return value;
}

static const char *member_text(struct json_object *object, const char *key)
{
    struct json_object *value = member(object, key);
    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

static struct sb_manifest_cell *find_cell(struct sb_manifest_writer *w, const char *platform,
                                          const char *config)
{
    for (size_t i = 0; i < w->cells_nr; i++)
        if (sb_streq(w->cells[i].platform->name, platform) && sb_streq(w->cells[i].config->name, config))
            return &w->cells[i];
    return NULL;
}

/* ---- what an earlier manifest knew ---- */

static void take_over(struct sb_manifest_writer *w, struct json_object *root)
{
    struct json_object *cells = member(root, "cells"), *tools = member(root, "tools");
    size_t nr = json_object_is_type(cells, json_type_array) ? json_object_array_length(cells) : 0;
    for (size_t i = 0; i < nr; i++) {
        struct json_object *json = json_object_array_get_idx(cells, i);
        struct sb_manifest_cell *cell =
            find_cell(w, member_text(json, "platform"), member_text(json, "config"));
        if (cell && !cell->json) cell->json = json_object_get(json);
    }
    if (json_object_is_type(tools, json_type_object)) {
        json_object_object_foreach(tools, key, value) if (strcmp(key, "sbstat") != 0)
            sb_json_add(w->tools, key, json_object_get(value));
    }
    w->host_before = json_object_get(member(root, "host"));
}

bool sb_manifest_writer_load(struct sb_manifest_writer *w, struct sb_err *err)
{
    char *text;
    size_t len;
    if (access(w->path, F_OK) != 0) return true;
    if (!sb_read_file(w->path, (size_t)1 << 28, &text, &len, err)) return false;
    struct json_object *root = sb_json_parse(w->path, text, len, err);
    free(text);
    if (!root) return false;
    take_over(w, root);
    json_object_put(root);
    return true;
}

/* ---- host ---- */

static struct json_object *count(unsigned number)
{
    return number ? json_object_new_int64(number) : NULL;
}

static struct json_object *host_json(const struct sb_host_facts *host)
{
    struct json_object *object = json_object_new_object();
    sb_json_add(object, "cpu_model", sb_json_text(host->cpu_model));
    sb_json_add(object, "cores", count(host->cores));
    sb_json_add(object, "memory_mib", count(host->memory_mib));
    sb_json_add(object, "kernel", sb_json_text(host->kernel));
    sb_json_add(object, "os", sb_json_text(host->os));
    sb_json_add(object, "governor", sb_json_text(host->governor));
    sb_json_add(object, "cgroup", sb_json_text(host->cgroup));
    sb_json_add(object, "filesystem", sb_json_text(host->filesystem));
    return object;
}

static void add_change(struct sb_strbuf *out, const char *what, struct json_object *before,
                       struct json_object *now)
{
    if (!before || !now || json_object_equal(before, now)) return;
    struct sb_strbuf old = SB_STRBUF_INIT, new = SB_STRBUF_INIT;
    sb_json_write(&old, before, false);
    sb_json_write(&new, now, false);
    sb_strbuf_addf(out, "%s%s %s is now %s", out->len ? ", " : "", what, old.buf, new.buf);
    sb_strbuf_release(&old);
    sb_strbuf_release(&new);
}

void sb_manifest_host_changes(const struct sb_manifest_writer *w, struct sb_strbuf *out)
{
    struct json_object *now = host_json(&w->host);
    json_object_object_foreach(now, key, value) add_change(out, key, member(w->host_before, key), value);
    json_object_put(now);
}

/* ---- cells ---- */

/* A path of the plan's; where it lies on this machine is nobody's business. */
static const char *public_path(const char *path)
{
    const char *slash = path && *path == '/' ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

static struct json_object *image_json(const struct sb_boot_facts *facts)
{
    if (!facts->image && !facts->image_format) return NULL;
    struct json_object *image = json_object_new_object();
    sb_json_add(image, "name", sb_json_text(public_path(facts->image)));
    sb_json_add(image, "format", sb_json_text(facts->image_format));
    sb_json_add(image, "sha256", sb_json_text(facts->image_sha256));
    sb_json_add(image, "virtual_bytes", sb_json_number(facts->virtual_bytes));
    sb_json_add(image, "allocated_bytes", sb_json_number(facts->allocated_bytes));
    return image;
}

static struct json_object *argv_json(const char *const *argv)
{
    if (!argv) return NULL;
    struct json_object *array = json_object_new_array();
    for (; *argv; argv++)
        json_object_array_add(array, sb_json_text(*argv));
    return array;
}

static struct json_object *cell_json(const struct sb_manifest_cell *cell, const struct sb_boot_facts *facts)
{
    struct json_object *object = json_object_new_object();
    sb_json_add(object, "platform", sb_json_text(cell->platform->name));
    sb_json_add(object, "config", sb_json_text(cell->config->name));
    sb_json_add(object, "driver", sb_json_text(cell->platform->driver->name));
    sb_json_add(object, "vcpus", count(cell->config->vcpus));
    sb_json_add(object, "memory_mib", count(cell->config->memory_mib));
    sb_json_add(object, "accelerator", sb_json_text(facts->accelerator));
    sb_json_add(object, "image", image_json(facts));
    sb_json_add(object, "argv", argv_json(facts->argv));
    sb_json_add(object, "kernel", sb_json_text(facts->kernel));
    sb_json_add(object, "sysbench", sb_json_text(facts->sysbench));
    sb_json_add(object, "doubt", sb_json_text(facts->doubt));
    return object;
}

/* The first version that was seen stands; each cell has its own sysbench too. */
static void note_tool(struct sb_manifest_writer *w, const char *tool, const char *version,
                      struct sb_strbuf *changed)
{
    if (!tool || !version) return;
    struct json_object *before = member(w->tools, tool), *now = sb_json_text(version);
    if (!before) {
        sb_json_add(w->tools, tool, now);
        return;
    }
    if (strcmp(tool, "sysbench") != 0) add_change(changed, tool, before, now);
    json_object_put(now);
}

bool sb_manifest_note_boot(struct sb_manifest_writer *w, const struct sb_plan_platform *platform,
                           const struct sb_plan_config *config, const struct sb_boot_facts *facts,
                           struct sb_strbuf *changed)
{
    static const char *const compared[] = {"accelerator", "kernel", "sysbench"};
    struct sb_manifest_cell *cell = find_cell(w, platform->name, config->name);
    note_tool(w, facts->tool, facts->tool_version, changed);
    note_tool(w, "sysbench", facts->sysbench, changed);
    if (!cell) return false;
    struct json_object *now = cell_json(cell, facts);
    if (!cell->json) {
        cell->json = now;
        return true;
    }
    for (size_t i = 0; i < SB_ARRAY_SIZE(compared); i++)
        add_change(changed, compared[i], member(cell->json, compared[i]), member(now, compared[i]));
    if (!facts->image_is_written)
        add_change(changed, "image sha256", member(member(cell->json, "image"), "sha256"),
                   member(member(now, "image"), "sha256"));
    json_object_put(now);
    return false;
}

/* ---- the file ---- */

static struct json_object *cells_json(const struct sb_manifest_writer *w)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < w->cells_nr; i++)
        if (w->cells[i].json) json_object_array_add(array, json_object_get(w->cells[i].json));
    return array;
}

static struct json_object *runs_json(const struct sb_run_record *const *runs, size_t nr)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < nr; i++)
        json_object_array_add(array, sb_run_record_json(runs[i]));
    return array;
}

/* One line for each cell and run: it can be read, searched and compared. */
static void add_rows(struct sb_strbuf *out, const char *key, struct json_object *array)
{
    size_t nr = json_object_array_length(array);
    sb_strbuf_addf(out, ",\n  \"%s\": [", key);
    for (size_t i = 0; i < nr; i++) {
        sb_strbuf_adds(out, i ? ",\n    " : "\n    ");
        sb_json_write(out, json_object_array_get_idx(array, i), false);
    }
    sb_strbuf_adds(out, nr ? "\n  ]" : "]");
    json_object_put(array);
}

static void add_member(struct sb_strbuf *out, const char *key, struct json_object *value)
{
    sb_strbuf_addf(out, ",\n  \"%s\": ", key);
    sb_json_write(out, value, false);
    json_object_put(value);
}

bool sb_manifest_write(const struct sb_manifest_writer *w, const struct sb_run_record *const *runs, size_t nr,
                       struct sb_err *err)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    sb_strbuf_addf(&out, "{\n  \"schema_version\": %d", SCHEMA_VERSION);
    add_member(&out, "experiment", sb_json_text(w->plan->experiment));
    add_member(&out, "plan", sb_json_text("plan.yaml"));
    add_member(&out, "seed", json_object_new_uint64(w->plan->seed));
    bool stands = w->host_stands && w->host_before;
    add_member(&out, "host", stands ? json_object_get(w->host_before) : host_json(&w->host));
    add_member(&out, "tools", json_object_get(w->tools));
    add_rows(&out, "cells", cells_json(w));
    add_rows(&out, "runs", runs_json(runs, nr));
    sb_strbuf_adds(&out, "\n}\n");
    bool ok = sb_outfile_write(w->path, out.buf, out.len, err);
    sb_strbuf_release(&out);
    return ok;
}
