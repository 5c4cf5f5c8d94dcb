#include "collect/image_tools.h"

#include <unistd.h>
#include "collect/process.h"
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"

struct tool {
    const char *name, *apt, *brew; /* brew NULL: there is none for macOS */
};

static const struct tool tools[] = {
    {"qemu-img", "qemu-utils", "qemu"},
    {"mke2fs", "e2fsprogs", "e2fsprogs"},
    {"debugfs", "e2fsprogs", "e2fsprogs"},
    {"ssh-keygen", "openssh-client", "openssh"},
    {"mmdebstrap", "mmdebstrap", NULL},
    {"debootstrap", "debootstrap", NULL},
    {"arch-test", "arch-test", NULL},
    {"busybox", "busybox-static", NULL},
    {"sysbench", "sysbench", "sysbench"},
    {"ldd", "libc-bin", NULL},
    {"unshare", "util-linux", NULL},
    {"apt-get", "apt", NULL},
    {"apt-cache", "apt", NULL},
    {"docker", "docker.io", "docker"},
    {"podman", "podman", "podman"},
};

static const char *const folders[] = {"/usr/sbin", "/sbin", "/usr/local/sbin",
                                      "/opt/homebrew/opt/e2fsprogs/sbin", "/usr/local/opt/e2fsprogs/sbin"};

char *sb_tool_find(const char *name)
{
    char *path = sb_find_program(name);
    for (size_t i = 0; i < SB_ARRAY_SIZE(folders) && !path; i++) {
        struct sb_strbuf candidate = SB_STRBUF_INIT;
        sb_strbuf_addf(&candidate, "%s/%s", folders[i], name);
        if (access(candidate.buf, X_OK) == 0) path = sb_strbuf_detach(&candidate, NULL);
        sb_strbuf_release(&candidate);
    }
    return path;
}

static const struct tool *find_row(const char *name)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(tools); i++)
        if (strcmp(tools[i].name, name) == 0) return &tools[i];
    return NULL;
}

static void add_missing(struct sb_strbuf *text, const char *name)
{
    const struct tool *row = find_row(name);
    sb_strbuf_addf(text, "%s%s", text->len ? ", " : "", name);
    if (row) sb_strbuf_addf(text, " (apt install %s", row->apt);
    if (row && row->brew) sb_strbuf_addf(text, "; brew install %s", row->brew);
    if (row) sb_strbuf_addc(text, ')');
}

bool sb_tools_need(const char *const *names, struct sb_err *err)
{
    struct sb_strbuf missing = SB_STRBUF_INIT;
    for (; *names; names++) {
        char *path = sb_tool_find(*names);
        if (!path) add_missing(&missing, *names);
        free(path);
    }
    bool ok = missing.len == 0;
    if (!ok) sb_fail(err, SB_ERR_STEP, "not installed: %s", missing.buf);
    sb_strbuf_release(&missing);
    return ok;
}

char *sb_tool_need(const char *name, struct sb_err *err)
{
    const char *const names[] = {name, NULL};
    return sb_tools_need(names, err) ? sb_tool_find(name) : NULL;
}
