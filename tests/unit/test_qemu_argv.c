/* The command lines of QEMU guests, whole, and the one that people type on a Mac. */
#include "qemu_fixture.h"

#include "collect/firmware.h"
#include "collect/qmp.h"
#include "core/text.h"

static struct qemu_fixture f;

static int setup(void **state)
{
    (void)state;
    fixture_init(&f, &sb_driver_raw);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_release(&f);
    return 0;
}

/* Arguments that begin with "-" start a line. */
static const char *shown(const struct sb_driver *driver, const char *host)
{
    static struct sb_strbuf text = SB_STRBUF_INIT;
    sb_strbuf_clear(&text);
    f.platform.driver = driver;
    if (!driver->show_argv(&f.spec, host, &f.facts, &f.err)) return f.err.msg;
    for (size_t i = 0; f.facts.argv[i]; i++)
        sb_strbuf_addf(&text, "%s%s", i == 0 ? "" : f.facts.argv[i][0] == '-' ? "\n" : " ", f.facts.argv[i]);
    return text.buf;
}

static void job_mode_on_x86(void **state)
{
    (void)state;
    set_option(&f, "image", "images/guest");
    assert_string_equal(
        shown(&sb_driver_raw, "linux-x86_64"),
        "qemu-system-x86_64\n-nodefaults\n-no-user-config\n-display none\n-accel kvm\n-cpu host\n"
        "-M pc\n-m 512\n-smp 2\n"
        "-kernel images/guest/vmlinuz\n-initrd images/guest/initrd\n"
        "-append console=ttyS0 panic=-1 sbstat.mode=job\n-no-reboot\n"
        "-drive if=none,file=$RUN/disk.raw,format=raw,id=hd0,cache=writeback,aio=threads\n"
        "-device virtio-blk-pci,drive=hd0,serial=sbstat,werror=report,rerror=report\n"
        "-device virtio-serial-pci\n"
        "-chardev socket,id=job,path=$RUN/job,server=on,wait=off\n"
        "-device virtserialport,chardev=job,name=sbstat.job\n"
        "-chardev file,id=console,path=$RUN/console,append=on\n-serial chardev:console\n"
        "-chardev socket,id=qmp,path=$RUN/qmp,server=on,wait=off\n-mon chardev=qmp,mode=control");
    assert_string_equal(f.facts.accelerator, "kvm");
    assert_string_equal(f.facts.image_format, "raw");
}

static void job_mode_on_aarch64_with_every_option(void **state)
{
    (void)state;
    set_option(&f, "image", "images/a,b");
    set_option(&f, "cache", "none");
    set_option(&f, "aio", "native");
    set_option(&f, "disk", "direct");
    set_option(&f, "accelerator", "tcg");
    set_option(&f, "cpu", "neoverse-n1");
    set_option(&f, "machine", "virt,gic-version=3");
    set_option(&f, "program", "/opt/qemu/bin/qemu-system-aarch64");
    set_option(&f, "work", "/dev/vdb");
    set_option(&f, "extra", "-name 'my guest' -S");
    assert_string_equal(
        shown(&sb_driver_qcow2, "linux-arm64"),
        "/opt/qemu/bin/qemu-system-aarch64\n-nodefaults\n-no-user-config\n-display none\n-accel tcg\n"
        "-cpu neoverse-n1\n-M virt,gic-version=3\n-m 512\n-smp 2\n"
        "-kernel images/a,b/vmlinuz\n-initrd images/a,b/initrd\n"
        "-append console=ttyAMA0 panic=-1 sbstat.mode=job sbstat.work=/dev/vdb\n-no-reboot\n"
        "-drive if=none,file=images/a,,b/disk.qcow2,format=qcow2,id=hd0,cache=none,aio=native\n"
        "-device virtio-blk-device,drive=hd0,serial=sbstat,werror=report,rerror=report\n"
        "-device virtio-serial-device\n"
        "-chardev socket,id=job,path=$RUN/job,server=on,wait=off\n"
        "-device virtserialport,chardev=job,name=sbstat.job\n"
        "-chardev file,id=console,path=$RUN/console,append=on\n-serial chardev:console\n"
        "-chardev socket,id=qmp,path=$RUN/qmp,server=on,wait=off\n-mon chardev=qmp,mode=control\n"
        "-name my guest\n-S");
}

/*
 * qemu-system-aarch64 -accel hvf -cpu cortex-a57 -M virt,highmem=off -m 2048 -smp 2
 *   -drive file=PREFIX/share/qemu/edk2-aarch64-code.fd,if=pflash,format=raw,readonly=on
 *   -drive if=none,file=myrawimage.img,format=raw,id=hd0 -device
 * virtio-blk-device,drive=hd0,serial="dummyserial" -device virtio-net-device,netdev=net0 -netdev
 * user,id=net0,hostfwd=tcp::2222-:22 -vga none -device ramfb -device usb-ehci -device usb-kbd -device
 * usb-mouse -usb -nographic
 */
static void the_classic_command_of_a_mac(void **state)
{
    (void)state;
    f.config.memory_mib = 2048;
    set_option(&f, "image", "myrawimage.img");
    set_option(&f, "cpu", "cortex-a57");
    set_option(&f, "port", "2222");
    assert_string_equal(
        shown(&sb_driver_raw, "darwin-arm64"),
        "qemu-system-aarch64\n-nodefaults\n-no-user-config\n-display none\n-accel hvf\n-cpu cortex-a57\n"
        "-M virt,highmem=off\n-m 2048\n-smp 2\n"
        "-drive file=/opt/homebrew/share/qemu/edk2-aarch64-code.fd,if=pflash,format=raw,readonly=on\n"
        "-drive if=none,file=myrawimage.img,format=raw,id=hd0,cache=writeback,aio=threads\n"
        "-device virtio-blk-device,drive=hd0,serial=sbstat,werror=report,rerror=report\n"
        "-device virtio-net-device,netdev=net0\n"
        "-netdev user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:2222-:22\n"
        "-device ramfb\n-device usb-ehci\n-device usb-kbd\n-device usb-mouse\n"
        "-chardev file,id=console,path=$RUN/console,append=on\n-serial chardev:console\n"
        "-chardev socket,id=qmp,path=$RUN/qmp,server=on,wait=off\n-mon chardev=qmp,mode=control");
    set_option(&f, "image", "myqcow2image.qcow2");
    assert_says(shown(&sb_driver_qcow2, "darwin-arm64"), "file=myqcow2image.qcow2,format=qcow2,id=hd0");
}

static void defaults_follow_the_host(void **state)
{
    (void)state;
    set_option(&f, "image", "disk.img");
    assert_says(shown(&sb_driver_raw, "darwin-arm64"), "-cpu host");
    f.config.memory_mib = 4096; /* more than fits below 4 GiB with highmem=off */
    assert_says(shown(&sb_driver_raw, "darwin-arm64"), "-M virt\n");
    assert_says(shown(&sb_driver_raw, "linux-aarch64"), "-accel kvm");
    assert_says(f.facts.argv[0], "qemu-system-aarch64");
    assert_null(strstr(shown(&sb_driver_raw, "linux-x86_64"), "pflash"));
    assert_null(strstr(shown(&sb_driver_raw, "linux-x86_64"), "ramfb"));
    set_option(&f, "firmware", "/x/OVMF_CODE.fd");
    assert_says(shown(&sb_driver_raw, "linux-x86_64"),
                "file=/x/OVMF_CODE.fd,if=pflash,format=raw,readonly=on");
    set_option(&f, "accelerator", "hvf");
    assert_says(shown(&sb_driver_raw, "darwin-x86_64"), "-accel hvf");
}

/* A disk of one's own does not say for which processors it is; the program that was named for it does. */
static void the_program_says_the_architecture(void **state)
{
    (void)state;
    set_option(&f, "image", "disk.img");
    set_option(&f, "program", "/opt/qemu/bin/qemu-system-aarch64");
    assert_says(shown(&sb_driver_raw, "linux-x86_64"), "/opt/qemu/bin/qemu-system-aarch64\n");
    assert_says(shown(&sb_driver_raw, "linux-x86_64"), "-accel tcg");
    assert_says(shown(&sb_driver_raw, "linux-x86_64"), "-M virt\n");
    assert_says(shown(&sb_driver_raw, "linux-x86_64"), "-cpu max,pauth-impdef=on\n");
    assert_says(shown(&sb_driver_raw, "linux-x86_64"), "virtio-blk-device");
    set_option(&f, "program", "my-qemu");
    assert_says(shown(&sb_driver_raw, "linux-x86_64"), "-M pc\n");
}

static void no_argument_is_lost(void **state)
{
    (void)state;
    struct sb_strbuf extra = SB_STRBUF_INIT;
    for (int i = 0; i < 300; i++)
        sb_strbuf_addf(&extra, "-x%d ", i);
    set_option(&f, "image", "images/guest");
    set_option(&f, "extra", sb_arena_strdup(&f.plan.arena, extra.buf));
    assert_says(shown(&sb_driver_raw, "linux-x86_64"), "-mon chardev=qmp,mode=control\n-x0\n-x1\n");
    assert_says(shown(&sb_driver_raw, "linux-x86_64"), "-x298\n-x299");
    sb_strbuf_release(&extra);
}

/* As it is where QEMU was installed on its own. */
static void firmware_is_that_of_the_program(void **state)
{
    (void)state;
    static const char *const folders[] = {"bin", "share", "share/qemu"};
    char path[120], program[120], wanted[160];
    for (size_t i = 0; i < SB_ARRAY_SIZE(folders); i++) {
        snprintf(path, sizeof path, "%s/%s", f.folder, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
    }
    snprintf(program, sizeof program, "%s/bin/qemu-system-aarch64", f.folder);
    write_text(program, "#!/bin/sh\n");
    assert_int_equal(chmod(program, 0700), 0);
    snprintf(path, sizeof path, "%s/share/qemu/edk2-aarch64-code.fd", f.folder);
    write_text(path, "code");
    snprintf(wanted, sizeof wanted, "-drive file=%s,if=pflash", path);
    set_option(&f, "image", "disk.img");
    set_option(&f, "program", program);
    assert_says(shown(&sb_driver_raw, NULL), wanted);
}

static void hosts_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const none[] = {"", "darwin", "plan9-arm64", "linux-", "linux-sparc", "-arm64"};
    set_option(&f, "image", "disk.img");
    for (size_t i = 0; i < SB_ARRAY_SIZE(none); i++)
        assert_says(shown(&sb_driver_raw, none[i]), "is no host that is known");
}

static void the_forwarded_port_is_read(void **state)
{
    (void)state;
    static const char info[] =
        "Hub -1 (net0):\n"
        "  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ\n"
        "  UDP[0 sec]         11       10.0.2.15    68        10.0.2.2    67     0     0\n"
        "  TCP[HOST_FORWARD]  13       127.0.0.1  8080       10.0.2.15    80     0     0\n"
        "  TCP[HOST_FORWARD]  14       127.0.0.1 43123       10.0.2.15    22     0     0\n";
    assert_int_equal(sb_usernet_port(info), 43123);
    assert_int_equal(sb_usernet_port(""), 0);
    assert_int_equal(sb_usernet_port("TCP[HOST_FORWARD]"), 0);
    assert_int_equal(sb_usernet_port("TCP[HOST_FORWARD] 1 2 99999 3 22"), 0);
    assert_int_equal(sb_usernet_port("TCP[HOST_FORWARD] 1 2 0 3 22"), 0);
}

static void firmware_is_padded_to_the_flash(void **state)
{
    (void)state;
    char small[100], large[100], copy[100];
    struct stat st;
    const char *format;
    snprintf(small, sizeof small, "%s/small.fd", f.folder);
    snprintf(large, sizeof large, "%s/large.fd", f.folder);
    snprintf(copy, sizeof copy, "%s/copy.fd", f.folder);
    write_text(small, "code");
    assert_string_equal(sb_firmware_fit(small, copy, &format, &f.err), copy);
    assert_string_equal(format, "raw");
    assert_int_equal(stat(copy, &st), 0);
    assert_true((uint64_t)st.st_size == SB_VIRT_FLASH_BYTES);
    assert_string_equal(read_text(copy), "code");
    assert_string_equal(sb_firmware_fit(copy, small, &format, &f.err), copy); /* fits as it is */
    write_text(large, "code");
    assert_int_equal(truncate(large, (off_t)SB_VIRT_FLASH_BYTES + 1), 0);
    assert_null(sb_firmware_fit(large, copy, &format, &f.err));
    assert_says(f.err.msg, "64 MiB");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(job_mode_on_x86),
        T(job_mode_on_aarch64_with_every_option),
        T(the_classic_command_of_a_mac),
        T(defaults_follow_the_host),
        T(the_program_says_the_architecture),
        T(no_argument_is_lost),
        T(firmware_is_that_of_the_program),
        T(hosts_that_are_none_are_refused),
        T(the_forwarded_port_is_read),
        T(firmware_is_padded_to_the_flash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
