#include "cli/report_dir.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"
#include "io/outfile.h"

static const char index_name[] = "files.txt";
static const char index_heading[] = "files written by sbstat report";
enum { INDEX_LIMIT = 16 << 20 };

static const char *path_of(const struct sb_report_dir *dir, const char *name)
{
    struct sb_arena *arena = (struct sb_arena *)&dir->arena; /* memory only: the folder stays as it is */
    return sb_arena_printf(arena, "%s/%s", dir->path, name);
}

/* The only names a report ever writes: NAME or charts/NAME of plain characters. Anything else in an index is
 * not ours. */
static bool plain_name(const char *name)
{
    if (sb_has_prefix(name, "charts/")) name += strlen("charts/");
    if (!*name || *name == '.') return false;
    for (; *name; name++)
        if (!sb_is_alnum(*name) && *name != '-' && *name != '.' && *name != '_') return false;
    return true;
}

static bool listed(const char *const *list, size_t nr, const char *name)
{
    for (size_t i = 0; i < nr; i++)
        if (strcmp(list[i], name) == 0) return true;
    return false;
}

static bool read_index(struct sb_report_dir *dir, struct sb_err *err)
{
    const char *path = path_of(dir, index_name);
    char *text;
    size_t len;
    if (access(path, F_OK) != 0) return true;
    if (!sb_read_file(path, INDEX_LIMIT, &text, &len, err)) {
        err->code = SB_ERR_OUTPUT;
        return false;
    }
    bool ours = sb_has_prefix(text, index_heading);
    for (char *line = text, *end; ours && *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end) *end++ = '\0';
        if (!plain_name(line) || listed(dir->before, dir->before_nr, line)) continue;
        SB_ALLOC_GROW(dir->before, dir->before_nr + 1, dir->before_alloc);
        dir->before[dir->before_nr++] = sb_arena_strdup(&dir->arena, line);
    }
    free(text);
    if (!ours)
        return sb_fail(err, SB_ERR_OUTPUT, "%s is no report's index; choose another folder with -o", path);
    return true;
}

bool sb_report_dir_open(struct sb_report_dir *dir, const char *path, struct sb_err *err)
{
    memset(dir, 0, sizeof *dir);
    sb_arena_init(&dir->arena);
    dir->path = path;
    return sb_make_dirs(path, err) && read_index(dir, err);
}

const char *sb_report_dir_add(struct sb_report_dir *dir, const char *name)
{
    SB_ALLOC_GROW(dir->files, dir->nr + 1, dir->alloc);
    dir->files[dir->nr++] = sb_arena_strdup(&dir->arena, name);
    return path_of(dir, name);
}

bool sb_report_dir_check(const struct sb_report_dir *dir, struct sb_err *err)
{
    struct stat st;
    for (size_t i = 0; i < dir->nr; i++) {
        const char *path = path_of(dir, dir->files[i]);
        if (lstat(path, &st) == 0 && !listed(dir->before, dir->before_nr, dir->files[i]))
            return sb_fail(
                err, SB_ERR_OUTPUT,
                "%s exists and is not an earlier report's; move it or choose another folder with -o", path);
    }
    return true;
}

static bool write_index(struct sb_report_dir *dir, bool with_before, struct sb_err *err)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_strbuf_addf(&text, "%s\n", index_heading);
    for (size_t i = 0; i < dir->nr; i++)
        sb_strbuf_addf(&text, "%s\n", dir->files[i]);
    for (size_t i = 0; with_before && i < dir->before_nr; i++)
        if (!listed(dir->files, dir->nr, dir->before[i])) sb_strbuf_addf(&text, "%s\n", dir->before[i]);
    bool ok = sb_outfile_write(path_of(dir, index_name), text.buf, text.len, err);
    sb_strbuf_release(&text);
    return ok;
}

bool sb_report_dir_begin(struct sb_report_dir *dir, struct sb_err *err)
{
    return sb_make_dirs(path_of(dir, "charts"), err) && write_index(dir, true, err);
}

bool sb_report_dir_finish(struct sb_report_dir *dir, struct sb_err *err)
{
    for (size_t i = 0; i < dir->before_nr; i++) {
        if (listed(dir->files, dir->nr, dir->before[i])) continue;
        const char *path = path_of(dir, dir->before[i]);
        if (unlink(path) != 0 && errno != ENOENT)
            return sb_fail(err, SB_ERR_OUTPUT, "cannot remove %s of the previous report: %s", path,
                           strerror(errno));
    }
    return write_index(dir, false, err);
}

void sb_report_dir_release(struct sb_report_dir *dir)
{
    free(dir->before);
    free(dir->files);
    sb_arena_free(&dir->arena);
}
