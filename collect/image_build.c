#include "collect/image_build.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <unistd.h>
#include "collect/file_digest.h"
#include "collect/image_disk.h"
#include "collect/image_place.h"
#include "collect/image_tools.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

static const struct sb_image_recipe *const recipes[] = {&sb_recipe_debian, &sb_recipe_tiny};

#define DEFAULT_BYTES (UINT64_C(4) << 30)
#define STEP_DEADLINE 3600.0

/* ---- what the steps use ---- */

void sb_build_say(const struct sb_build *build, const char *format, ...)
{
    struct sb_strbuf line = SB_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(&line, format, args);
    va_end(args);
    if (build->want->say) build->want->say(build->want->data, line.buf);
    sb_strbuf_release(&line);
}

char *sb_build_path(struct sb_build *build, const char *name)
{
    return sb_arena_printf(&build->arena, "%s/%s", build->folder, name);
}

bool sb_build_stopped(const struct sb_build *build, struct sb_err *err)
{
    if (!build->want->stop || !*build->want->stop) return false;
    sb_fail(err, SB_ERR_STEP, "stopped; nothing is left of it");
    return true;
}

/* The last lines of what a program said, on one line: " | " between them. */
static void last_lines(const char *log, size_t wanted, struct sb_strbuf *out)
{
    char *text;
    size_t len;
    if (!sb_read_file(log, 64 << 20, &text, &len, NULL)) return;
    while (len && sb_is_space(text[len - 1]))
        text[--len] = '\0';
    char *start = text + len;
    while (start > text && (start[-1] != '\n' || --wanted))
        start--;
    if (len - (size_t)(start - text) > 600) start = text + len - 600;
    for (const char *c = start; *c; c++) {
        if (*c == '\r') continue;
        if (*c == '\n')
            sb_strbuf_adds(out, " | ");
        else
            sb_strbuf_addc(out, *c);
    }
    free(text);
}

static bool fail_program(struct sb_build *build, const char *program, const struct sb_process_result *result,
                         struct sb_err *err)
{
    char words[80];
    struct sb_strbuf said = SB_STRBUF_INIT;
    const char *slash = strrchr(program, '/');
    if (build->log) last_lines(build->log, 4, &said);
    sb_fail(err, SB_ERR_STEP, "%s failed: %s%s%s", slash ? slash + 1 : program,
            sb_process_words(result, words, sizeof words), said.len ? ": " : "", said.buf);
    sb_strbuf_release(&said);
    return false;
}

bool sb_build_run(struct sb_build *build, const char *const *argv, const char *const *env, const char *cwd,
                  double deadline, struct sb_err *err)
{
    struct sb_process_result result;
    if (sb_build_stopped(build, err)) return false;
    char *program = sb_tool_need(argv[0], err);
    if (!program) return false;
    size_t nr = 0;
    while (argv[nr])
        nr++;
    const char **full = sb_arena_alloc(&build->arena, (nr + 1) * sizeof *full);
    memcpy(full, argv, (nr + 1) * sizeof *full);
    full[0] = program;
    if (build->log && truncate(build->log, 0) != 0) errno = 0; /* there is none yet */
    struct sb_process_spec spec = {.argv = full,
                                   .env = env,
                                   .cwd = cwd,
                                   .output = build->log,
                                   .deadline = deadline,
                                   .stop = build->want->stop};
    bool ok = sb_process_run(&spec, &result, err);
    if (ok && (result.outcome != SB_PROCESS_EXITED || result.status != 0))
        ok = !sb_build_stopped(build, err) && fail_program(build, program, &result, err);
    free(program);
    return ok;
}

bool sb_build_ask(struct sb_build *build, const char *const *argv, struct sb_strbuf *out, struct sb_err *err)
{
    return !sb_build_stopped(build, err) && sb_process_capture(argv, 60, build->want->stop, 0, out, err);
}

/* ---- disks ---- */

/* Files whose owner the file system would take from the folder (an unprivileged build: ours) are given to
 * whom they belong. */
struct owner_list {
    const struct sb_tree *tree;
    struct sb_strbuf commands;
};

static bool list_owner(void *data, const char *path, const struct stat *st, bool *skip, struct sb_err *err)
{
    struct owner_list *list = data;
    struct sb_owner owner = sb_tree_owner(list->tree, path);
    (void)skip;
    (void)err;
    if (strpbrk(path, "\"\n")) return true; /* debugfs cannot name it */
    if (st->st_uid != owner.uid)
        sb_strbuf_addf(&list->commands, "set_inode_field \"/%s\" uid %u\n", path, owner.uid);
    if (st->st_gid != owner.gid)
        sb_strbuf_addf(&list->commands, "set_inode_field \"/%s\" gid %u\n", path, owner.gid);
    return true;
}

static bool set_owners(struct sb_build *build, const char *disk, const struct sb_tree *tree,
                       struct sb_err *err)
{
    struct owner_list list = {tree, SB_STRBUF_INIT};
    const char *script = sb_build_path(build, "owners");
    const char *argv[] = {"debugfs", "-w", "-f", script, disk, NULL};
    bool ok = sb_tree_walk(tree, "", list_owner, &list, err);
    if (ok && list.commands.len) {
        ok = sb_outfile_write(script, list.commands.buf, list.commands.len, err) &&
             sb_build_run(build, argv, NULL, NULL, STEP_DEADLINE, err);
        unlink(script);
    }
    sb_strbuf_release(&list.commands);
    return ok;
}

bool sb_build_disk(struct sb_build *build, const char *label, const struct sb_tree *tree, struct sb_err *err)
{
    uint64_t bytes = build->want->disk_bytes ? build->want->disk_bytes : DEFAULT_BYTES;
    const char *disk = sb_build_path(build, "disk.raw");
    char kib[24];
    snprintf(kib, sizeof kib, "%" PRIu64 "k", bytes / 1024);
    sb_build_say(build, "making disk.raw, %" PRIu64 " MiB", bytes >> 20);
    /* Tables are written now, not by the guest's kernel in the background of a measurement. */
    const char *argv[] = {"mke2fs",
                          "-q",
                          "-F",
                          "-t",
                          "ext4",
                          "-L",
                          label,
                          "-m",
                          "0",
                          "-E",
                          "root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0",
                          "-d",
                          tree ? tree->path : "",
                          disk,
                          kib,
                          NULL};
    if (!tree) {
        argv[11] = disk;
        argv[12] = kib;
        argv[13] = NULL;
    }
    return sb_build_run(build, argv, NULL, NULL, STEP_DEADLINE, err) &&
           (!tree || set_owners(build, disk, tree, err));
}

static bool convert_disk(struct sb_build *build, struct sb_err *err)
{
    const char *raw = sb_build_path(build, "disk.raw"), *qcow2 = sb_build_path(build, "disk.qcow2");
    const char *argv[] = {"qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, qcow2, NULL};
    sb_build_say(build, "making disk.qcow2 with the same content");
    return sb_build_run(build, argv, NULL, NULL, STEP_DEADLINE, err);
}

static bool describe_disk(struct sb_build *build, size_t which, struct sb_err *err)
{
    struct sb_image_disk *disk = &build->record.disks[which];
    char *digits = sb_arena_alloc(&build->arena, 65);
    disk->file = sb_arena_printf(&build->arena, "disk.%s", sb_disk_formats[which]);
    disk->sha256 = digits;
    const char *path = sb_build_path(build, disk->file);
    if (sb_file_sha256(path, build->want->stop, digits, err))
        return sb_disk_virtual_size(path, &disk->bytes, err);
    sb_build_stopped(build, err); /* says it in the words of the other steps */
    return false;
}

/* ---- the whole ---- */

static const struct sb_image_recipe *find_recipe(const char *name)
{
    if (!name) return recipes[0];
    for (size_t i = 0; i < SB_ARRAY_SIZE(recipes); i++)
        if (strcmp(recipes[i]->name, name) == 0) return recipes[i];
    return NULL;
}

static bool set_arch(struct sb_build *build, struct sb_err *err)
{
    const char *host = sb_image_host_arch(), *wanted = build->want->arch;
    build->arch = wanted ? sb_image_arch(wanted) : host;
    if (!build->arch)
        return sb_fail(err, SB_ERR_USAGE, "images can be made for x86_64 and aarch64, not \"%.40s\"",
                       wanted ? wanted : "this machine");
    build->deb_arch = sb_streq(build->arch, "x86_64") ? "amd64" : "arm64";
    build->foreign = !sb_streq(build->arch, host);
    build->record.arch = build->arch;
    return true;
}

static bool make_all(struct sb_build *build, const struct sb_image_recipe *recipe, struct sb_err *err)
{
    bool ok = recipe->make(build, err) && convert_disk(build, err);
    if (ok) sb_build_say(build, "digests of the disks");
    for (size_t i = 0; ok && i < SB_DISKS; i++)
        ok = describe_disk(build, i, err);
    ok = ok &&
         (!build->want->container || sb_image_container_make(build, sb_build_path(build, "rootfs.tar"), err));
    build->record.kind = recipe->kind;
    build->record.kernel = "vmlinuz";
    build->record.initrd = "initrd";
    build->record.sbstat = build->want->version;
    ok = ok && sb_image_record_write(&build->record, sb_build_path(build, "image.json"), err);
    return ok && !sb_build_stopped(build, err);
}

/* Whatever the build said stays first. */
static bool add_error(struct sb_err *err, const struct sb_err *after)
{
    struct sb_err first = *err;
    return sb_fail(err, first.code, "%.600s; and %.300s", first.msg, after->msg);
}

static bool build_folder(struct sb_build *build, const struct sb_image_recipe *recipe, struct sb_place *place,
                         struct sb_err *err)
{
    struct sb_err after;
    bool ok = sb_place_take(place, &build->arena, err) && make_all(build, recipe, err);
    if (place->lock >= 0) unlink(build->log); /* else it is that of a build which is at work there */
    ok = ok && sb_place_swap(place, &build->arena, err);
    if (!sb_place_leave(place, &build->arena, &after))
        ok = ok ? sb_fail(err, after.code, "%s", after.msg) : add_error(err, &after);
    return ok;
}

/* Without slashes at its end, and from the root. */
static bool absolute(const char *path, struct sb_arena *arena, const char **out, struct sb_err *err)
{
    char here[PATH_MAX];
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    char *bare = sb_arena_strndup(arena, path, len);
    const char *slash = strrchr(bare, '/'), *name = slash ? slash + 1 : bare;
    *out = bare;
    if (!*name || sb_streq(name, ".") || sb_streq(name, ".."))
        return sb_fail(err, SB_ERR_USAGE, "\"%s\" does not name a folder to make", path);
    if (*bare == '/') return true;
    if (!getcwd(here, sizeof here)) return sb_fail(err, SB_ERR_INTERNAL, "getcwd: %s", strerror(errno));
    *out = sb_arena_printf(arena, "%s/%s", strcmp(here, "/") == 0 ? "" : here, bare);
    return true;
}

static bool check_and_build(struct sb_build *build, const struct sb_image_recipe *recipe, struct sb_err *err)
{
    struct sb_place place = {.force = build->want->force, .lock = -1};
    const char *const tools[] = {"qemu-img", "mke2fs", NULL};
    if (!absolute(build->want->folder, &build->arena, &place.folder, err)) return false;
    place.partial = build->folder = sb_arena_printf(&build->arena, "%s.partial", place.folder);
    build->log = sb_build_path(build, "log");
    return sb_place_check(&place, &build->arena, err) && recipe->check(build, err) &&
           sb_tools_need(tools, err) && (!build->want->container || sb_image_container_check(build, err)) &&
           build_folder(build, recipe, &place, err);
}

/* Without a folder: the user's own Dockerfile. What the engine says goes to a temporary file. */
static bool build_container_only(struct sb_build *build, struct sb_err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *log = sb_arena_printf(&build->arena, "%s/sbstat-image.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!build->want->container || !build->want->dockerfile)
        return sb_fail(err, SB_ERR_USAGE,
                       "'image build' needs -o FOLDER, or --container TAG with --dockerfile FILE");
    int fd = mkstemp(log);
    if (fd < 0) return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", log, strerror(errno));
    close(fd);
    build->log = log;
    bool ok = sb_image_container_check(build, err) && sb_image_container_make(build, NULL, err);
    unlink(log);
    return ok;
}

/* Options that would be passed over in silence. */
static bool check_kind(const struct sb_image_build *want, struct sb_err *err)
{
    bool tiny = sb_streq(want->kind, "tiny");
    if (!tiny && want->kernel)
        return sb_fail(err, SB_ERR_USAGE, "--kernel goes with --kind tiny: other kinds have Debian's own");
    if (tiny && (want->suite || want->mirror))
        return sb_fail(err, SB_ERR_USAGE,
                       "%s goes with --kind debian: a tiny image is of this machine's programs",
                       want->suite ? "--suite" : "--mirror");
    return true;
}

/* What would fail at the end of a long build, or could not be written down. */
static bool check_words(const struct sb_image_build *want, struct sb_err *err)
{
    const uint64_t least = UINT64_C(16) << 20, most = UINT64_C(8) << 40;
    const char *engine = want->engine;
    if (engine && !sb_streq(engine, "docker") && !sb_streq(engine, "podman"))
        return sb_fail(err, SB_ERR_USAGE, "--engine takes docker or podman, not \"%.40s\"", engine);
    if (want->container && !sb_image_is_tag(want->container))
        return sb_fail(err, SB_ERR_USAGE,
                       "--container takes a name like sbstat-sysbench or name:tag, in small letters, not "
                       "\"%.80s\"",
                       want->container);
    if (want->suite && !sb_image_is_user(want->suite))
        return sb_fail(err, SB_ERR_USAGE, "--suite takes a release like bookworm, not \"%.40s\"",
                       want->suite);
    if (!check_kind(want, err)) return false;
    if (want->disk_bytes && (want->disk_bytes < least || want->disk_bytes > most))
        return sb_fail(err, SB_ERR_USAGE, "an image's disk has at least 16M and at most 8T");
    return true;
}

bool sb_image_build(const struct sb_image_build *want, struct sb_err *err)
{
    const struct sb_image_recipe *recipe = find_recipe(want->kind);
    struct sb_build build = {.want = want};
    if (!recipe)
        return sb_fail(err, SB_ERR_USAGE, "an image's kind is debian or tiny, not \"%.40s\"", want->kind);
    if (!check_words(want, err)) return false;
    sb_arena_init(&build.arena);
    bool ok = want->folder ? set_arch(&build, err) && check_and_build(&build, recipe, err)
                           : build_container_only(&build, err);
    sb_arena_free(&build.arena);
    return ok;
}
