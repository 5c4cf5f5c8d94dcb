#include "parsers/manifest_above.h"

#include <sys/stat.h>
#include <limits.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

enum { LEVELS = 3 };

static bool lists(const struct sb_manifest *manifest, const char *path)
{
    size_t len = strlen(path);
    for (size_t i = 0; i < manifest->runs_nr; i++) {
        const char *log = manifest->runs[i].log;
        if (strncmp(log, path, len) == 0 && (log[len] == '\0' || log[len] == '/')) return true;
    }
    return false;
}

static bool read_manifest_of(const char *folder, struct sb_manifest *manifest)
{
    struct sb_strbuf path = SB_STRBUF_INIT;
    struct stat st;
    char *text = NULL;
    size_t len;
    sb_strbuf_addf(&path, "%s/manifest.json", folder);
    bool ok = stat(path.buf, &st) == 0 && S_ISREG(st.st_mode) &&
              sb_read_file(path.buf, (size_t)1 << 28, &text, &len, NULL);
    if (ok && !sb_manifest_parse(manifest, "manifest.json", text, len, NULL)) {
        sb_manifest_free(manifest);
        ok = false;
    }
    free(text);
    sb_strbuf_release(&path);
    return ok;
}

bool sb_manifest_above(const char *path, struct sb_manifest *manifest, char **listed_as)
{
    char *whole = realpath(path, NULL), *slash;
    bool found = false;
    if (!whole) return false;
    char *folder = sb_xstrdup(whole);
    for (int level = 0; !found && level < LEVELS && (slash = strrchr(folder, '/')) && slash != folder;
         level++) {
        *slash = '\0';
        if (!read_manifest_of(folder, manifest)) continue;
        const char *below = whole + strlen(folder) + 1;
        found = lists(manifest, below);
        if (found)
            *listed_as = sb_xstrdup(below);
        else
            sb_manifest_free(manifest);
    }
    free(folder);
    free(whole);
    return found;
}
