#include "collect/image_build.h"

#include <dirent.h>
#include <errno.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "collect/image_pack.h"
#include "collect/image_tools.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

/* ---- where one is ---- */

static const char *modules_of(const char *root, const char *version, struct sb_arena *arena)
{
    static const char *const places[] = {"lib/modules", "usr/lib/modules"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(places); i++) {
        char *path = sb_arena_printf(arena, "%s/%s/%s", root, places[i], version);
        if (access(path, R_OK) == 0) return path;
    }
    return NULL;
}

bool sb_kernel_in(const char *root, struct sb_kernel *kernel, struct sb_arena *arena)
{
    const char *boot = sb_arena_printf(arena, "%s/boot", strcmp(root, "/") == 0 ? "" : root);
    DIR *dir = opendir(boot);
    const struct dirent *entry;
    bool found = false;
    while (dir && (entry = readdir(dir)) != NULL) {
        if (!sb_has_prefix(entry->d_name, "vmlinuz-")) continue;
        const char *version = sb_arena_strdup(arena, entry->d_name + strlen("vmlinuz-"));
        const char *vmlinuz = sb_arena_printf(arena, "%s/%s", boot, entry->d_name);
        const char *modules = modules_of(root, version, arena);
        if (!modules || access(vmlinuz, R_OK) != 0) continue;
        if (found && sb_natural_cmp(version, kernel->version) <= 0) continue;
        *kernel = (struct sb_kernel){version, vmlinuz, modules};
        found = true;
    }
    if (dir) closedir(dir);
    return found;
}

static bool kernel_of_deb(struct sb_build *build, const char *deb, struct sb_kernel *kernel,
                          struct sb_err *err)
{
    struct sb_tree tree;
    const char *folder = sb_build_path(build, "kernel");
    sb_build_say(build, "unpacking %s", deb);
    sb_tree_init(&tree, folder, &build->arena);
    bool ok = sb_unpack_deb(&tree, deb, err);
    sb_tree_release(&tree);
    if (ok && !sb_kernel_in(folder, kernel, &build->arena))
        ok = sb_fail(err, SB_ERR_FORMAT, "%s has no kernel (boot/vmlinuz-* and lib/modules)", deb);
    return ok;
}

/* ---- from apt ---- */

/* The first package in a "Depends:" that begins with `prefix` and a digit, as the kernels' real packages do.
 */
static const char *dependency(const char *text, const char *prefix, struct sb_arena *arena)
{
    size_t len = strlen(prefix);
    for (const char *at = strstr(text, prefix); at; at = strstr(at + 1, prefix)) {
        size_t name = len;
        while (sb_is_alnum(at[name]) || (at[name] && strchr(".+-~", at[name])))
            name++;
        if (sb_is_digit(at[len]) && (at == text || strchr(" ,|", at[-1])))
            return sb_arena_strndup(arena, at, name);
    }
    return NULL;
}

static const char *depends_of(struct sb_build *build, const char *package, struct sb_err *err)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    const char *argv[] = {"apt-cache", "show", "--no-all-versions", package, NULL};
    const char *depends = NULL;
    if (sb_build_ask(build, argv, &out, err)) {
        const char *line = strstr(out.buf, "\nDepends: ");
        if (line) depends = sb_arena_strndup(&build->arena, line + 1, strcspn(line + 1, "\n"));
    }
    sb_strbuf_release(&out);
    return depends;
}

static bool download(struct sb_build *build, const char *package, struct sb_err *err)
{
    const char *folder = sb_build_path(build, "debs");
    const char *argv[] = {"apt-get", "download", package, NULL};
    sb_build_say(build, "apt-get download %s", package);
    return sb_make_dirs(folder, err) && sb_build_run(build, argv, NULL, folder, 600, err);
}

static bool unpack_downloads(struct sb_build *build, struct sb_kernel *kernel, struct sb_err *err)
{
    const char *folder = sb_build_path(build, "debs");
    struct sb_tree tree;
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    bool ok = dir != NULL || sb_fail(err, SB_ERR_STEP, "cannot read %s: %s", folder, strerror(errno));
    sb_tree_init(&tree, sb_build_path(build, "kernel"), &build->arena);
    while (ok && (entry = readdir(dir)) != NULL)
        if (sb_has_suffix(entry->d_name, ".deb"))
            ok = sb_unpack_deb(&tree, sb_arena_printf(&build->arena, "%s/%s", folder, entry->d_name), err);
    if (dir) closedir(dir);
    sb_tree_release(&tree);
    if (ok && !sb_kernel_in(sb_build_path(build, "kernel"), kernel, &build->arena))
        ok = sb_fail(err, SB_ERR_STEP, "the downloaded packages have no kernel; give one with --kernel");
    return ok && sb_remove_folder(folder, err);
}

/* Debian's cloud kernel, or Ubuntu's for virtual machines, whose modules are in a package of their own. */
static bool kernel_of_apt(struct sb_build *build, struct sb_kernel *kernel, struct sb_err *err)
{
    const char *const metas[] = {sb_arena_printf(&build->arena, "linux-image-cloud-%s", build->deb_arch),
                                 "linux-image-virtual"};
    const char *real = NULL, *depends = NULL;
    for (size_t i = 0; i < SB_ARRAY_SIZE(metas) && !real; i++) {
        if (sb_build_stopped(build, err)) return false;
        depends = depends_of(build, metas[i], NULL);
        if (depends) real = dependency(depends, "linux-image-", &build->arena);
    }
    if (!real)
        return sb_fail(err, SB_ERR_STEP,
                       "no kernel in /boot with its modules in /lib/modules, and apt knows none (%s): run "
                       "'apt-get update', or give one with --kernel FILE.deb",
                       metas[0]);
    if (!download(build, real, err)) return false;
    depends = depends_of(build, real, NULL);
    const char *modules = depends ? dependency(depends, "linux-modules-", &build->arena) : NULL;
    if (modules && !download(build, modules, err)) return false;
    return unpack_downloads(build, kernel, err);
}

bool sb_kernel_find(struct sb_build *build, struct sb_kernel *kernel, struct sb_err *err)
{
    const char *given = build->want->kernel;
    struct stat st;
    if (given && stat(given, &st) != 0)
        return sb_fail(err, SB_ERR_NO_INPUT, "--kernel %s: %s", given, strerror(errno));
    if (given && !S_ISDIR(st.st_mode)) return kernel_of_deb(build, given, kernel, err);
    if (given)
        return sb_kernel_in(given, kernel, &build->arena) ||
               sb_fail(err, SB_ERR_NO_INPUT,
                       "--kernel %s: no boot/vmlinuz-VERSION with lib/modules/VERSION there", given);
    if (!build->foreign && sb_kernel_in("/", kernel, &build->arena)) return true;
    static const char *const tools[] = {"apt-get", "apt-cache", NULL};
    if (!sb_tools_need(tools, NULL))
        return sb_fail(err, SB_ERR_STEP,
                       "no readable kernel in /boot with its modules in /lib/modules: give one with --kernel "
                       "FILE.deb or --kernel FOLDER");
    return kernel_of_apt(build, kernel, err);
}

/* ---- modules ---- */

struct module_set {
    const struct sb_kernel *kernel;
    struct sb_tree *tree;
    GHashTable *paths;   /* name -> path of its file */
    GHashTable *builtin; /* names */
    GHashTable *done;    /* names */
    struct sb_strbuf *list;
    struct sb_err *err;
};

/* "kernel/fs/ext4/ext4.ko.xz" -> "ext4"; names have "_" where files may have "-". NULL when it is no module.
 */
static char *module_name(const char *path, size_t len, struct sb_arena *arena)
{
    char *name = sb_arena_strndup(arena, path, len), *slash = strrchr(name, '/');
    if (slash) name = slash + 1;
    char *ko = strstr(name, ".ko");
    if (!ko || (ko[3] && ko[3] != '.')) return NULL;
    *ko = '\0';
    for (char *c = name; *c; c++)
        if (*c == '-') *c = '_';
    return name;
}

static bool note_module(void *data, const char *path, const struct stat *st, bool *skip, struct sb_err *err)
{
    const struct module_set *set = data;
    (void)err;
    *skip = S_ISLNK(st->st_mode);
    if (!S_ISREG(st->st_mode)) return true;
    char *name = module_name(path, strlen(path), set->tree->arena);
    if (name) g_hash_table_insert(set->paths, name, sb_arena_strdup(set->tree->arena, path));
    return true;
}

static void read_builtin(struct module_set *set)
{
    struct sb_arena *arena = set->tree->arena;
    char *text, *line;
    size_t len;
    if (!sb_read_file(sb_arena_printf(arena, "%s/modules.builtin", set->kernel->modules), 8 << 20, &text,
                      &len, NULL))
        return;
    for (line = text; *line; line += strspn(line, "\n")) {
        size_t width = strcspn(line, "\n");
        char *name = module_name(line, width, arena);
        if (name) g_hash_table_add(set->builtin, name);
        line += width;
    }
    free(text);
}

/*
 * What a module needs stands in the module itself: its section .modinfo holds NUL-terminated texts, one of
 * them "depends=virtio,virtio_ring". (modules.dep would say the same, but a kernel's package has none before
 * depmod has run.)
 */
static const char *depends_text(const struct sb_strbuf *module)
{
    static const char key[] = "depends=";
    const char *at = module->buf, *end = module->buf + module->len;
    while ((at = memchr(at, 'd', (size_t)(end - at))) != NULL) {
        if ((size_t)(end - at) > sizeof key && memcmp(at, key, sizeof key - 1) == 0 && at > module->buf &&
            at[-1] == '\0')
            return at + sizeof key - 1; /* the buffer ends in a NUL */
        at++;
    }
    return "";
}

static bool add_module(struct module_set *set, const char *name, bool optional);

static bool add_dependencies(struct module_set *set, const struct sb_strbuf *module)
{
    const char *at = depends_text(module);
    while (*at) {
        size_t len = strcspn(at, ",");
        char *name = sb_arena_strndup(set->tree->arena, at, len);
        for (char *c = name; *c; c++)
            if (*c == '-') *c = '_';
        if (len && !add_module(set, name, false)) return false;
        at += len + (at[len] == ',');
    }
    return true;
}

static bool write_module(struct module_set *set, const char *name, const struct sb_strbuf *module)
{
    const char *path = sb_arena_printf(set->tree->arena, "%s/lib/modules/%s.ko", set->tree->path, name);
    sb_strbuf_addf(set->list, "/lib/modules/%s.ko\n", name);
    return sb_tree_mkdir(set->tree, "lib/modules", 0755, set->err) &&
           sb_outfile_write(path, module->buf, module->len, set->err);
}

static bool add_module(struct module_set *set, const char *name, bool optional)
{
    if (g_hash_table_contains(set->done, name)) return true;
    g_hash_table_add(set->done, (gpointer)name);
    const char *path = g_hash_table_lookup(set->paths, name);
    if (!path)
        return optional || g_hash_table_contains(set->builtin, name) ||
               sb_fail(set->err, SB_ERR_STEP, "the kernel %s has no module %s, nor is it built in (see %s)",
                       set->kernel->version, name, set->kernel->modules);
    struct sb_strbuf module = SB_STRBUF_INIT;
    const char *full = sb_arena_printf(set->tree->arena, "%s/%s", set->kernel->modules, path);
    bool ok = sb_read_compressed(full, &module, set->err) && add_dependencies(set, &module) &&
              write_module(set, name, &module);
    sb_strbuf_release(&module);
    return ok;
}

bool sb_kernel_modules(const struct sb_kernel *kernel, const char *const *names, struct sb_tree *tree,
                       struct sb_strbuf *list, struct sb_err *err)
{
    struct sb_tree modules;
    struct module_set set = {.kernel = kernel,
                             .tree = tree,
                             .paths = g_hash_table_new(g_str_hash, g_str_equal),
                             .builtin = g_hash_table_new(g_str_hash, g_str_equal),
                             .done = g_hash_table_new(g_str_hash, g_str_equal),
                             .list = list,
                             .err = err};
    sb_tree_init(&modules, kernel->modules, tree->arena);
    bool ok = sb_tree_walk(&modules, "", note_module, &set, err);
    read_builtin(&set);
    for (; ok && *names; names++) {
        size_t len = strlen(*names);
        bool optional = len && (*names)[len - 1] == '?';
        ok = add_module(&set, sb_arena_strndup(tree->arena, *names, len - optional), optional);
    }
    sb_tree_release(&modules);
    g_hash_table_destroy(set.paths);
    g_hash_table_destroy(set.builtin);
    g_hash_table_destroy(set.done);
    return ok;
}
