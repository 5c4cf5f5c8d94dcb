/* Trees, their archives and their removal: what is hostile stays inside, what is mounted or linked is left
 * alone. */
#include "image_fixture.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#ifdef __linux__
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#endif
#include "collect/image_pack.h"
#include "collect/image_tree.h"

static struct sb_tree tree_at(const char *name)
{
    struct sb_tree tree;
    sb_tree_init(&tree, sb_arena_strdup(&arena, in_folder(name)), &arena);
    if (mkdir(tree.path, 0755) != 0) assert_int_equal(errno, EEXIST);
    return tree;
}

#define assert_says(text)                                                                                    \
    do {                                                                                                     \
        if (!strstr(err.msg, text)) fail_msg("\"%s\" does not say \"%s\"", err.msg, text);                   \
    } while (0)

static void put(const char *name, const char *text)
{
    assert_ok(sb_outfile_write(in_folder(name), text, strlen(text), &err));
}

static unsigned mode_of(const char *name)
{
    struct stat st;
    assert_int_equal(lstat(in_folder(name), &st), 0);
    return st.st_mode & 07777;
}

/* ---- walking ---- */

static bool note(void *data, const char *path, const struct stat *st, bool *skip, struct sb_err *e)
{
    (void)e;
    sb_strbuf_addf(data, "%s%s ", path, S_ISLNK(st->st_mode) ? "@" : "");
    *skip = strcmp(path, "skipped") == 0;
    return strcmp(path, "stop") != 0;
}

static void test_walk(void **state)
{
    struct sb_tree tree = tree_at("t");
    struct sb_strbuf seen = SB_STRBUF_INIT;
    assert_ok(sb_tree_write(&tree, "b/two", 0644, "2", &err));
    assert_ok(sb_tree_write(&tree, "b/One", 0600, "1", &err));
    assert_ok(sb_tree_write(&tree, "skipped/x", 0644, "", &err));
    assert_ok(sb_tree_link(&tree, "a", "/etc", &err));
    assert_ok(sb_tree_walk(&tree, "", note, &seen, &err));
    assert_string_equal(seen.buf, "a@ b b/One b/two skipped ");
    assert_ok(sb_tree_write(&tree, "stop", 0644, "", &err));
    assert_false(sb_tree_walk(&tree, "", note, &seen, &err));
    assert_false(sb_tree_walk(&tree, "none", note, &seen, &err));
    assert_says("cannot read");
    assert_int_equal(mode_of("t/b/One"), 0600);
    sb_strbuf_release(&seen);
    sb_tree_release(&tree);
}

/* ---- links that lead out ---- */

/* A tree in which "out" is a link to the folder beside it. */
static struct sb_tree tree_with_way_out(void)
{
    struct sb_tree tree = tree_at("t");
    assert_int_equal(mkdir(in_folder("victim"), 0755), 0);
    put("victim/kept", "mine");
    assert_ok(sb_tree_link(&tree, "out", in_folder("victim"), &err));
    assert_ok(sb_tree_link(&tree, "up", "../victim", &err));
    assert_ok(sb_tree_mkdir(&tree, "usr/lib", 0755, &err));
    assert_ok(sb_tree_link(&tree, "lib", "usr/lib", &err));
    return tree;
}

static void test_no_way_out(void **state)
{
    static const char *const ways[] = {"out", "up"};
    struct sb_tree tree = tree_with_way_out();
    for (size_t i = 0; i < 2; i++) {
        char *inner = sb_arena_printf(&arena, "%s/kept", ways[i]);
        assert_false(sb_tree_write(&tree, inner, 0644, "no", &err));
        assert_says(ways[i]);
        assert_false(sb_tree_append(&tree, inner, "no", &err));
        assert_false(sb_tree_link(&tree, inner, "no", &err));
        assert_false(sb_tree_copy(&tree, inner, 0644, in_folder("victim/kept"), &err));
        assert_false(sb_tree_mkdir(&tree, sb_arena_printf(&arena, "%s/new", ways[i]), 0700, &err));
        assert_false(sb_tree_mkdir(&tree, ways[i], 0700, &err));
        assert_false(sb_tree_remove(&tree, inner, &err));
        assert_false(sb_tree_empty(&tree, sb_arena_printf(&arena, "%s/.", ways[i]), &err));
        assert_file("victim/kept", "mine");
        assert_int_equal(mode_of("victim"), 0755);
    }
    /* Links that stay inside are followed, as those of a merged /usr must be. */
    assert_ok(sb_tree_write(&tree, "lib/x", 0644, "in", &err));
    assert_file("t/usr/lib/x", "in");
    sb_tree_release(&tree);
}

/* ---- removal ---- */

static void test_remove_links(void **state)
{
    struct sb_tree tree = tree_with_way_out();
    assert_ok(sb_tree_write(&tree, "deep/a/b/c", 0644, "", &err));
    assert_int_equal(chmod(in_folder("t/deep/a"), 0500), 0);
    assert_ok(sb_tree_empty(&tree, "deep", &err));
    assert_true(sb_tree_has(&tree, "deep"));
    assert_false(sb_tree_has(&tree, "deep/a"));
    assert_ok(sb_tree_empty(&tree, "nothing", &err));
    assert_ok(sb_tree_remove(&tree, "nothing", &err));
    assert_ok(sb_tree_remove(&tree, "out", &err)); /* the link, not what it leads to */
    assert_ok(sb_remove_folder(tree.path, &err));
    assert_false(access(tree.path, F_OK) == 0);
    assert_file("victim/kept", "mine");
    assert_ok(sb_remove_folder(tree.path, &err));
    sb_tree_release(&tree);
}

#ifdef __linux__
/* A mount name space of our own; false where that is not allowed. */
static bool own_mounts(void)
{
    enum { NEW_MOUNTS = 0x00020000, NEW_USER = 0x10000000 };
    if (syscall(SYS_unshare, NEW_MOUNTS) != 0 && syscall(SYS_unshare, NEW_MOUNTS | NEW_USER) != 0)
        return false;
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* In a process of its own: what `remove` does to a tree where the folder "victim" is mounted on t/dev. */
static int with_mount(bool (*remove)(const struct sb_tree *tree))
{
    struct sb_tree tree = tree_at("t");
    assert_ok(sb_tree_mkdir(&tree, "dev", 0755, &err));
    assert_ok(sb_tree_write(&tree, "file", 0644, "", &err));
    if (mkdir(in_folder("victim"), 0755) != 0) assert_int_equal(errno, EEXIST);
    put("victim/kept", "mine");
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (!own_mounts() || mount(in_folder("victim"), in_folder("t/dev"), NULL, MS_BIND, NULL) != 0)
            _exit(77);
        _exit(remove(&tree) ? 0 : 1);
    }
    int status = 0;
    assert_true(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    sb_tree_release(&tree);
    if (WEXITSTATUS(status) == 77) skip();
    assert_file("victim/kept", "mine");
    return WEXITSTATUS(status);
}

static bool remove_all(const struct sb_tree *tree)
{
    return sb_remove_folder(tree->path, &err) && access(tree->path, F_OK) != 0;
}
static bool remove_dev(const struct sb_tree *tree)
{
    return sb_tree_remove(tree, "dev", &err) && !sb_tree_has(tree, "dev");
}
static bool empty_dev(const struct sb_tree *tree)
{
    return sb_tree_empty(tree, "dev", &err) && sb_tree_has(tree, "dev") && !sb_tree_has(tree, "dev/kept");
}
/* A file is mounted on a file: not even that is touched. */
static bool remove_file(const struct sb_tree *tree)
{
    return mount(in_folder("victim/kept"), in_folder("t/file"), NULL, MS_BIND, NULL) == 0 &&
           sb_remove_folder(tree->path, &err) && access(tree->path, F_OK) != 0;
}

static void test_remove_mounts(void **state)
{
    assert_int_equal(with_mount(remove_dev), 0);
    assert_int_equal(with_mount(empty_dev), 0);
    assert_int_equal(with_mount(remove_file), 0);
    assert_int_equal(with_mount(remove_all), 0);
}
#else
static void test_remove_mounts(void **state)
{
    skip();
}
#endif

/* ---- packing ---- */

static void fill_tree(const struct sb_tree *tree, bool backwards)
{
    static const char *const names[] = {"bin/sh", "etc/passwd",        "dev/null",
                                        "a b",    "\xc3\xa9t\xc3\xa9", "boot/vmlinuz"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++)
        assert_ok(
            sb_tree_write(tree, names[backwards ? SB_ARRAY_SIZE(names) - 1 - i : i], 0640, "text", &err));
    assert_ok(sb_tree_link(tree, "lib", "usr/lib", &err));
    if (mkfifo(sb_arena_printf(&arena, "%s/etc/fifo", tree->path), 0600) != 0) fail();
}

static void assert_same_files(const char *a, const char *b)
{
    size_t a_len, b_len;
    char *a_text = text_of(a, &a_len), *b_text = text_of(b, &b_len);
    assert_true(a_len > 0);
    assert_int_equal(a_len, b_len);
    assert_memory_equal(a_text, b_text, a_len);
    free(a_text);
    free(b_text);
}

static void test_pack_same_bytes(void **state)
{
    static const char *const leave_out[] = {"boot", "dev/?*", NULL};
    struct sb_tree one = tree_at("one"), two = tree_at("two");
    fill_tree(&one, false);
    snooze(1.1); /* another time of modification */
    fill_tree(&two, true);
    sb_tree_own(&one, "etc/passwd", 0, 42);
    sb_tree_own(&two, "etc/passwd", 0, 42);
    assert_ok(sb_pack_tree(&one, in_folder("1.tar"), SB_PACK_TAR, leave_out, &err));
    assert_ok(sb_pack_tree(&two, in_folder("2.tar"), SB_PACK_TAR, leave_out, &err));
    assert_same_files("1.tar", "2.tar");
    assert_ok(sb_pack_tree(&one, in_folder("1.gz"), SB_PACK_CPIO_GZ, NULL, &err));
    assert_ok(sb_pack_tree(&two, in_folder("2.gz"), SB_PACK_CPIO_GZ, NULL, &err));
    assert_same_files("1.gz", "2.gz");
    /* And back again. */
    struct sb_tree back = tree_at("back");
    assert_ok(sb_unpack_tar(&back, in_folder("1.tar"), &err));
    assert_file("back/bin/sh", "text");
    assert_file("back/\xc3\xa9t\xc3\xa9", "text");
    assert_int_equal(mode_of("back/bin/sh"), 0640);
    assert_int_equal(sb_tree_owner(&back, "etc/passwd").gid, 42);
    assert_true(sb_tree_has(&back, "dev") && !sb_tree_has(&back, "dev/null"));
    assert_false(sb_tree_has(&back, "boot") || sb_tree_has(&back, "etc/fifo"));
    sb_tree_release(&one);
    sb_tree_release(&two);
    sb_tree_release(&back);
}

/* A file that cannot be read whole must not become a shorter one, or one of zeros. */
static void test_pack_unreadable(void **state)
{
    struct sb_tree tree;
    char byte;
    int fd = open("/sys/class/net/lo/speed", O_RDONLY);
    if (fd < 0 || read(fd, &byte, 1) >= 0) skip();
    close(fd);
    sb_tree_init(&tree, "/sys/class/net/lo", &arena);
    assert_false(sb_pack_tree(&tree, in_folder("x.tar"), SB_PACK_TAR, NULL, &err));
    assert_says("/sys/class/net/lo/");
    sb_tree_release(&tree);
    assert_false(
        sb_pack_tree(&(struct sb_tree){.path = "/none"}, in_folder("no/x.tar"), SB_PACK_TAR, NULL, &err));
    assert_says("cannot write");
}

/* ---- unpacking ---- */

struct member {
    const char *path, *link, *hard, *text;
    unsigned mode; /* 0: 0644, or 0755 of a folder */
    bool folder;
    unsigned gid;
};

static void write_tar(const char *name, const struct member *members, size_t nr)
{
    struct archive *a = archive_write_new();
    assert_int_equal(archive_write_set_format_gnutar(a), ARCHIVE_OK);
    assert_int_equal(archive_write_open_filename(a, in_folder(name)), ARCHIVE_OK);
    for (size_t i = 0; i < nr; i++) {
        const struct member *m = &members[i];
        struct archive_entry *entry = archive_entry_new();
        size_t len = m->text ? strlen(m->text) : 0;
        archive_entry_set_pathname(entry, m->path);
        archive_entry_set_mode(entry, m->link     ? S_IFLNK | 0777u
                                      : m->folder ? S_IFDIR | (m->mode ? m->mode : 0755u)
                                                  : S_IFREG | (m->mode ? m->mode : 0644u));
        archive_entry_set_gid(entry, m->gid);
        if (m->link) archive_entry_set_symlink(entry, m->link);
        if (m->hard) archive_entry_set_hardlink(entry, m->hard);
        archive_entry_set_size(entry, (la_int64_t)len);
        assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
        if (len) assert_int_equal(archive_write_data(a, m->text, len), (la_ssize_t)len);
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
}

static bool unpack(const struct member *members, size_t nr)
{
    struct sb_tree tree = tree_at("t");
    write_tar("x.tar", members, nr);
    bool ok = sb_unpack_tar(&tree, in_folder("x.tar"), &err);
    assert_ok(sb_remove_folder(tree.path, &(struct sb_err){.code = SB_OK}));
    sb_tree_release(&tree);
    return ok;
}

#define UNPACK(...)                                                                                          \
    unpack((struct member[]){__VA_ARGS__}, sizeof((struct member[]){__VA_ARGS__}) / sizeof(struct member))

static void test_unpack_stays_inside(void **state)
{
    assert_int_equal(mkdir(in_folder("victim"), 0755), 0);
    put("victim/kept", "mine");
    const char *out = sb_arena_strdup(&arena, in_folder("victim"));
    const char *file = sb_arena_strdup(&arena, in_folder("victim/new"));
    assert_false(UNPACK({.path = "../victim/new", .text = "x"}));
    assert_says("../victim/new");
    assert_false(UNPACK({.path = "a/../../victim/new", .text = "x"}));
    assert_false(UNPACK({.path = "./../victim/new", .text = "x"}));
    assert_false(UNPACK({.path = ".", .folder = true}, {.path = file, .text = "x"}));
    assert_false(UNPACK({.path = ".."}));
    assert_false(UNPACK({.path = "a", .hard = "../victim/kept"}));
    assert_false(UNPACK({.path = "a", .link = out}, {.path = "a/new", .text = "x"}));
    assert_false(UNPACK({.path = "a", .link = "../victim"}, {.path = "a/new", .text = "x"}));
    assert_false(
        UNPACK({.path = "a", .link = "b"}, {.path = "b", .link = out}, {.path = "a/new", .text = "x"}));
    assert_false(UNPACK({.path = "a", .link = "nowhere"}, {.path = "a/new", .text = "x"}));
    assert_false(UNPACK({.path = "a", .link = out}, {.path = "a", .folder = true, .mode = 0777}));
    assert_false(UNPACK({.path = "a", .link = out}, {.path = "b", .hard = "a/kept"}));
    const char *kept = sb_arena_printf(&arena, "%s/kept", out);
    assert_false(UNPACK({.path = "a", .link = kept}, {.path = "b", .hard = "a"}));
    assert_true(UNPACK({.path = "a", .link = kept}, {.path = "a", .text = "x"})); /* the link is replaced */
    assert_file("victim/kept", "mine");
    assert_int_equal(mode_of("victim"), 0755);
    assert_int_equal(access(file, F_OK), -1);
    assert_true(UNPACK({.path = "usr/lib", .folder = true}, {.path = "lib", .link = "usr/lib"},
                       {.path = "lib/x", .text = "x"}));
    assert_true(
        UNPACK({.path = "a", .text = "x"}, {.path = "b", .hard = "a"}, {.path = "dir..", .text = "x"}));
}

/* chown takes these bits away, also from root. */
static void test_unpack_modes(void **state)
{
    struct sb_tree tree = tree_at("t");
    if (geteuid() != 0) skip();
    const struct member members[] = {{.path = "agent", .text = "x", .mode = 02755, .gid = 42},
                                     {.path = "ping", .text = "x", .mode = 04755}};
    write_tar("x.tar", members, 2);
    assert_ok(sb_unpack_tar(&tree, in_folder("x.tar"), &err));
    assert_int_equal(mode_of("t/ping"), 04755);
    assert_int_equal(mode_of("t/agent"), 02755);
    assert_int_equal(sb_tree_owner(&tree, "agent").gid, 42);
    sb_tree_release(&tree);
}

static void test_unpack_broken(void **state)
{
    struct sb_tree tree = tree_at("t");
    static char long_text[70000];
    memset(long_text, 'x', sizeof long_text - 1);
    const struct member members[] = {{.path = "long", .text = long_text}};
    write_tar("x.tar", members, 1);
    assert_int_equal(truncate(in_folder("x.tar"), 30000), 0);
    assert_false(sb_unpack_tar(&tree, in_folder("x.tar"), &err));
    assert_int_equal(err.code, SB_ERR_FORMAT);
    put("no.deb", "no Debian package");
    assert_false(sb_unpack_tar(&tree, in_folder("no.deb"), &err));
    assert_int_equal(err.code, SB_ERR_FORMAT);
    assert_false(sb_tree_has(&tree, "data"));
    assert_false(sb_unpack_deb(&tree, in_folder("no.deb"), &err));
    assert_says("no.deb is no Debian package");
    assert_int_equal(err.code, SB_ERR_FORMAT);
    put("empty.deb", "");
    assert_false(sb_unpack_deb(&tree, in_folder("empty.deb"), &err));
    assert_false(sb_unpack_deb(&tree, in_folder("none.deb"), &err));
    assert_int_equal(access(in_folder("t.data.tar"), F_OK), -1);
    sb_tree_release(&tree);
}

static void test_read_compressed(void **state)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    struct sb_process_result result;
    put("plain", "some text\n");
    assert_ok(sb_read_compressed(in_folder("plain"), &text, &err));
    assert_string_equal(text.buf, "some text\n");
    sb_strbuf_clear(&text);
    struct sb_process_spec spec = {.argv = ARGV("gzip", "-k", in_folder("plain"))};
    assert_ok(sb_process_run(&spec, &result, &err));
    assert_ok(sb_read_compressed(in_folder("plain.gz"), &text, &err));
    assert_string_equal(text.buf, "some text\n");
    assert_int_equal(truncate(in_folder("plain.gz"), 25), 0);
    assert_false(sb_read_compressed(in_folder("plain.gz"), &text, &err));
    assert_false(sb_read_compressed(in_folder("none"), &text, &err));
    sb_strbuf_release(&text);
}

/* ---- copying ---- */

static void test_copy_file(void **state)
{
    struct stat st;
    int fd = open(in_folder("sparse"), O_WRONLY | O_CREAT, 0600);
    assert_int_equal(pwrite(fd, "end", 3, 5 << 20), 3);
    close(fd);
    assert_ok(sb_copy_file(in_folder("sparse"), in_folder("copy"), 0640, &err));
    assert_same_files("sparse", "copy");
    assert_int_equal(stat(in_folder("copy"), &st), 0);
    assert_true(st.st_blocks * 512 < 1 << 20);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_false(sb_copy_file(in_folder("sparse"), in_folder("copy"), 0640, &err)); /* never over another */
    assert_says("copy: File exists");
    assert_false(sb_copy_file(in_folder("none"), in_folder("new"), 0640, &err));
    assert_false(sb_copy_file(test_folder, in_folder("new"), 0640, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_walk, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_way_out, setup, teardown),
        cmocka_unit_test_setup_teardown(test_remove_links, setup, teardown),
        cmocka_unit_test_setup_teardown(test_remove_mounts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pack_same_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pack_unreadable, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unpack_stays_inside, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unpack_modes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unpack_broken, setup, teardown),
        cmocka_unit_test_setup_teardown(test_read_compressed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_copy_file, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
