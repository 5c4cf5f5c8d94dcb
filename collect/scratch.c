#include "collect/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "collect/image_tree.h"
#include "core/strbuf.h"
#include "core/text.h"

enum { RANDOM_LEN = 6 };

char *sb_scratch_make(const char *parent, const char *prefix, struct sb_err *err)
{
    struct sb_strbuf path = SB_STRBUF_INIT;
    sb_strbuf_addf(&path, "%s/%s-XXXXXX", parent, prefix);
    char *made = sb_strbuf_detach(&path, NULL);
    if (mkdtemp(made)) return made;
    sb_fail(err, SB_ERR_OUTPUT, "cannot make a scratch folder in %s: %s; --scratch names another place",
            parent, strerror(errno));
    free(made);
    return NULL;
}

static bool is_ours(int parent, const char *name, const char *prefix)
{
    struct stat st;
    size_t len = strlen(prefix);
    return sb_has_prefix(name, prefix) && name[len] == '-' && strlen(name) == len + 1 + RANDOM_LEN &&
           fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode) &&
           st.st_uid == geteuid();
}

/* What a killed sbstat started may take a moment to end, and write meanwhile. */
static bool remove_patiently(const char *path)
{
    const struct timespec pause = {.tv_sec = 0, .tv_nsec = 200 * 1000 * 1000};
    for (int attempt = 0; attempt < 10; attempt++) {
        if (sb_remove_folder(path, NULL)) return true;
        nanosleep(&pause, NULL);
    }
    return false;
}

size_t sb_scratch_sweep(const char *parent, const char *prefix)
{
    size_t removed = 0;
    DIR *dir = opendir(parent);
    for (const struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        if (!is_ours(dirfd(dir), entry->d_name, prefix)) continue;
        struct sb_strbuf path = SB_STRBUF_INIT;
        sb_strbuf_addf(&path, "%s/%s", parent, entry->d_name);
        removed += remove_patiently(path.buf);
        sb_strbuf_release(&path);
    }
    if (dir) closedir(dir);
    return removed;
}
