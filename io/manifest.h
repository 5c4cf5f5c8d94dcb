/*
 * manifest.json: what collect/ knew when it ran the experiment. Everything in it is optional for a reader,
 * unknown keys are ignored and a value of the wrong type counts as absent.
 */
#ifndef SB_IO_MANIFEST_H
#define SB_IO_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include "core/dataset.h"

struct sb_manifest_run {
    const char *log;         /* relative to the manifest's folder, normalised: no leading "./" */
    struct sb_labels labels; /* platform, config, test, host, boot, repetition as given */
    uint64_t order;          /* 0-based as recorded */
    bool has_order;
    const char *caches; /* "dropped", "not verified", "not dropped"; NULL: nothing to drop, or not recorded */
    const char *failed_step; /* "exit status 137: killed: out of memory"; NULL: every step ended with 0 */
};

struct sb_manifest {
    struct sb_arena arena;
    struct sb_manifest_run *runs;
    size_t runs_nr;
    struct sb_cell_info *cells;
    struct sb_labels *cell_labels; /* parallel to cells: platform, config, vcpus, memory_mib */
    size_t cells_nr;
    struct sb_env *env; /* experiment (id, seed, plan, started: the earliest of the runs'), host.*, tools.* */
    size_t env_nr;
};

/* Reads a manifest's text. `name` is for messages. False when it is no JSON object. */
bool sb_manifest_parse(struct sb_manifest *manifest, const char *name, const char *text, size_t len,
                       struct sb_err *err) SB_MUST_CHECK;
void sb_manifest_free(struct sb_manifest *manifest);

/* The run of a log given relative to the manifest, NULL when it is not listed. */
const struct sb_manifest_run *sb_manifest_find_run(const struct sb_manifest *manifest, const char *log);

/* The cell of a platform and config (either may be NULL), NULL when there is none. Index in *i (may be NULL).
 */
const struct sb_cell_info *sb_manifest_find_cell(const struct sb_manifest *manifest, const char *platform,
                                                 const char *config, size_t *i);

#endif
