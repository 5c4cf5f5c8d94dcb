/* Records (image.json), disks and adoption: what is hostile or broken is refused, with a message that helps.
 */
#include "image_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include "collect/file_digest.h"
#include "collect/image.h"
#include "collect/image_disk.h"
#include "collect/image_record.h"
#include "collect/image_tools.h"
#include "core/text.h"

/* The call fails with this code, and says so. */
#define assert_fails(call, wanted, text)                                                                     \
    do {                                                                                                     \
        err = (struct sb_err){.code = SB_OK};                                                                \
        if (call) fail_msg("it should fail: %s", text);                                                      \
        if (!strstr(err.msg, text)) fail_msg("\"%s\" does not say \"%s\"", err.msg, text);                   \
        assert_int_equal(err.code, wanted);                                                                  \
    } while (0)

static void put_bytes(const char *name, const void *bytes, size_t len)
{
    assert_ok(sb_outfile_write(in_folder(name), bytes, len, &err));
}

static void put(const char *name, const char *text)
{
    put_bytes(name, text, strlen(text));
}

/* A disk of 2 MiB with a boot sector's end, of nothing else. */
static void put_raw(const char *name)
{
    static const unsigned char mark[] = {0x55, 0xaa};
    int fd = open(in_folder(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_int_equal(pwrite(fd, mark, 2, 510), 2);
    assert_int_equal(ftruncate(fd, 2 << 20), 0);
    close(fd);
}

static void put_qcow2(const char *name, uint64_t bytes, bool backed, size_t len)
{
    unsigned char head[32] = {'Q', 'F', 'I', 0xfb, 0, 0, 0, 3};
    for (size_t i = 0; i < 8; i++)
        head[24 + i] = (unsigned char)(bytes >> (8 * (7 - i)));
    head[14] = backed ? 1 : 0;
    put_bytes(name, head, len);
}

static char *json_of(const char *middle)
{
    return sb_arena_printf(&arena, "{\"schema_version\": 1, \"kind\": \"tiny\", %s}", middle);
}

static bool read_text(const char *text)
{
    static struct sb_image_record record;
    put("image.json", text);
    return sb_image_record_read(&record, in_folder("image.json"), &arena, &err);
}

/* ---- records ---- */

static void test_record_round_trip(void **state)
{
    const char *digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    const struct sb_image_record record = {.kind = SB_IMAGE_DEBIAN,
                                           .arch = "aarch64",
                                           .kernel = "vmlinuz",
                                           .initrd = "initrd",
                                           .append = "quiet ro",
                                           .user = "sbstat",
                                           .key = "id_ed25519",
                                           .container = "local:5000/sbstat/x:1",
                                           .disks = {{"disk.raw", digest, 4096}, {"sub/disk.qcow2", NULL, 0}},
                                           .suite = "bookworm",
                                           .kernel_version = "6.1",
                                           .sysbench_version = "1.0.20",
                                           .sbstat = "0.1",
                                           .packages = 150};
    struct sb_image_record again;
    struct sb_strbuf one = SB_STRBUF_INIT, two = SB_STRBUF_INIT;
    assert_ok(sb_image_record_write(&record, in_folder("image.json"), &err));
    assert_ok(sb_image_record_read(&again, in_folder("image.json"), &arena, &err));
    assert_string_equal(again.disks[SB_DISK_RAW].sha256, digest);
    assert_null(again.disks[SB_DISK_QCOW2].sha256);
    assert_int_equal(again.packages, 150);
    sb_image_record_text(&record, &one);
    sb_image_record_text(&again, &two);
    assert_string_equal(one.buf, two.buf);
    sb_strbuf_release(&one);
    sb_strbuf_release(&two);
}

static void test_record_hostile(void **state)
{
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"\"kernel\": \"../vmlinuz\"", "\"kernel\" must be a path inside"},
        {"\"kernel\": \"/boot/vmlinuz\"", "\"kernel\" must be a path inside"},
        {"\"initrd\": \"a/../../b\"", "\"initrd\" must be"},
        {"\"initrd\": \"a/..\"", "\"initrd\" must be"},
        {"\"initrd\": \"\"", "\"initrd\" must be"},
        {"\"initrd\": \"a\\nb\"", "\"initrd\" must be"},
        {"\"initrd\": \"a\\u0000b\"", "\"initrd\" must be"},
        {"\"key\": \"/etc/shadow\"", "\"key\" must be a path inside"},
        {"\"append\": \"quiet\\ninit=/bin/sh\"", "\"append\" must be one line"},
        {"\"append\": \"\\u001b[2J\"", "\"append\" must be one line"},
        {"\"user\": \"-oProxyCommand=x\"", "\"user\" must be"},
        {"\"user\": \"a b\"", "\"user\" must be"},
        {"\"container\": \"--privileged\"", "\"container\" must be"},
        {"\"container\": \"Capitals\"", "\"container\" must be"},
        {"\"arch\": \"vax\"", "\"arch\" must be x86_64 or aarch64"},
        {"\"arch\": 7", "\"arch\" must be"},
        {"\"kernel\": [\"x\"]", "\"kernel\" must be"},
        {"\"disks\": []", "\"disks\" must be an object"},
        {"\"disks\": {\"raw\": 1}", "\"raw\" must be an object"},
        {"\"disks\": {\"raw\": {}}", "a disk has no \"file\""},
        {"\"disks\": {\"raw\": {\"file\": \"../x\"}}", "\"file\" must be"},
        {"\"disks\": {\"raw\": {\"file\": \"x\", \"bytes\": -1}}", "\"bytes\" must be"},
        {"\"disks\": {\"raw\": {\"file\": \"x\", \"bytes\": 1.5}}", "\"bytes\" must be"},
        {"\"disks\": {\"raw\": {\"file\": \"x\", \"sha256\": \"ABC\"}}", "64 hexadecimal"},
        {"\"facts\": {\"packages\": 99999999999}", "\"packages\" must be"},
        {"\"facts\": {\"suite\": \"a\\tb\"}", "\"suite\" must be"},
        {"\"kind\": \"other\"", "\"kind\" must be tiny, debian or adopted"},
        {"\"schema_version\": 2", "a newer sbstat"},
    };
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++)
        assert_fails(read_text(json_of(cases[i].json)), SB_ERR_FORMAT, cases[i].says);
    assert_fails(read_text("[1]"), SB_ERR_FORMAT, "not the description of an image");
    assert_fails(read_text("{}"), SB_ERR_FORMAT, "schema_version must be 1");
    assert_fails(read_text(""), SB_ERR_FORMAT, "image.json");
    assert_fails(read_text("{\"schema_version\": 1, \"kind\": \"tin"), SB_ERR_FORMAT, "image.json:1");
    assert_fails(read_text("{\"schema_version\": 1} x"), SB_ERR_FORMAT, "image.json");
    static char huge[2 << 20];
    memset(huge, ' ', sizeof huge - 1);
    assert_fails(read_text(huge), SB_ERR_FORMAT, "larger than");
    assert_ok(read_text(json_of("\"kernel\": \"..a/b../c\", \"unknown\": {\"x\": 1}, \"disks\": null")));
}

/* A FIFO under that name must not make us wait for a writer. */
static void test_record_no_file(void **state)
{
    struct sb_image_record record;
    assert_int_equal(mkfifo(in_folder("fifo.json"), 0600), 0);
    alarm(30);
    assert_fails(sb_image_record_read(&record, in_folder("fifo.json"), &arena, &err), SB_ERR_FORMAT,
                 "fifo.json");
    alarm(0);
    assert_fails(sb_image_record_read(&record, test_folder, &arena, &err), SB_ERR_FORMAT, test_folder);
    assert_fails(sb_image_record_read(&record, in_folder("none"), &arena, &err), SB_ERR_NO_INPUT, "none");
}

/* ---- disks ---- */

static uint64_t size_of(const char *name)
{
    uint64_t bytes = 0;
    assert_ok(sb_disk_virtual_size(in_folder(name), &bytes, &err));
    return bytes;
}

static void test_disk_format(void **state)
{
    uint64_t bytes;
    bool backed;
    put_raw("a.img");
    put_qcow2("b.img", UINT64_C(10) << 30, false, 32);
    put_qcow2("cut.img", 1 << 20, false, 31);
    put_bytes("head.img", "QFI\xfb", 4);
    put("empty.img", "");
    put("short.img", "QF");
    assert_string_equal(sb_disk_format(in_folder("a.img"), &err), "raw");
    assert_string_equal(sb_disk_format(in_folder("b.img"), &err), "qcow2");
    assert_string_equal(sb_disk_format(in_folder("empty.img"), &err), "raw");
    assert_string_equal(sb_disk_format(in_folder("short.img"), &err), "raw");
    assert_int_equal(size_of("a.img"), 2 << 20);
    assert_int_equal(size_of("b.img"), UINT64_C(10) << 30);
    assert_int_equal(size_of("empty.img"), 0);
    assert_fails(sb_disk_virtual_size(in_folder("cut.img"), &bytes, &err), SB_ERR_FORMAT, "cut short");
    assert_fails(sb_disk_virtual_size(in_folder("head.img"), &bytes, &err), SB_ERR_FORMAT, "cut short");
    assert_fails(sb_disk_has_backing(in_folder("head.img"), &backed, &err), SB_ERR_FORMAT, "cut short");
    assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
    alarm(30);
    assert_fails(sb_disk_format(in_folder("fifo"), &err), SB_ERR_FORMAT, "not a regular file");
    alarm(0);
    assert_fails(sb_disk_format(test_folder, &err), SB_ERR_FORMAT, "not a regular file");
    assert_fails(sb_disk_format(in_folder("none"), &err), SB_ERR_NO_INPUT, "none: No such file");
}

static bool create(const char *name, const char *format, uint64_t bytes, bool force)
{
    return sb_image_create(in_folder(name), format, bytes, force, &err);
}

static void test_create(void **state)
{
    char *tool = sb_find_program("qemu-img");
    if (!tool) skip();
    free(tool);
    put("x.partial", "mine");
    assert_ok(create("x", "raw", 1 << 20, false));
    assert_int_equal(size_of("x"), 1 << 20);
    assert_file("x.partial", "mine");
    assert_fails(create("x", "raw", 2 << 20, false), SB_ERR_OUTPUT, "--force");
    assert_int_equal(size_of("x"), 1 << 20);
    assert_ok(create("x", "qcow2", 2 << 20, true));
    assert_string_equal(sb_disk_format(in_folder("x"), &err), "qcow2");
    assert_int_equal(size_of("x"), 2 << 20);
    assert_fails(create("y", "vdi", 1 << 20, false), SB_ERR_USAGE, "raw or qcow2");
    assert_fails(create("y", "raw", 1000, false), SB_ERR_USAGE, "512");
    assert_fails(create("no/y", "raw", 1 << 20, false), SB_ERR_OUTPUT, "no/y: No such file");
    assert_fails(create(".", "raw", 1 << 20, true), SB_ERR_OUTPUT, "not a regular file");
    assert_int_equal(symlink("x", in_folder("link")), 0);
    assert_fails(create("link", "raw", 1 << 20, true), SB_ERR_OUTPUT, "not a regular file");
    assert_fails(create("huge", "qcow2", UINT64_C(1) << 62, false), SB_ERR_STEP, "qemu-img");
    /* Nothing but these is there: no file is left half made. */
    struct sb_strbuf list = SB_STRBUF_INIT;
    assert_ok(sb_process_capture(ARGV("ls", "-A", test_folder), 30, NULL, 0, &list, &err));
    assert_string_equal(list.buf, "link\nx\nx.partial\n");
    sb_strbuf_release(&list);
}

/* Names that a program could take for options, protocols or lists. */
static void test_create_odd_names(void **state)
{
    static const char *const names[] = {"-q", "nbd:x", "json:{}", "a b,c=d"};
    char *tool = sb_find_program("qemu-img");
    if (!tool) skip();
    free(tool);
    assert_int_equal(chdir(test_folder), 0);
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++) {
        assert_ok(sb_image_create(names[i], "raw", 1 << 20, false, &err));
        assert_int_equal(size_of(names[i]), 1 << 20);
    }
    assert_int_equal(chdir("/"), 0);
}

static void test_sha256(void **state)
{
    char digits[65];
    put("abc", "abc");
    assert_ok(sb_file_sha256(in_folder("abc"), NULL, digits, &err));
    assert_string_equal(digits,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); /* FIPS 180 */
    /* Above 64 MiB another program does it: `head -c 67108865 /dev/zero | sha256sum`. */
    int fd = open(in_folder("large"), O_WRONLY | O_CREAT, 0600);
    assert_int_equal(ftruncate(fd, (64 << 20) + 1), 0);
    close(fd);
    assert_ok(sb_file_sha256(in_folder("large"), NULL, digits, &err));
    assert_string_equal(digits, "91990977345985aaf03af1358f4f989d7eaf985b58529efb72f613c588f6599a");
    assert_fails(sb_file_sha256(in_folder("none"), NULL, digits, &err), SB_ERR_NO_INPUT, "none");
}

static volatile sig_atomic_t digest_stop;

static void on_alarm(int number)
{
    (void)number;
    digest_stop = 1;
}

/* 64 GiB would take a minute. */
static void test_sha256_stops(void **state)
{
    char digits[65];
    int fd = open(in_folder("huge"), O_WRONLY | O_CREAT, 0600);
    if (ftruncate(fd, (off_t)64 << 30) != 0) fail_msg("no sparse file: %s", strerror(errno));
    close(fd);
    signal(SIGALRM, on_alarm);
    alarm(1);
    double begun = sb_monotonic();
    assert_fails(sb_file_sha256(in_folder("huge"), &digest_stop, digits, &err), SB_ERR_STEP, "stopped");
    assert_true(sb_monotonic() - begun < 10);
    put("abc", "abc");
    assert_fails(sb_file_sha256(in_folder("abc"), &digest_stop, digits, &err), SB_ERR_STEP, "stopped");
    assert_int_equal(unlink(in_folder("huge")), 0);
    digest_stop = 0;
    signal(SIGALRM, SIG_DFL);
}

/* ---- loading and showing ---- */

static void put_image(const char *middle)
{
    if (mkdir(in_folder("image"), 0755) != 0) assert_int_equal(errno, EEXIST);
    put("image/image.json", json_of(middle));
}

static bool load(const char *name, const char *format, struct sb_image *image)
{
    return sb_image_load(image, in_folder(name), format, &arena, &err);
}

static void test_load(void **state)
{
    struct sb_image image;
    assert_fails(load("none", NULL, &image), SB_ERR_NO_INPUT, "no image at");
    assert_int_equal(mkdir(in_folder("image"), 0755), 0);
    assert_fails(load("image", NULL, &image), SB_ERR_NO_INPUT, "image build -o");
    put_image("\"kernel\": \"vmlinuz\", \"disks\": {\"raw\": {\"file\": \"disk.raw\", \"bytes\": 7}}");
    assert_fails(load("image", "qcow2", &image), SB_ERR_FORMAT, "no disk of format qcow2 (there is: raw)");
    assert_fails(load("image", "raw", &image), SB_ERR_NO_INPUT, "disk.raw");
    put_qcow2("image/disk.raw", 1 << 20, false, 32);
    assert_fails(load("image", "raw", &image), SB_ERR_FORMAT, "is a qcow2 disk, but its image.json says raw");
    put_raw("image/disk.raw");
    assert_fails(load("image", "raw", &image), SB_ERR_NO_INPUT, "the image's kernel");
    put("image/vmlinuz", "");
    assert_ok(load("image", NULL, &image));
    assert_string_equal(image.format, "raw");
    assert_int_equal(image.disk_bytes, 2 << 20); /* what it has, not what is written */
    assert_int_equal(image.kind, SB_IMAGE_TINY);
    /* The key is for ssh, which job mode does without. */
    put_image("\"user\": \"me\", \"key\": \"id\", \"disks\": {\"raw\": {\"file\": \"disk.raw\"}}");
    assert_ok(load("image", NULL, &image));
    assert_true(sb_has_suffix(image.key, "image/id"));
    put_image("\"disks\": {}");
    assert_fails(load("image", NULL, &image), SB_ERR_FORMAT, "(there is: none)");
    put_raw("own.img");
    assert_ok(load("own.img", NULL, &image));
    assert_int_equal(image.kind, SB_IMAGE_ADOPTED);
    assert_true(image.bare);
    assert_fails(load("own.img", "qcow2", &image), SB_ERR_FORMAT, "qemu-img convert -O qcow2");
    put("own.img.json", "{");
    assert_fails(load("own.img", NULL, &image), SB_ERR_FORMAT, "own.img.json");
}

/* A file with no record beside it may be anything. */
static void test_bare_disks(void **state)
{
    struct sb_image image;
    put("passwd", "root:x:0:0:root:/root:/bin/sh\n");
    assert_fails(load("passwd", NULL, &image), SB_ERR_FORMAT, "no disk");
    put_raw("odd");
    assert_int_equal(truncate(in_folder("odd"), (2 << 20) + 1), 0);
    assert_fails(load("odd", NULL, &image), SB_ERR_FORMAT, "whole sectors");
    put_image("\"disks\": {\"raw\": {\"file\": \"disk.raw\"}}");
    put_raw("image/disk.raw");
    assert_fails(load("image/disk.raw", NULL, &image), SB_ERR_USAGE, "name its folder");
    put_raw("image/mine.raw"); /* beside the image's own */
    assert_ok(load("image/mine.raw", NULL, &image));
    put("image/image.json", "{");
    assert_ok(load("image/disk.raw", NULL, &image));
}

static void test_describe(void **state)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    put_raw("own.img");
    assert_ok(sb_image_describe(in_folder("own.img"), false, &out, &err));
    assert_non_null(strstr(out.buf, "own.img: 2.0 MiB, of which"));
    assert_non_null(strstr(out.buf, "a disk that was not adopted"));
    sb_strbuf_clear(&out);
    assert_ok(sb_image_describe(in_folder("own.img"), true, &out, &err));
    assert_non_null(strstr(out.buf, "\"bytes\": 2097152"));
    sb_strbuf_clear(&out);
    /* C1 control characters are no one's "control characters below the blank", but terminals obey them. */
    put_image("\"disks\": {\"raw\": {\"file\": \"gone\"}}, \"facts\": {\"suite\": \"\xc2\x9b"
              "31m\"}");
    assert_ok(sb_image_describe(in_folder("image"), false, &out, &err));
    assert_null(strstr(out.buf, "\xc2\x9b"));
    assert_non_null(strstr(out.buf, "raw        gone: missing"));
    sb_strbuf_release(&out);
}

/* ---- adopting ---- */

static const char private_key[] =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n-----END OPENSSH PRIVATE KEY-----\n";

static bool adopt(const char *disk, const char *user, const char *key, bool force)
{
    const struct sb_image_adopt what = {.disk = in_folder(disk), .user = user, .key = key, .force = force};
    return sb_image_adopt(&what, &err);
}

static int adopt_setup(void **state)
{
    if (setup(state) != 0) return -1;
    put("key", private_key);
    put_raw("own.img");
    return chmod(in_folder("key"), 0600);
}

static void test_adopt(void **state)
{
    struct sb_image image;
    const char *key = sb_arena_strdup(&arena, in_folder("key"));
    assert_ok(adopt("own.img", "ubuntu", key, false));
    assert_ok(load("own.img", "raw", &image));
    assert_int_equal(image.kind, SB_IMAGE_ADOPTED);
    assert_string_equal(image.user, "ubuntu");
    assert_string_equal(image.key, key);
    assert_string_equal(image.arch, sb_image_host_arch());
    assert_null(image.kernel);
    assert_fails(adopt("own.img", "root", key, false), SB_ERR_OUTPUT, "own.img.json exists already");
    assert_ok(adopt("own.img", "root", key, true));
    assert_ok(load("own.img", NULL, &image));
    assert_string_equal(image.user, "root");
    assert_false(image.bare);
    /* A key named from where one stands is found from elsewhere. */
    assert_int_equal(chdir(test_folder), 0);
    assert_ok(adopt("own.img", "ubuntu", "key", true));
    assert_int_equal(chdir("/"), 0);
    assert_ok(load("own.img", NULL, &image));
    assert_true(sb_has_suffix(image.key, "/key") && image.key[0] == '/');
    const struct sb_image_adopt arm = {in_folder("own.img"), "u", key, "arm64", true};
    assert_ok(sb_image_adopt(&arm, &err));
    assert_ok(load("own.img", NULL, &image));
    assert_string_equal(image.arch, "aarch64");
}

/* Where the first sector of a qcow2 disk is only QEMU knows. */
static void test_adopt_qcow2(void **state)
{
    struct sb_image image;
    const char *key = sb_arena_strdup(&arena, in_folder("key"));
    char *convert = sb_find_program("qemu-img"), *look = sb_find_program("qemu-io");
    bool tools = convert && look;
    free(convert);
    free(look);
    if (!tools) skip();
    struct sb_strbuf out = SB_STRBUF_INIT;
    assert_int_equal(chdir(test_folder), 0);
    assert_ok(sb_process_capture(ARGV("qemu-img", "convert", "-O", "qcow2", "own.img", "./nbd:own.qcow2"), 60,
                                 NULL, 0, &out, &err));
    sb_strbuf_release(&out);
    const struct sb_image_adopt odd = {.disk = "nbd:own.qcow2", .user = "ubuntu", .key = key};
    assert_ok(sb_image_adopt(&odd, &err));
    assert_int_equal(chdir("/"), 0);
    assert_ok(load("nbd:own.qcow2", "qcow2", &image));
    assert_ok(create("empty.qcow2", "qcow2", 20 << 20, false));
    assert_fails(adopt("empty.qcow2", "u", key, false), SB_ERR_FORMAT, "no system is installed");
    put_qcow2("broken.qcow2", 1 << 30, false, 32);
    assert_fails(adopt("broken.qcow2", "u", key, false), SB_ERR_STEP, "qemu-io");
    assert_int_equal(access(in_folder("empty.qcow2.json"), F_OK), -1);
}

static void test_adopt_refuses(void **state)
{
    const char *key = sb_arena_strdup(&arena, in_folder("key"));
    const struct sb_image_adopt vax = {in_folder("own.img"), "u", key, "vax", false};
    assert_fails(sb_image_adopt(&vax, &err), SB_ERR_USAGE, "vax");
    assert_fails(adopt("own.img", "-x", key, false), SB_ERR_USAGE, "no user's name");
    assert_fails(adopt("own.img", NULL, key, false), SB_ERR_USAGE, "user and a key");
    assert_fails(adopt("own.img", "u", in_folder("none"), false), SB_ERR_NO_INPUT, "no key at");
    assert_fails(adopt("own.img", "u", test_folder, false), SB_ERR_FORMAT, "not a regular file");
    put("key.pub", "ssh-ed25519 AAAA me\n");
    assert_fails(adopt("own.img", "u", in_folder("key.pub"), false), SB_ERR_FORMAT, "public key");
    assert_fails(adopt("own.img", "u", in_folder("own.img"), false), SB_ERR_FORMAT, "own.img");
    assert_int_equal(chmod(key, 0640), 0);
    assert_fails(adopt("own.img", "u", key, false), SB_ERR_FORMAT, "chmod 600");
    assert_int_equal(chmod(key, 0600), 0);
    assert_fails(adopt("none.img", "u", key, false), SB_ERR_NO_INPUT, "none.img");
    assert_fails(adopt(".", "u", key, false), SB_ERR_FORMAT, "not a regular file");
    put("text.img", "no disk");
    assert_fails(adopt("text.img", "u", key, false), SB_ERR_FORMAT, "no disk with a system");
    put_raw("blank.img");
    int fd = open(in_folder("blank.img"), O_WRONLY);
    assert_int_equal(pwrite(fd, "\0\0", 2, 510), 2);
    close(fd);
    assert_fails(adopt("blank.img", "u", key, false), SB_ERR_FORMAT, "no system is installed");
    put_qcow2("cut.img", 1 << 30, false, 20);
    assert_fails(adopt("cut.img", "u", key, false), SB_ERR_FORMAT, "cut short");
    put_qcow2("overlay.img", 1 << 30, true, 32);
    assert_fails(adopt("overlay.img", "u", key, false), SB_ERR_FORMAT, "is an overlay");
    put_qcow2("huge.img", UINT64_MAX - 511, false, 32);
    assert_fails(adopt("huge.img", "u", key, false), SB_ERR_FORMAT, "no disk with a system");
    put_raw("\xff.img");
    assert_fails(adopt("\xff.img", "u", key, false), SB_ERR_FORMAT, "not UTF-8");
    assert_int_equal(access(in_folder("own.img.json"), F_OK), -1);
}

/* ---- building ---- */

/* The first build holds the lock; the second goes, and leaves all of it where it is. */
static void test_two_builds(void **state)
{
    char *folder = sb_arena_strdup(&arena, in_folder("image"));
    assert_int_equal(mkdir(in_folder("image.partial"), 0755), 0);
    put("image.partial/log", "what the first one says");
    int lock = open(in_folder("image.partial/.sbstat-partial"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(lock >= 0);
    assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), 0);
    const struct sb_image_build build = {.folder = folder, .kind = "tiny"};
    err = (struct sb_err){.code = SB_OK};
    assert_false(sb_image_build(&build, &err));
    bool without_tools = strstr(err.msg, "not installed") != NULL;
    if (!without_tools && !strstr(err.msg, "another build is at work")) fail_msg("%s", err.msg);
    assert_file("image.partial/log", "what the first one says");
    close(lock);
    if (without_tools) skip();
}

/* ---- programs that are missing ---- */

static const char *advice(const char *system, const char *const *names)
{
    static struct sb_strbuf text = SB_STRBUF_INIT;
    sb_strbuf_clear(&text);
    sb_tools_advice(names, system, &text);
    return text.buf;
}

static void test_tools_of_each_system(void **state)
{
    static const char *const names[] = {"mke2fs", "busybox", "ldd", NULL};
    static const char *const there[] = {"mke2fs", NULL};
    assert_string_equal(advice("linux", names),
                        "mke2fs (apt install e2fsprogs; brew install e2fsprogs), busybox (apt install "
                        "busybox-static), ldd (apt install libc-bin)");
    assert_string_equal(advice("darwin", names),
                        "mke2fs (brew install e2fsprogs), busybox, ldd; of busybox, ldd there is none for "
                        "macOS: build the image on Linux and copy its folder, or adopt a disk of your own "
                        "(sbstat image adopt)");
    assert_string_equal(advice("darwin", there), "mke2fs (brew install e2fsprogs)");
    assert_string_equal(advice("darwin", ARGV("my-own-tool")), "my-own-tool");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_record_round_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_record_hostile, setup, teardown),
        cmocka_unit_test_setup_teardown(test_record_no_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_disk_format, setup, teardown),
        cmocka_unit_test_setup_teardown(test_create, setup, teardown),
        cmocka_unit_test_setup_teardown(test_create_odd_names, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sha256, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sha256_stops, setup, teardown),
        cmocka_unit_test_setup_teardown(test_load, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bare_disks, setup, teardown),
        cmocka_unit_test_setup_teardown(test_describe, setup, teardown),
        cmocka_unit_test_setup_teardown(test_adopt, adopt_setup, teardown),
        cmocka_unit_test_setup_teardown(test_adopt_qcow2, adopt_setup, teardown),
        cmocka_unit_test_setup_teardown(test_adopt_refuses, adopt_setup, teardown),
        cmocka_unit_test_setup_teardown(test_two_builds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tools_of_each_system, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
