#include "parsers/container.h"

#include <archive.h>
#include <archive_entry.h>
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"

static const struct {
    const char *magic;
    size_t at, len;
} magics[] = {
    {"\x1f\x8b", 0, 2},
    {"BZh", 0, 3},
    {"\xfd"
     "7zXZ\0",
     0, 6},
    {"\x28\xb5\x2f\xfd", 0, 4},
    {"PK\3\4", 0, 4},
    {"ustar", 257, 5},
};

static const size_t free_bytes = (size_t)64 << 20, most_bytes = (size_t)2 << 30, most_ratio = 250;
enum { MOST_MEMBERS = 100000, BLOCK = 65536 };

bool sb_container_detect(const char *bytes, size_t size)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(magics); i++)
        if (size >= magics[i].at + magics[i].len &&
            memcmp(bytes + magics[i].at, magics[i].magic, magics[i].len) == 0)
            return true;
    return false;
}

struct reading {
    struct archive *archive;
    size_t left; /* bytes that may still come out */
    bool (*wanted)(const char *name);
    sb_member_fn *fn;
    sb_container_error_fn *error;
    void *context;
    struct sb_strbuf bytes, name;
};

static size_t allowance(size_t size)
{
    size_t most = size > most_bytes / most_ratio ? most_bytes : size * most_ratio;
    return most > free_bytes ? most : free_bytes;
}

/* "./a/../../b" -> "a/b": nothing of a member's name may lead out of the archive. */
static void normalise(struct sb_strbuf *out, const char *path)
{
    sb_strbuf_clear(out);
    while (*path) {
        size_t len = strcspn(path, "/");
        bool nothing =
            len == 0 || (len == 1 && path[0] == '.') || (len == 2 && path[0] == '.' && path[1] == '.');
        if (!nothing) {
            if (out->len) sb_strbuf_addc(out, '/');
            sb_strbuf_add(out, path, len);
        }
        path += len + (path[len] == '/');
    }
}

static bool hidden(const char *name)
{
    return name[0] == '.' || strstr(name, "/.") || sb_has_prefix(name, "__MACOSX/");
}

/* Reads a member's data; false when the whole container must be given up. */
static bool read_data(struct reading *r, const char *name)
{
    sb_strbuf_clear(&r->bytes);
    for (;;) {
        sb_strbuf_reserve(&r->bytes, BLOCK);
        la_ssize_t n = archive_read_data(r->archive, r->bytes.buf + r->bytes.len, BLOCK);
        if (n == 0) return true;
        if (n < 0) {
            const char *reason = archive_error_string(r->archive);
            r->error(r->context, name, false, reason ? reason : "it is damaged");
            return n == ARCHIVE_WARN || n == ARCHIVE_RETRY;
        }
        if ((size_t)n > r->left) {
            r->error(r->context, name, true, "it expands far more than a log can: not read further");
            return false;
        }
        r->left -= (size_t)n;
        r->bytes.len += (size_t)n;
        r->bytes.buf[r->bytes.len] = '\0';
    }
}

/* One member. False when nothing more can be read. */
static bool read_member(struct reading *r, struct archive_entry *entry, bool single)
{
    const char *path = archive_entry_pathname(entry);
    if (!path) path = archive_entry_pathname_utf8(entry);
    normalise(&r->name, path ? path : "member");
    const char *name = single ? NULL : r->name.buf;
    bool regular = single || (archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry));
    if (!regular || (name && (hidden(name) || (r->wanted && !r->wanted(name))))) return true;
    bool ok = read_data(r, name);
    if (ok || r->bytes.len) r->fn(r->context, name, r->bytes.buf, r->bytes.len);
    return ok;
}

static void read_members(struct reading *r)
{
    struct archive_entry *entry;
    for (size_t members = 0;; members++) {
        int rc = archive_read_next_header(r->archive, &entry);
        if (rc == ARCHIVE_EOF) {
            if (!members) r->error(r->context, NULL, false, "nothing is in it");
            return;
        }
        if (rc < ARCHIVE_WARN) {
            const char *reason = archive_error_string(r->archive);
            r->error(r->context, NULL, false, reason ? reason : "it is damaged");
            return;
        }
        if (members == MOST_MEMBERS) {
            r->error(r->context, NULL, true, "it has more than 100,000 members: not read further");
            return;
        }
        bool single = archive_format(r->archive) == ARCHIVE_FORMAT_RAW;
        if (!read_member(r, entry, single)) return;
    }
}

void sb_container_read(const char *bytes, size_t size, bool (*wanted)(const char *name), sb_member_fn *fn,
                       sb_container_error_fn *error, void *context)
{
    struct reading r = {.archive = archive_read_new(),
                        .left = allowance(size),
                        .wanted = wanted,
                        .fn = fn,
                        .error = error,
                        .context = context};
    if (!r.archive) {
        error(context, NULL, false, "no memory to read it");
        return;
    }
    sb_strbuf_init(&r.bytes);
    sb_strbuf_init(&r.name);
    archive_read_support_filter_all(r.archive);
    archive_read_support_format_tar(r.archive);
    archive_read_support_format_zip(r.archive);
    archive_read_support_format_raw(r.archive);
    if (archive_read_open_memory(r.archive, bytes, size) == ARCHIVE_OK)
        read_members(&r);
    else
        error(context, NULL, false,
              archive_error_string(r.archive) ? archive_error_string(r.archive) : "it is damaged");
    archive_read_free(r.archive);
    sb_strbuf_release(&r.bytes);
    sb_strbuf_release(&r.name);
}
