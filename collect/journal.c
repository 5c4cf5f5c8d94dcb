#include "collect/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

static const size_t size_limit = (size_t)1 << 30;

static const char *const status_words[] = {
    [SB_RUN_DONE] = "done",
    [SB_RUN_FAILED] = "failed",
    [SB_RUN_LOST] = "lost",
};

/* ---- a record as JSON ---- */

/* Milliseconds are all that these times mean. */
static struct json_object *rounded(double seconds)
{
    return sb_json_number(round(seconds * 1000) / 1000);
}

/* Labels are texts, numbers too. */
static struct json_object *label(unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    return sb_json_text(text);
}

static void add_steps(struct json_object *object, const struct sb_run_record *r)
{
    struct json_object *codes = json_object_new_array(), *steps = json_object_new_array();
    for (size_t i = 0; i < r->steps_nr; i++) {
        json_object_array_add(codes, json_object_new_int(r->exit_codes[i]));
        json_object_array_add(steps, sb_json_text(r->steps[i]));
    }
    sb_json_add(object, "exit_codes", codes);
    sb_json_add(object, "steps", steps);
}

static struct json_object *load_json(const double load[3])
{
    struct json_object *array = json_object_new_array();
    if (!isfinite(load[0])) {
        json_object_put(array);
        return NULL;
    }
    for (int i = 0; i < 3; i++)
        json_object_array_add(array, rounded(load[i]));
    return array;
}

struct json_object *sb_run_record_json(const struct sb_run_record *r)
{
    struct json_object *object = json_object_new_object();
    sb_json_add(object, "log", sb_json_text(r->log));
    sb_json_add(object, "platform", sb_json_text(r->platform));
    sb_json_add(object, "config", sb_json_text(r->config));
    sb_json_add(object, "test", sb_json_text(r->test));
    sb_json_add(object, "host", sb_json_text(r->host));
    sb_json_add(object, "boot", label(r->boot));
    sb_json_add(object, "repetition", label(r->repetition));
    sb_json_add(object, "order", json_object_new_int64((int64_t)r->order));
    sb_json_add(object, "attempt", json_object_new_int64(r->attempt));
    sb_json_add(object, "started", sb_json_text(r->started));
    sb_json_add(object, "ready_s", rounded(r->ready));
    sb_json_add(object, "wall_s", rounded(r->wall));
    add_steps(object, r);
    sb_json_add(object, "load", load_json(r->load));
    sb_json_add(object, "status", sb_json_text(status_words[r->status]));
    sb_json_add(object, "reason", sb_json_text(r->reason));
    sb_json_add(object, "caches", sb_json_text(r->caches));
    sb_json_add(object, "steal_s", rounded(r->steal));
    return object;
}

/* ---- and back ---- */

struct reading {
    struct sb_journal *journal;
    struct json_object *object;
    const char *missing; /* the first member that is absent or of another type */
};

static struct json_object *member(struct reading *r, const char *key, enum json_type type, bool required)
{
    struct json_object *value = NULL;
    if (json_object_object_get_ex(r->object, key, &value) && json_object_is_type(value, type)) return value;
    if ((required || value) && !r->missing) r->missing = key;
    return NULL;
}

static const char *text(struct reading *r, const char *key, bool required)
{
    struct json_object *value = member(r, key, json_type_string, required);
    return value ? sb_arena_strdup(&r->journal->arena, json_object_get_string(value)) : NULL;
}

static size_t count(struct reading *r, const char *key)
{
    struct json_object *value = member(r, key, json_type_int, true);
    int64_t number = value ? json_object_get_int64(value) : 0;
    if (number < 0 && !r->missing) r->missing = key;
    return number < 0 ? 0 : (size_t)number;
}

static unsigned label_number(struct reading *r, const char *key)
{
    struct json_object *value = member(r, key, json_type_string, true);
    const char *digits = value ? json_object_get_string(value) : "";
    unsigned number = 0;
    while (sb_is_digit(*digits) && number < 100000000)
        number = number * 10 + (unsigned)(*digits++ - '0');
    if ((!number || *digits) && !r->missing) r->missing = key;
    return number;
}

static double number(struct json_object *value)
{
    bool is_number =
        json_object_is_type(value, json_type_double) || json_object_is_type(value, json_type_int);
    return is_number ? json_object_get_double(value) : NAN;
}

static double optional_number(struct reading *r, const char *key)
{
    struct json_object *value;
    return json_object_object_get_ex(r->object, key, &value) ? number(value) : NAN;
}

static void read_steps(struct reading *r, struct sb_run_record *record)
{
    struct json_object *codes = member(r, "exit_codes", json_type_array, true),
                       *steps = member(r, "steps", json_type_array, true);
    size_t nr = codes && steps ? json_object_array_length(codes) : 0;
    if (nr > SB_STEPS_MAX || (steps && codes && json_object_array_length(steps) != nr)) {
        if (!r->missing) r->missing = "exit_codes";
        return;
    }
    for (size_t i = 0; i < nr; i++) {
        struct json_object *step = json_object_array_get_idx(steps, i);
        const char *name = json_object_is_type(step, json_type_string) ? json_object_get_string(step) : "";
        record->exit_codes[i] = json_object_get_int(json_object_array_get_idx(codes, i));
        record->steps[i] = sb_arena_strdup(&r->journal->arena, name);
    }
    record->steps_nr = nr;
}

static void read_load(struct reading *r, struct sb_run_record *record)
{
    struct json_object *load;
    bool given = json_object_object_get_ex(r->object, "load", &load) &&
                 json_object_is_type(load, json_type_array) && json_object_array_length(load) == 3;
    for (size_t i = 0; i < 3; i++)
        record->load[i] = given ? number(json_object_array_get_idx(load, i)) : NAN;
}

static void read_status(struct reading *r, struct sb_run_record *record)
{
    struct json_object *value = member(r, "status", json_type_string, true);
    for (size_t i = 0; value && i < SB_ARRAY_SIZE(status_words); i++)
        if (strcmp(json_object_get_string(value), status_words[i]) == 0) {
            record->status = (enum sb_run_status)i;
            return;
        }
    if (!r->missing) r->missing = "status";
}

static void read_record(struct reading *r, struct sb_run_record *record)
{
    *record = (struct sb_run_record){.log = text(r, "log", true),
                                     .platform = text(r, "platform", true),
                                     .config = text(r, "config", true),
                                     .test = text(r, "test", true),
                                     .host = text(r, "host", false),
                                     .boot = label_number(r, "boot"),
                                     .repetition = label_number(r, "repetition"),
                                     .order = count(r, "order"),
                                     .attempt = (unsigned)count(r, "attempt"),
                                     .started = text(r, "started", false),
                                     .ready = optional_number(r, "ready_s"),
                                     .wall = optional_number(r, "wall_s"),
                                     .steal = optional_number(r, "steal_s"),
                                     .reason = text(r, "reason", false),
                                     .caches = text(r, "caches", false)};
    read_steps(r, record);
    read_load(r, record);
    read_status(r, record);
}

static bool read_line(struct sb_journal *j, size_t line, const char *bytes, size_t len, struct sb_err *err)
{
    struct sb_err inner = {.code = SB_OK};
    struct reading r = {.journal = j, .object = sb_json_parse("record", bytes, len, &inner)};
    struct sb_run_record record;
    if (!json_object_is_type(r.object, json_type_object)) {
        json_object_put(r.object);
        return sb_fail(
            err, SB_ERR_FORMAT,
            "%s:%zu: no record of a run; the journal was changed or damaged: restore it, or remove "
            "this line and the experiment makes that run again",
            j->path, line);
    }
    read_record(&r, &record);
    json_object_put(r.object);
    if (r.missing)
        return sb_fail(err, SB_ERR_FORMAT, "%s:%zu: a record of a run without a usable \"%s\"", j->path, line,
                       r.missing);
    SB_ALLOC_GROW(j->v, j->nr + 1, j->alloc);
    if (record.order >= j->next_order) j->next_order = record.order + 1;
    j->v[j->nr++] = record;
    return true;
}

/* ---- the file ---- */

static bool read_all(struct sb_journal *j, struct sb_err *err)
{
    char *bytes;
    size_t len, line = 0;
    bool ok = true;
    if (!sb_read_file(j->path, size_limit, &bytes, &len, err)) return false;
    size_t whole = 0;
    const char *newline;
    for (; ok && (newline = memchr(bytes + whole, '\n', len - whole)) != NULL;
         whole = (size_t)(newline - bytes) + 1)
        ok = read_line(j, ++line, bytes + whole, (size_t)(newline - bytes) - whole, err);
    free(bytes);
    if (ok && whole < len && (ftruncate(j->fd, (off_t)whole) != 0 || fsync(j->fd) != 0))
        return sb_fail(err, SB_ERR_OUTPUT, "%s: cannot cut off its torn last line: %s", j->path,
                       strerror(errno));
    return ok;
}

bool sb_journal_open(struct sb_journal *j, const char *path, struct sb_err *err)
{
    *j = (struct sb_journal){.path = sb_xstrdup(path)};
    sb_arena_init(&j->arena);
    j->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (j->fd < 0) return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", path, strerror(errno));
    return read_all(j, err);
}

/* The record with its texts in the journal's arena. */
static struct sb_run_record copy_of(struct sb_journal *j, const struct sb_run_record *record)
{
    struct sb_run_record copy = *record;
    const char **texts[] = {&copy.log,  &copy.platform, &copy.config, &copy.test,
                            &copy.host, &copy.started,  &copy.reason, &copy.caches};
    for (size_t i = 0; i < SB_ARRAY_SIZE(texts); i++)
        if (*texts[i]) *texts[i] = sb_arena_strdup(&j->arena, *texts[i]);
    for (size_t i = 0; i < copy.steps_nr; i++)
        copy.steps[i] = sb_arena_strdup(&j->arena, copy.steps[i]);
    return copy;
}

static bool write_synced(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        bytes += n;
        len -= (size_t)n;
    }
    return fsync(fd) == 0 || errno == EINVAL;
}

bool sb_journal_append(struct sb_journal *j, const struct sb_run_record *record, struct sb_err *err)
{
    struct sb_strbuf line = SB_STRBUF_INIT;
    struct stat before = {.st_size = -1};
    struct json_object *object = sb_run_record_json(record);
    sb_json_write(&line, object, false);
    json_object_put(object);
    while (line.len && line.buf[line.len - 1] == '\n')
        line.len--;
    sb_strbuf_addc(&line, '\n');
    bool ok = fstat(j->fd, &before) == 0 && write_synced(j->fd, line.buf, line.len);
    int problem = errno;
    sb_strbuf_release(&line);
    if (!ok) {
        if (before.st_size >= 0 && ftruncate(j->fd, before.st_size) != 0)
            errno = problem; /* the torn line is cut off when it is read */
        return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", j->path, strerror(problem));
    }
    SB_ALLOC_GROW(j->v, j->nr + 1, j->alloc);
    if (record->order >= j->next_order) j->next_order = record->order + 1;
    j->v[j->nr++] = copy_of(j, record);
    return true;
}

void sb_journal_close(struct sb_journal *j)
{
    if (!j->path) return;
    if (j->fd >= 0) close(j->fd);
    free(j->path);
    free(j->v);
    sb_arena_free(&j->arena);
    *j = (struct sb_journal){.fd = -1};
}
