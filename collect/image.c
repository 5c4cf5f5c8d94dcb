#include "collect/image.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>
#include "collect/image_disk.h"
#include "collect/image_record.h"
#include "core/alloc.h"
#include "core/text.h"

/* The folder part of a path: "." when it has none. */
static const char *folder_of(const char *path, struct sb_arena *arena)
{
    const char *slash = strrchr(path, '/');
    if (!slash) return ".";
    return slash == path ? "/" : sb_arena_strndup(arena, path, (size_t)(slash - path));
}

static const char *path_in(const char *folder, const char *file, struct sb_arena *arena)
{
    if (!file || *file == '/') return file;
    return sb_arena_printf(arena, "%s/%s", folder, file);
}

static bool read_folder(const char *path, struct sb_image_record *record, struct sb_arena *arena,
                        struct sb_err *err)
{
    const char *json = sb_arena_printf(arena, "%s/image.json", path);
    if (access(json, F_OK) == 0) return sb_image_record_read(record, json, arena, err);
    return sb_fail(err, SB_ERR_NO_INPUT,
                   "%s is no image: it has no image.json ('sbstat image build -o %s' makes one)", path, path);
}

/* Whether the image.json of the folder names this file as a disk. One that cannot be read names none. */
static bool is_of_built(const char *folder, const char *name, struct sb_arena *arena)
{
    struct sb_image_record record;
    const char *json = sb_arena_printf(arena, "%s/image.json", folder);
    if (access(json, F_OK) != 0 || !sb_image_record_read(&record, json, arena, NULL)) return false;
    for (size_t i = 0; i < SB_DISKS; i++)
        if (record.disks[i].file && sb_streq(record.disks[i].file, name)) return true;
    return false;
}

/* A file with nothing beside it may be anything. */
static bool check_bare(const char *path, const char *folder, const char *name, const char *format,
                       struct sb_arena *arena, struct sb_err *err)
{
    uint64_t bytes;
    if (is_of_built(folder, name, arena))
        return sb_fail(err, SB_ERR_USAGE, "%s is a part of a built image: name its folder, %s", path, folder);
    return sb_disk_virtual_size(path, &bytes, err) && sb_disk_check_size(path, format, bytes, err);
}

static bool read_disk(const char *path, const char *folder, struct sb_image_record *record,
                      struct sb_arena *arena, struct sb_err *err)
{
    const char *json = sb_arena_printf(arena, "%s.json", path), *slash = strrchr(path, '/');
    const char *name = sb_arena_strdup(arena, slash ? slash + 1 : path);
    const char *format = sb_disk_format(path, err);
    if (!format) return false;
    memset(record, 0, sizeof *record);
    record->kind = SB_IMAGE_ADOPTED;
    record->bare = access(json, F_OK) != 0;
    if (record->bare ? !check_bare(path, folder, name, format, arena, err)
                     : !sb_image_record_read(record, json, arena, err))
        return false;
    /* The disk is the file that was named, and its format what it is now. */
    for (size_t i = 0; i < SB_DISKS; i++)
        record->disks[i].file = sb_streq(format, sb_disk_formats[i]) ? name : NULL;
    return true;
}

/* What is at a path: the record (that of a bare disk file is made up), and the folder its paths start from.
 */
static bool find_record(const char *path, struct sb_image_record *record, const char **folder,
                        struct sb_arena *arena, struct sb_err *err)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return sb_fail(err, SB_ERR_NO_INPUT, "no image at %s: %s", path, strerror(errno));
    *folder = S_ISDIR(st.st_mode) ? sb_arena_strdup(arena, path) : folder_of(path, arena);
    return S_ISDIR(st.st_mode) ? read_folder(path, record, arena, err)
                               : read_disk(path, *folder, record, arena, err);
}

static const char *formats_there(const struct sb_image_record *record)
{
    bool raw = record->disks[SB_DISK_RAW].file, qcow2 = record->disks[SB_DISK_QCOW2].file;
    return raw && qcow2 ? "raw and qcow2" : raw ? "raw" : qcow2 ? "qcow2" : "none";
}

static const struct sb_image_disk *pick_disk(const struct sb_image_record *record, const char *format,
                                             const char **is)
{
    for (size_t i = 0; i < SB_DISKS; i++) {
        *is = sb_disk_formats[i];
        if (record->disks[i].file && (!format || sb_streq(format, *is))) return &record->disks[i];
    }
    return NULL;
}

static bool fail_format(const char *path, const char *format, const struct sb_image_record *record,
                        struct sb_err *err)
{
    if (record->kind != SB_IMAGE_ADOPTED)
        return sb_fail(err, SB_ERR_FORMAT, "%s has no disk of format %s (there is: %s)", path,
                       format ? format : "raw or qcow2", formats_there(record));
    return sb_fail(err, SB_ERR_FORMAT,
                   "%s is a %s disk, not %s; 'qemu-img convert -O %s %s NEW' makes one of the same content",
                   path, formats_there(record), format, format, path);
}

/* The disk must be there, be what image.json says, and its size is what it has, not what somebody wrote. */
static bool check_disk(struct sb_image *image, struct sb_err *err)
{
    const char *found = sb_disk_format(image->disk, err);
    if (!found) return false;
    if (!sb_streq(found, image->format))
        return sb_fail(err, SB_ERR_FORMAT, "%s is a %s disk, but its image.json says %s", image->disk, found,
                       image->format);
    return sb_disk_virtual_size(image->disk, &image->disk_bytes, err);
}

static bool check_file(const char *path, const char *what, struct sb_err *err)
{
    if (!path || access(path, R_OK) == 0) return true;
    return sb_fail(err, SB_ERR_NO_INPUT, "cannot read the image's %s %s: %s", what, path, strerror(errno));
}

bool sb_image_load(struct sb_image *image, const char *path, const char *format, struct sb_arena *arena,
                   struct sb_err *err)
{
    struct sb_image_record record;
    const char *folder;
    memset(image, 0, sizeof *image);
    if (!find_record(path, &record, &folder, arena, err)) return false;
    const struct sb_image_disk *disk = pick_disk(&record, format, &image->format);
    if (!disk) return fail_format(path, format, &record, err);
    image->kind = record.kind;
    image->bare = record.bare;
    image->arch = record.arch;
    image->folder = folder;
    image->disk = path_in(folder, disk->file, arena);
    image->kernel = path_in(folder, record.kernel, arena);
    image->initrd = path_in(folder, record.initrd, arena);
    image->append = record.append;
    image->user = record.user;
    image->key = path_in(folder, record.key, arena);
    image->container = record.container;
    image->disk_sha256 = disk->sha256;
    return check_disk(image, err) && check_file(image->kernel, "kernel", err) &&
           check_file(image->initrd, "initrd", err);
}

/* ---- show ---- */

/* What image.json says is anybody's: terminals must not obey it. */
static void add_row(struct sb_strbuf *out, const char *name, const char *value)
{
    if (!value) return;
    sb_strbuf_addf(out, "%-10s ", name);
    sb_text_visible(out, value, strlen(value), false);
    sb_strbuf_addc(out, '\n');
}

static const char *disk_words(const char *folder, const struct sb_image_disk *disk, struct sb_arena *arena)
{
    struct stat st;
    if (stat(path_in(folder, disk->file, arena), &st) != 0)
        return sb_arena_printf(arena, "%s: missing", disk->file);
    return sb_arena_printf(arena, "%s: %.1f MiB, of which %.1f MiB are used%s%s", disk->file,
                           (double)disk->bytes / 1048576, (double)st.st_blocks * 512 / 1048576,
                           disk->sha256 ? ", sha256 " : "", disk->sha256 ? disk->sha256 : "");
}

static void describe_for_people(const struct sb_image_record *record, const char *folder,
                                struct sb_arena *arena, struct sb_strbuf *out)
{
    add_row(out, "kind",
            record->bare ? "a disk that was not adopted ('sbstat image adopt' says who logs in)"
                         : sb_image_kind_name(record->kind));
    add_row(out, "arch", record->arch ? record->arch : "the host's");
    add_row(out, "suite", record->suite);
    if (record->packages) sb_strbuf_addf(out, "%-10s %u\n", "packages", record->packages);
    add_row(out, "kernel", record->kernel_version ? record->kernel_version : record->kernel);
    if (!record->kernel && !record->bare) add_row(out, "boots", "from its disk");
    add_row(out, "sysbench", record->sysbench_version);
    for (size_t i = 0; i < SB_DISKS; i++)
        if (record->disks[i].file)
            add_row(out, sb_disk_formats[i], disk_words(folder, &record->disks[i], arena));
    add_row(out, "user", record->user);
    add_row(out, "key", record->key);
    add_row(out, "container", record->container);
    add_row(out, "made by", record->sbstat ? sb_arena_printf(arena, "sbstat %s", record->sbstat) : NULL);
}

/* Sizes as they are, where the disks are there. */
static void measure_disks(struct sb_image_record *record, const char *folder, struct sb_arena *arena)
{
    for (size_t i = 0; i < SB_DISKS; i++) {
        struct sb_image_disk *disk = &record->disks[i];
        uint64_t bytes;
        if (disk->file && sb_disk_virtual_size(path_in(folder, disk->file, arena), &bytes, NULL))
            disk->bytes = bytes;
    }
}

bool sb_image_describe(const char *path, bool json, struct sb_strbuf *out, struct sb_err *err)
{
    struct sb_arena arena;
    struct sb_image_record record;
    const char *folder;
    sb_arena_init(&arena);
    bool ok = find_record(path, &record, &folder, &arena, err);
    if (ok) measure_disks(&record, folder, &arena);
    if (ok && json) sb_image_record_text(&record, out);
    if (ok && !json) describe_for_people(&record, folder, &arena, out);
    sb_arena_free(&arena);
    return ok;
}
