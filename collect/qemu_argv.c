/* QEMU's command line, in the order in which people type it. */
#include "collect/qemu_setup.h"

#include "collect/accelerator.h"
#include "collect/firmware.h"
#include "core/alloc.h"
#include "core/text.h"

/* Always ended by NULL: `alloc` has room for that too. */
struct argv {
    struct sb_arena *arena;
    const char **v;
    size_t nr, alloc;
};

static void add(struct argv *a, const char *arg)
{
    if (a->nr + 2 > a->alloc) {
        size_t alloc = a->alloc * 2 + 64;
        const char **grown = sb_arena_calloc(a->arena, alloc, sizeof *grown);
        if (a->nr) memcpy(grown, a->v, a->nr * sizeof *grown);
        a->v = grown;
        a->alloc = alloc;
    }
    a->v[a->nr++] = arg;
}

static void add2(struct argv *a, const char *option, const char *value)
{
    add(a, option);
    add(a, value);
}

/* A path within one of QEMU's options: a comma ends it there unless doubled. */
static const char *in_option(struct sb_arena *arena, const char *path)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    if (!strchr(path, ',')) return path;
    for (; *path; path++) {
        if (*path == ',') sb_strbuf_addc(&text, ',');
        sb_strbuf_addc(&text, *path);
    }
    const char *copy = sb_arena_strdup(arena, text.buf);
    sb_strbuf_release(&text);
    return copy;
}

/* ---- what differs between machines ---- */

static const struct machine {
    const char *arch, *console;
    const char *disk, *net, *serial; /* devices */
} machines[] = {
    {.arch = "x86_64",
     .console = "ttyS0",
     .disk = "virtio-blk-pci",
     .net = "virtio-net-pci,romfile=", /* nothing boots from the network */
     .serial = "virtio-serial-pci"},
    {.arch = "aarch64",
     .console = "ttyAMA0",
     .disk = "virtio-blk-device",
     .net = "virtio-net-device",
     .serial = "virtio-serial-device"},
};

static const struct machine *machine_of(const struct sb_qemu_setup *setup)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(machines); i++)
        if (strcmp(machines[i].arch, setup->arch) == 0) return &machines[i];
    return &machines[0];
}

bool sb_qemu_needs_firmware(const struct sb_qemu_setup *setup)
{
    return setup->firmware || (!setup->image.kernel && strcmp(setup->arch, "aarch64") == 0);
}

const char *sb_qemu_firmware(const struct sb_qemu_setup *setup, struct sb_arena *arena, struct sb_err *err)
{
    if (setup->firmware) return setup->firmware;
    char *program = sb_find_program(setup->program);
    const char *path = sb_firmware_find(program, arena, err);
    free(program);
    return path;
}

/* ---- parts ---- */

static void add_kernel(struct argv *a, const struct sb_qemu_setup *setup, const struct machine *machine)
{
    const struct sb_image *image = &setup->image;
    struct sb_strbuf append = SB_STRBUF_INIT;
    if (!image->kernel) return;
    add2(a, "-kernel", image->kernel);
    if (image->initrd) add2(a, "-initrd", image->initrd);
    if (image->append) sb_strbuf_addf(&append, "%s ", image->append);
    /* A kernel that panics ends the guest at once, instead of at the deadline. */
    sb_strbuf_addf(&append, "console=%s panic=-1 sbstat.mode=%s", machine->console,
                   setup->job ? "job" : "ssh");
    if (setup->job && setup->work) sb_strbuf_addf(&append, " sbstat.work=%s", setup->work);
    add2(a, "-append", sb_arena_strdup(a->arena, append.buf));
    add(a, "-no-reboot");
    sb_strbuf_release(&append);
}

static void add_disks(struct argv *a, const struct sb_qemu_setup *setup, const struct machine *machine,
                      const struct sb_qemu_files *files)
{
    if (files->firmware)
        add2(a, "-drive",
             sb_arena_printf(a->arena, "file=%s,if=pflash,format=%s,readonly=on",
                             in_option(a->arena, files->firmware), files->firmware_format));
    add2(a, "-drive",
         sb_arena_printf(a->arena, "if=none,file=%s,format=%s,id=hd0,cache=%s,aio=%s",
                         in_option(a->arena, files->disk), setup->image.format, setup->cache, setup->aio));
    /* A full disk of the host is an error in the guest, not a guest that is paused for ever. */
    add2(a, "-device",
         sb_arena_printf(a->arena, "%s,drive=hd0,serial=sbstat,werror=report,rerror=report", machine->disk));
}

static void add_channel(struct argv *a, const struct sb_qemu_setup *setup, const struct machine *machine,
                        const char *run)
{
    if (setup->job) {
        add2(a, "-device", machine->serial);
        add2(a, "-chardev", sb_arena_printf(a->arena, "socket,id=job,path=%s/job,server=on,wait=off", run));
        add2(a, "-device", "virtserialport,chardev=job,name=sbstat.job");
        return;
    }
    add2(a, "-device", sb_arena_printf(a->arena, "%s,netdev=net0", machine->net));
    add2(a, "-netdev",
         sb_arena_printf(a->arena, "user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:%u-:22", setup->port));
}

/* An aarch64 system that was installed from its own disk has the screen, keyboard and mouse that it was
 * installed with. */
static void add_seat(struct argv *a, const struct sb_qemu_setup *setup)
{
    static const char *const devices[] = {"ramfb", "usb-ehci", "usb-kbd", "usb-mouse"};
    if (setup->image.kernel || strcmp(setup->arch, "aarch64") != 0) return;
    for (size_t i = 0; i < SB_ARRAY_SIZE(devices); i++)
        add2(a, "-device", devices[i]);
}

const char *const *sb_qemu_argv(const struct sb_qemu_setup *setup, const char *accelerator,
                                const struct sb_qemu_files *files, struct sb_arena *arena)
{
    const struct machine *machine = machine_of(setup);
    const char *run = in_option(arena, files->run);
    struct argv a = {.arena = arena};
    add(&a, setup->program);
    add(&a, "-nodefaults");
    add(&a, "-no-user-config");
    add2(&a, "-display", "none");
    add2(&a, "-accel", accelerator);
    add2(&a, "-cpu", setup->cpu ? setup->cpu : sb_accelerator_cpu(accelerator, setup->arch));
    add2(&a, "-M",
         setup->machine ? setup->machine
                        : sb_accelerator_machine(accelerator, setup->arch, setup->memory_mib));
    if (setup->memory_mib) add2(&a, "-m", sb_arena_printf(arena, "%u", setup->memory_mib));
    if (setup->vcpus) add2(&a, "-smp", sb_arena_printf(arena, "%u", setup->vcpus));
    add_kernel(&a, setup, machine);
    add_disks(&a, setup, machine, files);
    add_channel(&a, setup, machine, run);
    add_seat(&a, setup);
    add2(&a, "-chardev",
         sb_arena_printf(arena, "file,id=console,path=%s,append=on", in_option(arena, files->console)));
    add2(&a, "-serial", "chardev:console");
    add2(&a, "-chardev", sb_arena_printf(arena, "socket,id=qmp,path=%s/qmp,server=on,wait=off", run));
    add2(&a, "-mon", "chardev=qmp,mode=control");
    for (const char *const *extra = setup->extra; *extra; extra++)
        add(&a, *extra);
    return a.v;
}

/* ---- show_argv ---- */

/* Without a probe: what it would probably find. */
static const char *likely_accelerator(const struct sb_qemu_setup *setup)
{
    static const char *const order[] = {"kvm", "hvf", "tcg"};
    size_t i = 0;
    if (strcmp(setup->wanted, "auto") != 0) return setup->wanted;
    while (!sb_accelerator_possible(order[i], setup->system, setup->host_arch, setup->arch))
        i++;
    return order[i];
}

bool sb_qemu_show_argv(const struct sb_boot_spec *spec, const char *host, struct sb_boot_facts *facts,
                       struct sb_err *err)
{
    struct sb_qemu_setup setup;
    struct sb_arena *arena = facts->arena;
    if (!sb_qemu_setup(&setup, spec, host, false, arena, err)) return false;
    struct sb_qemu_files files = {.run = "$RUN", .console = "$RUN/console", .disk = setup.image.disk};
    if (setup.copy) files.disk = sb_arena_printf(arena, "$RUN/disk.%s", setup.image.format);
    if (sb_qemu_needs_firmware(&setup)) {
        files.firmware = setup.here ? sb_qemu_firmware(&setup, arena, NULL) : setup.firmware;
        if (!files.firmware) files.firmware = sb_firmware_usual(setup.system);
        files.firmware_format = sb_has_suffix(files.firmware, ".qcow2") ? "qcow2" : "raw";
    }
    facts->accelerator = likely_accelerator(&setup);
    facts->image = sb_plan_option(spec->platform, "image");
    facts->image_format = setup.image.format;
    facts->tool = "qemu";
    facts->argv = sb_qemu_argv(&setup, facts->accelerator, &files, arena);
    return true;
}
