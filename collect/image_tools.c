#include "collect/image_tools.h"

#include <unistd.h>
#include "collect/accelerator.h"
#include "collect/process.h"
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"

struct tool {
    const char *name, *apt, *brew; /* brew NULL: there is none for macOS */
};

static const struct tool tools[] = {
    {"qemu-img", "qemu-utils", "qemu"},
    {"qemu-io", "qemu-utils", "qemu"},
    {"mke2fs", "e2fsprogs", "e2fsprogs"},
    {"debugfs", "e2fsprogs", "e2fsprogs"},
    {"ssh-keygen", "openssh-client", "openssh"},
    {"mmdebstrap", "mmdebstrap", NULL},
    {"debootstrap", "debootstrap", NULL},
    {"arch-test", "arch-test", NULL},
    {"busybox", "busybox-static", NULL},
    {"sysbench", "sysbench", "sysbench"},
    {"ldd", "libc-bin", NULL},
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

static void add_name(struct sb_strbuf *text, const struct tool *row, const char *name, bool mac)
{
    sb_strbuf_addf(text, "%s%s", text->len ? ", " : "", name);
    if (!row || (mac && !row->brew)) return;
    sb_strbuf_adds(text, " (");
    if (!mac) sb_strbuf_addf(text, "apt install %s", row->apt);
    if (row->brew) sb_strbuf_addf(text, "%sbrew install %s", mac ? "" : "; ", row->brew);
    sb_strbuf_addc(text, ')');
}

void sb_tools_advice(const char *const *names, const char *system, struct sb_strbuf *text)
{
    bool mac = sb_streq(system, "darwin");
    struct sb_strbuf nowhere = SB_STRBUF_INIT;
    for (; *names; names++) {
        const struct tool *row = find_row(*names);
        add_name(text, row, *names, mac);
        if (mac && row && !row->brew) sb_strbuf_addf(&nowhere, "%s%s", nowhere.len ? ", " : "", *names);
    }
    if (nowhere.len)
        sb_strbuf_addf(
            text,
            "; of %s there is none for macOS: build the image on Linux and copy its folder, or adopt "
            "a disk of your own (sbstat image adopt)",
            nowhere.buf);
    sb_strbuf_release(&nowhere);
}

enum { MOST_NAMES = 32 };

bool sb_tools_need(const char *const *names, struct sb_err *err)
{
    const char *missing[MOST_NAMES + 1] = {NULL};
    size_t nr = 0;
    for (; *names; names++) {
        char *path = sb_tool_find(*names);
        if (!path && nr < MOST_NAMES) missing[nr++] = *names;
        free(path);
    }
    if (!nr) return true;
    struct sb_arena arena;
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_arena_init(&arena);
    sb_tools_advice(missing, sb_host_system(&arena), &text);
    sb_fail(err, SB_ERR_STEP, "not installed: %s", text.buf);
    sb_strbuf_release(&text);
    sb_arena_free(&arena);
    return false;
}

char *sb_tool_need(const char *name, struct sb_err *err)
{
    const char *const names[] = {name, NULL};
    return sb_tools_need(names, err) ? sb_tool_find(name) : NULL;
}
