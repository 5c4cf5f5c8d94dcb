/* The folder of an experiment: its lock, its plan, its attic. */
#include "collect/experiment_state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "collect/image_tree.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

const char *sb_folder_path(struct sb_experiment *e, const char *name)
{
    return sb_arena_printf(&e->arena, "%s/%s", e->options->folder, name);
}

bool sb_sync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash && slash > path ? sb_xstrndup(path, (size_t)(slash - path)) : sb_xstrdup(slash ? "/" : ".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (fd < 0) return false;
    bool ok = fsync(fd) == 0 || errno == EINVAL;
    close(fd);
    return ok;
}

/* ---- what is there already ---- */

/* What a folder may have that nothing was collected into yet: a start that was refused (no such image, a busy
 * host) leaves the plan and an empty journal. */
static bool is_of_no_account(int folder, const char *name)
{
    struct stat st;
    if (name[0] == '.' || strcmp(name, "plan.yaml") == 0 || strcmp(name, "plan.canonical") == 0) return true;
    return strcmp(name, "journal.jsonl") == 0 && fstatat(folder, name, &st, 0) == 0 && st.st_size == 0;
}

static bool has_content(const char *folder, char *example, size_t size)
{
    DIR *dir = opendir(folder);
    bool found = false;
    for (const struct dirent *entry; dir && !found && (entry = readdir(dir)) != NULL;) {
        found = !is_of_no_account(dirfd(dir), entry->d_name);
        if (found) snprintf(example, size, "%.80s", entry->d_name);
    }
    if (dir) closedir(dir);
    return found;
}

/* The line of `a` from `at` on, up to its end. */
static int line_len(const char *at)
{
    int len = (int)strcspn(at, "\n");
    return len > 160 ? 160 : len;
}

static bool plan_changed(const char *folder, const char *before, const char *now, struct sb_err *err)
{
    size_t i = 0, line_at = 0;
    for (; before[i] && before[i] == now[i]; i++)
        if (before[i] == '\n') line_at = i + 1;
    if (!before[i] && !now[i]) return true;
    while (before[line_at] == ' ' && now[line_at] == ' ')
        line_at++;
    return sb_fail(
        err, SB_ERR_USAGE,
        "%s was begun with another plan: \"%.*s\" was \"%.*s\"; take the plan it was begun with "
        "(%s/plan.yaml is a copy: put it where the plan was, since its paths start there), or name "
        "another folder",
        folder, line_len(now + line_at), now + line_at, line_len(before + line_at), before + line_at, folder);
}

static bool compare_plan(struct sb_experiment *e, const char *path, const char *canonical, struct sb_err *err)
{
    char *before;
    size_t len;
    if (!sb_read_file(path, 16 << 20, &before, &len, err)) return false;
    bool ok = plan_changed(e->options->folder, before, canonical, err);
    free(before);
    return ok;
}

/* A plan.yaml that was put there by hand must be the plan that is run. */
static bool same_text(struct sb_experiment *e, const char *path, struct sb_err *err)
{
    const struct sb_collect_options *o = e->options;
    char *there;
    size_t len;
    if (access(path, F_OK) != 0) return true;
    if (!sb_read_file(path, 16 << 20, &there, &len, err)) return false;
    bool same = len == o->plan_len && memcmp(there, o->plan_text, len) == 0;
    free(there);
    return same ||
           sb_fail(err, SB_ERR_OUTPUT, "%s is another plan than the one to run; name another folder", path);
}

/* A folder of ours in which nothing was made yet takes any plan; one that is somebody else's none. */
static bool check_content(struct sb_experiment *e, const char *canonical_path, const char *canonical,
                          struct sb_err *err)
{
    const char *folder = e->options->folder;
    char example[100] = "";
    bool ours = access(canonical_path, F_OK) == 0;
    if (!has_content(folder, example, sizeof example))
        return ours || same_text(e, sb_folder_path(e, "plan.yaml"), err);
    if (ours && e->options->resume) return compare_plan(e, canonical_path, canonical, err);
    if (ours)
        return sb_fail(err, SB_ERR_OUTPUT,
                       "%s has an experiment already; --resume goes on with it, another folder begins anew",
                       folder);
    return sb_fail(err, SB_ERR_OUTPUT, "%s is not empty (%s) and no experiment's folder; name another",
                   folder, example);
}

static bool store_plan(struct sb_experiment *e, const char *canonical_path, const struct sb_strbuf *canonical,
                       struct sb_err *err)
{
    const struct sb_collect_options *o = e->options;
    return sb_outfile_write(sb_folder_path(e, "plan.yaml"), o->plan_text, o->plan_len, err) &&
           sb_outfile_write(canonical_path, canonical->buf, canonical->len, err);
}

/* ---- the whole ---- */

/* Temporary files of a killed sbstat. */
static void remove_temporaries(const char *folder)
{
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
        if (sb_has_prefix(entry->d_name, ".sbstat-") && sb_has_suffix(entry->d_name, ".tmp"))
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir) closedir(dir);
}

/* Eight hex digits that stand for this folder on this host, without telling either. */
static void make_id(struct sb_experiment *e)
{
    char *key = sb_arena_printf(&e->arena, "%s:%s", e->manifest.host.name ? e->manifest.host.name : "",
                                e->real_folder);
    char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
    e->id = sb_arena_printf(&e->arena, "%s-%.8s", e->plan->experiment, sum);
    e->scratch_prefix = sb_arena_printf(&e->arena, "sb-%.8s", sum);
    g_free(sum);
}

static bool make_folder(struct sb_experiment *e, struct sb_err *err)
{
    const char *folder = e->options->folder;
    if (!sb_make_dirs(folder, err)) return false;
    char *real = realpath(folder, NULL);
    if (!real) return sb_fail(err, SB_ERR_OUTPUT, "%s: %s", folder, strerror(errno));
    e->real_folder = sb_arena_strdup(&e->arena, real);
    free(real);
    make_id(e);
    return sb_folder_lock(e, err);
}

bool sb_folder_open(struct sb_experiment *e, struct sb_err *err)
{
    struct sb_strbuf canonical = SB_STRBUF_INIT;
    sb_plan_canonical(e->plan, &canonical);
    bool ok = make_folder(e, err);
    const char *path = sb_folder_path(e, "plan.canonical");
    if (ok && !check_content(e, path, canonical.buf, err)) {
        sb_folder_unlock(e);
        ok = false;
    }
    if (ok) remove_temporaries(e->options->folder);
    ok = ok && store_plan(e, path, &canonical, err);
    sb_strbuf_release(&canonical);
    return ok;
}

void sb_folder_close(struct sb_experiment *e)
{
    e->lock_is_new = false; /* it stays, for the next sbstat here */
    sb_folder_unlock(e);
}

/* ---- what was cut off ---- */

static bool move_or_copy(const char *from, const char *to)
{
    if (rename(from, to) == 0) return true;
    if (errno != EXDEV || !sb_copy_file(from, to, 0666, NULL)) return false;
    return unlink(from) == 0;
}

void sb_keep_attempt(struct sb_experiment *e, const char *file, const char *name)
{
    struct stat st;
    struct sb_err ignored = {.code = SB_OK};
    if (lstat(file, &st) != 0 || !S_ISREG(st.st_mode)) return;
    if (st.st_size == 0) {
        unlink(file);
        return;
    }
    const char *attic = sb_folder_path(e, ".attempts");
    if (!sb_make_dirs(attic, &ignored)) return;
    const char *to = sb_arena_printf(&e->arena, "%s/%s", attic, name);
    for (unsigned i = 2; access(to, F_OK) == 0 && i < 1000; i++)
        to = sb_arena_printf(&e->arena, "%s/%s.%u", attic, name, i);
    if (!move_or_copy(file, to)) unlink(file);
}
