#include "collect/image_record.h"

#include <inttypes.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/json.h"
#include "io/outfile.h"

const char *const sb_disk_formats[SB_DISKS] = {[SB_DISK_RAW] = "raw", [SB_DISK_QCOW2] = "qcow2"};

static const char *const kinds[] = {
    [SB_IMAGE_TINY] = "tiny", [SB_IMAGE_DEBIAN] = "debian", [SB_IMAGE_ADOPTED] = "adopted"};

const char *sb_image_kind_name(enum sb_image_kind kind)
{
    return kinds[kind];
}

const char *sb_image_arch(const char *name)
{
    static const char *const known[][2] = {{"x86_64", "amd64"}, {"aarch64", "arm64"}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(known); i++)
        if (sb_streq(name, known[i][0]) || sb_streq(name, known[i][1])) return known[i][0];
    return NULL;
}

const char *sb_image_host_arch(void)
{
    struct utsname host;
    return uname(&host) == 0 ? sb_image_arch(host.machine) : NULL;
}

/* ---- reading ---- */

struct reader {
    const char *path;
    struct sb_arena *arena;
    struct sb_err *err;
};

static bool no_control_characters(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 127) return false;
    return true;
}

/* Relative, and no component is "..". */
static bool stays_inside(const char *path)
{
    if (!*path || *path == '/' || !no_control_characters(path)) return false;
    for (const char *at = path; at; at = strchr(at, '/')) {
        if (*at == '/') at++;
        size_t len = strcspn(at, "/");
        if (len == 2 && at[0] == '.' && at[1] == '.') return false;
    }
    return true;
}

static bool is_anywhere(const char *path)
{
    return *path && no_control_characters(path);
}

bool sb_image_is_user(const char *text)
{
    if (!sb_is_alnum(*text) && *text != '_') return false;
    size_t len = 0;
    while (sb_is_alnum(text[len]) || (text[len] && strchr("._-", text[len])))
        len++;
    return !text[len] && len <= 64;
}

bool sb_image_is_tag(const char *text)
{
    const char *slash = strrchr(text, '/');
    if (!sb_is_alnum(*text)) return false;
    /* Engines refuse capitals, but in the registry and behind the colon. */
    for (const char *c = slash ? slash + 1 : text; *c && *c != ':'; c++)
        if (*c >= 'A' && *c <= 'Z') return false;
    size_t len = 0;
    while (sb_is_alnum(text[len]) || (text[len] && strchr("._-/:@", text[len])))
        len++;
    return !text[len] && len <= 255 && sb_is_alnum(text[len - 1]);
}

static bool is_arch(const char *text)
{
    return sb_streq(text, "x86_64") || sb_streq(text, "aarch64");
}

static bool is_sha256(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* A text in the record, and what makes it one. */
struct text_field {
    const char *key;
    size_t offset;
    bool (*valid)(const char *text);
    const char *want;
};

#define FIELD(f) offsetof(struct sb_image_record, f)

static const struct text_field fields[] = {
    {"arch", FIELD(arch), is_arch, "x86_64 or aarch64"},
    {"kernel", FIELD(kernel), stays_inside, "a path inside the image's folder"},
    {"initrd", FIELD(initrd), stays_inside, "a path inside the image's folder"},
    {"append", FIELD(append), no_control_characters, "one line of text"},
    {"user", FIELD(user), sb_image_is_user, "a user's name"},
    {"container", FIELD(container), sb_image_is_tag, "a container image's tag"},
};

static const struct text_field facts[] = {
    {"suite", FIELD(suite), no_control_characters, "one line of text"},
    {"kernel_version", FIELD(kernel_version), no_control_characters, "one line of text"},
    {"sysbench_version", FIELD(sysbench_version), no_control_characters, "one line of text"},
    {"sbstat", FIELD(sbstat), no_control_characters, "one line of text"},
};

/* Absent and null leave *text NULL. */
static bool read_text(const struct reader *r, struct json_object *object, const char *key,
                      bool (*valid)(const char *), const char *want, const char **text)
{
    struct json_object *value;
    *text = NULL;
    if (!json_object_object_get_ex(object, key, &value) || !value) return true;
    const char *s = json_object_is_type(value, json_type_string) ? json_object_get_string(value) : NULL;
    if (!s || strlen(s) != (size_t)json_object_get_string_len(value) || !valid(s))
        return sb_fail(r->err, SB_ERR_FORMAT, "%s: \"%s\" must be %s", r->path, key, want);
    *text = sb_arena_strdup(r->arena, s);
    return true;
}

static bool read_texts(const struct reader *r, struct json_object *object, const struct text_field *rows,
                       size_t nr, struct sb_image_record *record)
{
    for (size_t i = 0; i < nr; i++)
        if (!read_text(r, object, rows[i].key, rows[i].valid, rows[i].want,
                       (const char **)(void *)((char *)record + rows[i].offset)))
            return false;
    return true;
}

static bool read_count(const struct reader *r, struct json_object *object, const char *key, int64_t most,
                       uint64_t *count)
{
    struct json_object *value;
    *count = 0;
    if (!json_object_object_get_ex(object, key, &value) || !value) return true;
    int64_t number = json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : -1;
    if (number < 0 || number > most)
        return sb_fail(r->err, SB_ERR_FORMAT, "%s: \"%s\" must be a whole number that is not negative",
                       r->path, key);
    *count = (uint64_t)number;
    return true;
}

static bool read_object(const struct reader *r, struct json_object *object, const char *key,
                        struct json_object **inner)
{
    *inner = NULL;
    if (!json_object_object_get_ex(object, key, inner) || !*inner) return true;
    if (json_object_is_type(*inner, json_type_object)) return true;
    return sb_fail(r->err, SB_ERR_FORMAT, "%s: \"%s\" must be an object", r->path, key);
}

static bool read_disk(const struct reader *r, struct json_object *object, struct sb_image_disk *disk)
{
    if (!read_text(r, object, "file", stays_inside, "a path inside the image's folder", &disk->file) ||
        !read_text(r, object, "sha256", is_sha256, "64 hexadecimal digits", &disk->sha256) ||
        !read_count(r, object, "bytes", INT64_MAX, &disk->bytes))
        return false;
    return disk->file || sb_fail(r->err, SB_ERR_FORMAT, "%s: a disk has no \"file\"", r->path);
}

static bool read_disks(const struct reader *r, struct json_object *object, struct sb_image_record *record)
{
    struct json_object *disks, *disk;
    if (!read_object(r, object, "disks", &disks)) return false;
    for (size_t i = 0; i < SB_DISKS && disks; i++) {
        if (!read_object(r, disks, sb_disk_formats[i], &disk)) return false;
        if (disk && !read_disk(r, disk, &record->disks[i])) return false;
    }
    return true;
}

static bool read_kind(const struct reader *r, struct json_object *object, struct sb_image_record *record)
{
    const char *name;
    if (!read_text(r, object, "kind", no_control_characters, "tiny, debian or adopted", &name)) return false;
    for (size_t i = 0; i < SB_ARRAY_SIZE(kinds); i++) {
        record->kind = (enum sb_image_kind)i;
        if (sb_streq(name, kinds[i])) return true;
    }
    return sb_fail(r->err, SB_ERR_FORMAT, "%s: \"kind\" must be tiny, debian or adopted", r->path);
}

static bool read_record(const struct reader *r, struct json_object *object, struct sb_image_record *record)
{
    struct json_object *inner;
    uint64_t version, packages = 0;
    memset(record, 0, sizeof *record);
    if (!json_object_is_type(object, json_type_object))
        return sb_fail(r->err, SB_ERR_FORMAT, "%s: not the description of an image", r->path);
    if (!read_count(r, object, "schema_version", INT32_MAX, &version)) return false;
    if (version != 1)
        return sb_fail(r->err, SB_ERR_FORMAT, "%s: schema_version must be 1%s", r->path,
                       version > 1 ? "; a newer sbstat made this image" : "");
    if (!read_kind(r, object, record) || !read_texts(r, object, fields, SB_ARRAY_SIZE(fields), record) ||
        !read_text(r, object, "key", record->kind == SB_IMAGE_ADOPTED ? is_anywhere : stays_inside,
                   record->kind == SB_IMAGE_ADOPTED ? "a path" : "a path inside the image's folder",
                   &record->key) ||
        !read_disks(r, object, record) || !read_object(r, object, "facts", &inner))
        return false;
    if (inner && (!read_texts(r, inner, facts, SB_ARRAY_SIZE(facts), record) ||
                  !read_count(r, inner, "packages", INT32_MAX, &packages)))
        return false;
    record->packages = (unsigned)packages;
    return true;
}

bool sb_image_record_read(struct sb_image_record *record, const char *path, struct sb_arena *arena,
                          struct sb_err *err)
{
    enum { LIMIT = 1 << 20 };
    struct reader r = {path, arena, err};
    struct stat st;
    char *text;
    size_t len;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) /* a FIFO would make us wait */
        return sb_fail(err, SB_ERR_FORMAT, "%s is not a regular file", path);
    if (!sb_read_file(path, LIMIT, &text, &len, err)) return false;
    struct json_object *object = sb_json_parse(path, text, len, err);
    bool ok = object && read_record(&r, object, record);
    json_object_put(object);
    free(text);
    return ok;
}

/* ---- writing ---- */

static struct json_object *text_or_absent(const char *text)
{
    return text ? sb_json_text(text) : NULL;
}

static void add_texts(struct json_object *object, const struct text_field *rows, size_t nr,
                      const struct sb_image_record *record)
{
    for (size_t i = 0; i < nr; i++) {
        const char *text = *(const char *const *)(const void *)((const char *)record + rows[i].offset);
        sb_json_add(object, rows[i].key, text_or_absent(text));
    }
}

static struct json_object *disk_object(const struct sb_image_disk *disk)
{
    struct json_object *object = json_object_new_object();
    sb_json_add(object, "file", sb_json_text(disk->file));
    sb_json_add(object, "sha256", text_or_absent(disk->sha256));
    sb_json_add(object, "bytes", disk->bytes ? json_object_new_int64((int64_t)disk->bytes) : NULL);
    return object;
}

void sb_image_record_text(const struct sb_image_record *record, struct sb_strbuf *out)
{
    struct json_object *object = json_object_new_object(), *disks = json_object_new_object(),
                       *about = json_object_new_object();
    sb_json_add(object, "schema_version", json_object_new_int(1));
    sb_json_add(object, "kind", text_or_absent(record->bare ? NULL : kinds[record->kind]));
    add_texts(object, fields, SB_ARRAY_SIZE(fields), record);
    sb_json_add(object, "key", text_or_absent(record->key));
    for (size_t i = 0; i < SB_DISKS; i++)
        if (record->disks[i].file) sb_json_add(disks, sb_disk_formats[i], disk_object(&record->disks[i]));
    sb_json_add(object, "disks", disks);
    add_texts(about, facts, SB_ARRAY_SIZE(facts), record);
    sb_json_add(about, "packages", record->packages ? json_object_new_int64(record->packages) : NULL);
    sb_json_add(object, "facts", about);
    sb_json_write(out, object, true);
    sb_strbuf_addc(out, '\n');
    json_object_put(object);
}

bool sb_image_record_write(const struct sb_image_record *record, const char *path, struct sb_err *err)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_image_record_text(record, &text);
    bool ok = sb_outfile_write(path, text.buf, text.len, err);
    sb_strbuf_release(&text);
    return ok;
}
