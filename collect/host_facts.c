#include "collect/host_facts.h"

#include <sys/utsname.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#else
#include <sys/mount.h>
#include <sys/param.h>
#include <sys/sysctl.h>
#endif
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"
#include "io/outfile.h"

#ifdef __linux__

/* The first line of a file, NULL when there is none. */
static const char *first_line(struct sb_arena *arena, const char *path)
{
    char *text;
    size_t len;
    if (access(path, R_OK) != 0 || !sb_read_file(path, 1 << 20, &text, &len, NULL)) return NULL;
    const char *line = *text ? sb_arena_strndup(arena, text, strcspn(text, "\n")) : NULL;
    free(text);
    return line;
}

/* The value of the first line "KEY<blanks>SEPARATOR value" of a text; quotes around it are taken off. */
static const char *value_of(struct sb_arena *arena, const char *text, const char *key, char separator)
{
    for (const char *line = text; line && *line; line = strchr(line, '\n'), line += line != NULL) {
        if (!sb_has_prefix(line, key)) continue;
        const char *at = line + strlen(key);
        while (*at == ' ' || *at == '\t')
            at++;
        if (*at != separator) continue;
        at += 1 + strspn(at + 1, " \t\"");
        size_t len = strcspn(at, "\n");
        while (len && strchr(" \t\"\r", at[len - 1]))
            len--;
        return len ? sb_arena_strndup(arena, at, len) : NULL;
    }
    return NULL;
}

static const char *file_value(struct sb_arena *arena, const char *path, const char *key, char separator)
{
    char *text;
    size_t len;
    if (access(path, R_OK) != 0 || !sb_read_file(path, 8 << 20, &text, &len, NULL)) return NULL;
    const char *value = value_of(arena, text, key, separator);
    free(text);
    return value;
}

unsigned sb_host_memory_mib(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (unsigned)((double)pages * (double)page / (1024 * 1024)) : 0;
}

static void read_machine(struct sb_host_facts *facts, struct sb_arena *arena)
{
    facts->cpu_model = file_value(arena, "/proc/cpuinfo", "model name", ':');
    if (!facts->cpu_model) facts->cpu_model = first_line(arena, "/proc/device-tree/model"); /* ARM boards */
    if (!facts->cpu_model) facts->cpu_model = file_value(arena, "/proc/cpuinfo", "CPU part", ':');
    facts->os = file_value(arena, "/etc/os-release", "PRETTY_NAME", '=');
    facts->governor = first_line(arena, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    if (access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0)
        facts->cgroup = "v2";
    else if (access("/sys/fs/cgroup/memory", F_OK) == 0 || access("/sys/fs/cgroup/cpu", F_OK) == 0)
        facts->cgroup = "v1";
}

/* statfs(2), linux/magic.h */
static const struct {
    unsigned long magic;
    const char *name;
} filesystems[] = {
    {0xEF53, "ext4"},         {0x58465342, "xfs"},   {0x9123683E, "btrfs"}, {0x794C7630, "overlay"},
    {0x01021994, "tmpfs"},    {0x2FC12FC1, "zfs"},   {0xF2F52010, "f2fs"},  {0x6969, "nfs"},
    {0x65735546, "fuse"},     {0x5346544E, "ntfs"},  {0x4D44, "vfat"},      {0x01021997, "9p"},
    {0x6A656A63, "virtiofs"}, {0x858458F6, "ramfs"}, {0x3153464A, "jfs"},   {0x52654973, "reiserfs"},
    {0xCA451A4E, "bcachefs"}, {0xFE534D42, "smb2"},  {0xFF534D42, "cifs"},  {0x2011BAB0, "exfat"},
};

static const char *filesystem_of(const char *path, struct sb_arena *arena)
{
    struct statfs fs;
    if (statfs(path, &fs) != 0) return NULL;
    unsigned long magic = (unsigned long)fs.f_type & 0xFFFFFFFFUL;
    for (size_t i = 0; i < SB_ARRAY_SIZE(filesystems); i++)
        if (filesystems[i].magic == magic) return filesystems[i].name;
    return sb_arena_printf(arena, "0x%lx", magic);
}

#else

static const char *sysctl_text(struct sb_arena *arena, const char *name)
{
    char text[256];
    size_t len = sizeof text - 1;
    if (sysctlbyname(name, text, &len, NULL, 0) != 0) return NULL;
    text[len] = '\0';
    return *text ? sb_arena_strdup(arena, text) : NULL;
}

unsigned sb_host_memory_mib(void)
{
    uint64_t bytes = 0;
    size_t len = sizeof bytes;
    bool known = sysctlbyname("hw.memsize", &bytes, &len, NULL, 0) == 0 && len == sizeof bytes;
    return known ? (unsigned)(bytes >> 20) : 0;
}

static void read_machine(struct sb_host_facts *facts, struct sb_arena *arena)
{
    facts->cpu_model = sysctl_text(arena, "machdep.cpu.brand_string");
    if (!facts->cpu_model) facts->cpu_model = sysctl_text(arena, "hw.model");
    const char *version = sysctl_text(arena, "kern.osproductversion");
    if (version) facts->os = sb_arena_printf(arena, "macOS %s", version);
}

static const char *filesystem_of(const char *path, struct sb_arena *arena)
{
    struct statfs fs;
    return statfs(path, &fs) == 0 ? sb_arena_strdup(arena, fs.f_fstypename) : NULL;
}

#endif

bool sb_is_in_memory(const char *path)
{
    struct sb_arena arena;
    sb_arena_init(&arena);
    const char *name = filesystem_of(path, &arena);
    bool memory = sb_streq(name, "tmpfs") || sb_streq(name, "ramfs");
    sb_arena_free(&arena);
    return memory;
}

void sb_host_facts_read(struct sb_host_facts *facts, const char *scratch, struct sb_arena *arena)
{
    struct utsname names;
    *facts = (struct sb_host_facts){.name = NULL};
    if (uname(&names) == 0) {
        facts->name = sb_arena_strdup(arena, names.nodename);
        facts->kernel = sb_arena_strdup(arena, names.release);
        facts->os = sb_arena_strdup(arena, names.sysname);
    }
    const char *system = facts->os;
    read_machine(facts, arena);
    facts->memory_mib = sb_host_memory_mib();
    if (!facts->os) facts->os = system;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    facts->cores = cores > 0 ? (unsigned)cores : 0;
    facts->filesystem = filesystem_of(scratch, arena);
}
