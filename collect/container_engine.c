#include "collect/container_driver.h"

#include <math.h>
#include <string.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/json.h"

#define LIST_LIMIT (8L * 1024 * 1024) /* bytes of an answer */
#define REMOVE     60.0               /* seconds for removing a container: its files may be large */

bool sb_container_ask(const struct sb_words *base, const char *const *words, double deadline,
                      struct sb_strbuf *out, struct sb_err *err)
{
    struct sb_words argv = {.arena = base->arena};
    sb_words_add_all(&argv, base->v);
    sb_words_add_all(&argv, words);
    struct sb_err inner;
    if (sb_process_capture(argv.v, deadline, NULL, LIST_LIMIT, out, &inner)) return true;
    /* "docker: ended with status 1: words" says enough but for which command it was. */
    const char *rest = sb_has_prefix(inner.msg, argv.v[0]) ? inner.msg + strlen(argv.v[0]) : "";
    if (sb_has_prefix(rest, ": ")) return sb_fail(err, inner.code, "%s %s%s", argv.v[0], words[0], rest);
    return sb_fail(err, inner.code, "%s", inner.msg);
}

struct json_object *sb_container_json(const struct sb_words *base, const char *const *words, double deadline,
                                      struct sb_err *err)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct json_object *object = NULL;
    char name[64];
    snprintf(name, sizeof name, "answer of %s %s", base->v[0], words[0]);
    if (sb_container_ask(base, words, deadline, &out, err))
        object = sb_json_parse(name, out.buf, out.len, err);
    sb_strbuf_release(&out);
    if (object && json_object_is_type(object, json_type_array)) {
        struct json_object *first =
            json_object_array_length(object) > 0 ? json_object_array_get_idx(object, 0) : NULL;
        json_object_get(first);
        json_object_put(object);
        object = first;
        if (!object) sb_fail(err, SB_ERR_STEP, "%s: it is empty", name);
    }
    if (object && !json_object_is_type(object, json_type_object)) {
        sb_fail(err, SB_ERR_STEP, "%s: it is no JSON object", name);
        json_object_put(object);
        object = NULL;
    }
    return object;
}

/* ---- values in answers, which may be anything ---- */

static struct json_object *at(struct json_object *object, const char *path)
{
    while (object && *path) {
        char key[64];
        size_t len = strcspn(path, ".");
        if (len >= sizeof key || !json_object_is_type(object, json_type_object)) return NULL;
        memcpy(key, path, len);
        key[len] = '\0';
        if (!json_object_object_get_ex(object, key, &object)) return NULL;
        path += len + (path[len] == '.');
    }
    return object;
}

const char *sb_json_at_text(struct json_object *object, const char *path)
{
    struct json_object *value = at(object, path);
    return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
}

double sb_json_at_number(struct json_object *object, const char *path)
{
    struct json_object *value = at(object, path);
    bool number = json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double);
    return number ? json_object_get_double(value) : NAN;
}

bool sb_json_at_true(struct json_object *object, const char *path)
{
    struct json_object *value = at(object, path);
    return json_object_is_type(value, json_type_boolean) && json_object_get_boolean(value);
}

/* ---- who answers ---- */

static bool no_answer(const struct sb_container_engine *engine, const char *words, struct sb_err *err)
{
    return sb_fail(err, SB_ERR_STEP, "%s does not answer (%s): %s", engine->title, words, engine->start_hint);
}

const char *sb_container_version(const struct sb_container_engine *engine, const struct sb_words *base,
                                 struct sb_arena *arena, struct sb_err *err)
{
    static const char *const words[] = {"version", "--format", "{{json .}}", NULL};
    struct sb_err inner;
    struct json_object *answer = sb_container_json(base, words, 20, &inner);
    if (!answer) {
        no_answer(engine, inner.msg, err);
        return NULL;
    }
    const char *server = sb_json_at_text(answer, "Server.Version");
    const char *client = sb_json_at_text(answer, "Client.Version"), *version = server ? server : client;
    char *copy = NULL;
    if (engine->daemon && !server && client)
        sb_fail(
            err, SB_ERR_STEP,
            "%s is not %s: it answers without a daemon, as podman does (version %.40s); name the platform's "
            "driver podman, so that the results say what made them",
            base->v[0], engine->title, client);
    else if (!version || !*version)
        no_answer(engine, "its answer names no version", err);
    else
        copy = sb_arena_strndup(arena, version, strnlen(version, 60));
    json_object_put(answer);
    return copy;
}

/* ---- what was left ---- */

/* Adds the ids, one a line, that are ids; whatever else is printed is none. */
static void add_ids(struct sb_words *words, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\r\n"), hex = strspn(text, "0123456789abcdef");
        if (len == hex && len >= 12 && len <= 64)
            sb_words_add(words, sb_arena_strndup(words->arena, text, len));
        text += len;
        text += strspn(text, "\r\n");
    }
}

bool sb_container_sweep(const struct sb_words *base, const char *experiment, const char *name,
                        size_t *removed, struct sb_err *err)
{
    struct sb_words list = {.arena = base->arena};
    static const char *const all[] = {"ps", "--all", "--quiet", "--no-trunc", NULL};
    sb_words_add_all(&list, all);
    sb_words_addf(&list, "--filter=label=%s=%s", SB_CONTAINER_LABEL, experiment);
    if (name) sb_words_addf(&list, "--filter=name=^/?%s$", name);
    struct sb_strbuf out = SB_STRBUF_INIT;
    bool ok = sb_container_ask(base, list.v, 30, &out, err);
    struct sb_words rm = {.arena = base->arena};
    static const char *const remove[] = {"rm", "--force", "--volumes", NULL};
    sb_words_add_all(&rm, remove);
    size_t before = rm.nr;
    if (ok) add_ids(&rm, out.buf);
    size_t found = rm.nr - before;
    if (ok && found) ok = sb_container_ask(base, rm.v, REMOVE, &out, err);
    sb_strbuf_release(&out);
    if (removed) *removed = ok ? found : 0;
    return ok;
}
