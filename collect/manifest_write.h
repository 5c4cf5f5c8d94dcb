/*
 * manifest.json while an experiment runs: what was known of host, tools and cells, and the run object of
 * every log (docs/formats.md). Rewritten whole, so that a reader never sees half of one. A resumed experiment
 * takes the cells and tools over from the manifest that is there.
 */
#ifndef SB_COLLECT_MANIFEST_WRITE_H
#define SB_COLLECT_MANIFEST_WRITE_H

#include "collect/driver.h"
#include "collect/host_facts.h"
#include "collect/journal.h"
#include "core/arena.h"

struct sb_manifest_cell {
    const struct sb_plan_platform *platform;
    const struct sb_plan_config *config;
    struct json_object *json; /* NULL: nothing known yet */
};

struct sb_manifest_writer {
    struct sb_arena arena;
    char *path;
    const struct sb_plan *plan;
    struct sb_host_facts host;
    struct sb_manifest_cell *cells; /* platforms x configs, in the plan's order */
    size_t cells_nr;
    struct json_object *tools, *host_before; /* host_before: of the manifest that was there; may be NULL */
    bool host_stands; /* no run is made now: host_before is written, if there is one, and not the host of now
                       */
};

/* `version` is sbstat's. */
void sb_manifest_writer_init(struct sb_manifest_writer *writer, const char *path, const struct sb_plan *plan,
                             const char *version);
void sb_manifest_writer_release(struct sb_manifest_writer *writer);

/* Takes over what the file at `path` knows of cells, tools and host. False with err when it is there but no
 * manifest. */
bool sb_manifest_writer_load(struct sb_manifest_writer *writer, struct sb_err *err) SB_MUST_CHECK;

/* How this host differs from that of the manifest that was there: "kernel 6.1 is now 6.5"; "" when it does
 * not. */
void sb_manifest_host_changes(const struct sb_manifest_writer *writer, struct sb_strbuf *out);

/* Keeps what a boot told; true when it was the first of its cell. The first boot of a cell stands; *changed
 * (added to) says what was different in this one: "accelerator kvm is now tcg". The digest of an image that
 * boots write to is no difference. Texts of `facts` must be fit to be published. */
bool sb_manifest_note_boot(struct sb_manifest_writer *writer, const struct sb_plan_platform *platform,
                           const struct sb_plan_config *config, const struct sb_boot_facts *facts,
                           struct sb_strbuf *changed);

/* Writes the file; `runs` are the records that stand, in order. */
bool sb_manifest_write(const struct sb_manifest_writer *writer, const struct sb_run_record *const *runs,
                       size_t nr, struct sb_err *err) SB_MUST_CHECK;

#endif
