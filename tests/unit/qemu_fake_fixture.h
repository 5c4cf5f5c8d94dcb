/* An image of no use but to be looked at, and a boot of it by a program that is no QEMU (fake_qemu.c); for
 * tests. */
#ifndef SB_QEMU_FAKE_FIXTURE_H
#define SB_QEMU_FAKE_FIXTURE_H

#include "qemu_fixture.h"

static const char image_json[] =
    "{\"schema_version\": 1, \"kind\": \"tiny\", \"arch\": \"x86_64\", \"kernel\": \"vmlinuz\", \"initrd\": "
    "\"initrd\", \"append\": \"quiet\", \"disks\": {\"raw\": {\"file\": \"disk.raw\", \"sha256\": "
    "\"0e0a7a2d2de2f1a3d9f0bb2bbd2d0f6cf1d4f2ac1de6aa9ab4b0fa9e5e9d7d03\", \"bytes\": 1048576}}}";

static struct qemu_fixture f;
static char image[100], disk[120];

static void make_image(void)
{
    char path[120];
    snprintf(image, sizeof image, "%s/image", f.folder);
    assert_int_equal(mkdir(image, 0700), 0);
    static const char *const files[] = {"vmlinuz", "initrd", "disk.raw"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(files); i++) {
        snprintf(path, sizeof path, "%s/%s", image, files[i]);
        write_text(path, files[i]);
    }
    snprintf(disk, sizeof disk, "%s/disk.raw", image);
    assert_int_equal(truncate(disk, 1 << 20), 0);
    snprintf(path, sizeof path, "%s/image.json", image);
    write_text(path, image_json);
}

static int setup(void **state)
{
    (void)state;
    fixture_init(&f, &sb_driver_raw);
    make_image();
    set_option(&f, "image", image);
    set_option(&f, "program", FAKE_QEMU);
    set_option(&f, "accelerator", "tcg");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unsetenv("FAKE_QEMU");
    unsetenv("FAKE_QEMU_MACHINE");
    fixture_release(&f);
    return 0;
}

#endif
