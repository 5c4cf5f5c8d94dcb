/*
 * What a plan's platform comes to for QEMU: its options, the image and the host put together, defaults
 * chosen; and the command line that follows. Private to the QEMU driver.
 */
#ifndef SB_COLLECT_QEMU_SETUP_H
#define SB_COLLECT_QEMU_SETUP_H

#include "collect/driver.h"
#include "collect/image.h"

extern const struct sb_field sb_qemu_fields[];

struct sb_qemu_setup {
    const char *system, *host_arch; /* linux, darwin ...; x86_64, aarch64 */
    bool here;                      /* that is this host, not one named for show_argv */
    struct sb_image image;
    bool job;                             /* job mode; else ssh mode */
    bool copy;                            /* each boot gets a copy of the disk */
    const char *arch;                     /* of the guest */
    const char *program;                  /* of QEMU */
    const char *wanted;                   /* accelerator: auto, kvm, hvf, tcg */
    const char *machine, *cpu, *firmware; /* NULL: by the accelerator and the architecture */
    const char *cache, *aio;
    const char *user, *key, *work; /* may be NULL */
    unsigned port;                 /* 0: QEMU chooses */
    unsigned vcpus, memory_mib;
    const char *const *extra; /* NULL-terminated */
};

/* Reads platform and config. `host`: as for show_argv. Unless `need_image` an image that is not there is
 * imagined as it would be. Strings live in `arena` and the plan. */
bool sb_qemu_setup(struct sb_qemu_setup *setup, const struct sb_boot_spec *spec, const char *host,
                   bool need_image, struct sb_arena *arena, struct sb_err *err) SB_MUST_CHECK;

/* Whether it boots from its own disk through UEFI firmware. */
bool sb_qemu_needs_firmware(const struct sb_qemu_setup *setup);

/* The plan's firmware, else what is found below the prefix of the program and in the usual places; NULL with
 * err. */
const char *sb_qemu_firmware(const struct sb_qemu_setup *setup, struct sb_arena *arena, struct sb_err *err);

/* The accelerator that works with these options (accelerator.h). `tried` gets why others did not; NULL: not
 * wanted. */
const char *sb_qemu_accelerator(const struct sb_qemu_setup *setup, const struct sb_boot_spec *spec,
                                struct sb_strbuf *tried, struct sb_err *err) SB_MUST_CHECK;

/* Files of one boot. */
struct sb_qemu_files {
    const char *run; /* the scratch folder, or "$RUN" */
    const char *disk;
    const char *firmware, *firmware_format; /* NULL: none */
    const char *console;
};

/* The whole command, NULL-terminated, in `arena`. Sockets: RUN/qmp, RUN/job. */
const char *const *sb_qemu_argv(const struct sb_qemu_setup *setup, const char *accelerator,
                                const struct sb_qemu_files *files, struct sb_arena *arena);

/* ---- qemu_check.c ---- */

/* What is not as the configuration would have it, though nothing fails for that, in words; "" when all is:
 * `accelerator` emulates because others did not work (`tried`), or there are more processors than here. */
void sb_qemu_doubt(const struct sb_qemu_setup *setup, const char *accelerator, const char *tried,
                   struct sb_strbuf *doubt);

/* Of driver.h. */
bool sb_qemu_show_argv(const struct sb_boot_spec *spec, const char *host, struct sb_boot_facts *facts,
                       struct sb_err *err);
bool sb_qemu_check(const struct sb_boot_spec *spec, struct sb_err *err);

#endif
