/* Files and folders -> logs; sb_parse_path() of parse.h. */
#include "parsers/parse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/manifest.h"
#include "io/outfile.h"
#include "io/tidy.h"
#include "parsers/container.h"
#include "parsers/log.h"
#include "parsers/manifest_above.h"
#include "parsers/notes.h"

static const size_t file_limit = (size_t)1
                                 << 31; /* a larger log is refused: it would not fit beside its runs */
enum { DEPTH_LIMIT = 64, CONTAINER_DEPTH = 3 };

struct walk {
    struct sb_dataset *ds;
    const struct sb_parse_options *options;
    struct sb_parse_output *out;
    size_t files;
    const struct sb_manifest *manifest; /* of the nearest folder above that has one */
    size_t manifest_base;               /* length of that folder's source with its slash */
    const char *manifest_prefix; /* what the manifest puts before the rest of a source; NULL: nothing */
    bool experiment;             /* collect/ writes here, or has written */
};

/* ---- one file ---- */

/* The manifest's entry of a log; it still names the plain file when the log was compressed since. */
static const struct sb_manifest_run *manifest_entry(const struct walk *w, const char *log)
{
    static const char *const endings[] = {".gz", ".xz", ".zst", ".bz2"};
    const struct sb_manifest_run *entry = sb_manifest_find_run(w->manifest, log);
    for (size_t i = 0; !entry && i < SB_ARRAY_SIZE(endings); i++) {
        if (!sb_has_suffix(log, endings[i])) continue;
        char *plain = sb_xstrndup(log, strlen(log) - strlen(endings[i]));
        entry = sb_manifest_find_run(w->manifest, plain);
        free(plain);
    }
    return entry;
}

/* PLATFORM/CONFIG/TEST_bBOOT_rREPETITION.log, as collect/ names logs: the words of such a path are those
 * labels and nothing else, whatever they may look like ("native" as a configuration is no platform). */
static bool is_named_by_labels(const struct sb_manifest_run *entry)
{
    static const char *const before[] = {"", "/", "/", "_b", "_r"};
    static const char *const names[] = {"platform", "config", "test", "boot", "repetition"};
    struct sb_strbuf name = SB_STRBUF_INIT;
    bool all = true;
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++) {
        const char *value = sb_labels_get(&entry->labels, names[i]);
        all = all && value && *value;
        sb_strbuf_addf(&name, "%s%s", before[i], value ? value : "");
    }
    sb_strbuf_adds(&name, ".log");
    bool same = all && strcmp(name.buf, entry->log) == 0;
    sb_strbuf_release(&name);
    return same;
}

/* What the manifest knows of the runs that a log gave. */
static void apply_manifest(struct walk *w, const char *source, size_t first_run)
{
    struct sb_dataset *ds = w->ds;
    if (!w->manifest || first_run == ds->runs_nr) return;
    struct sb_strbuf log = SB_STRBUF_INIT;
    sb_strbuf_addf(&log, "%s%s", w->manifest_prefix ? w->manifest_prefix : "", source + w->manifest_base);
    const struct sb_manifest_run *entry = manifest_entry(w, log.buf);
    sb_strbuf_release(&log);
    if (!entry) return;
    size_t cell_index;
    const struct sb_cell_info *cell =
        sb_manifest_find_cell(w->manifest, sb_labels_get(&entry->labels, "platform"),
                              sb_labels_get(&entry->labels, "config"), &cell_index);
    bool named_by_labels = ds->runs_nr - first_run == 1 && is_named_by_labels(entry);
    for (size_t i = first_run; i < ds->runs_nr; i++) {
        struct sb_run_note *note = sb_note_run(ds, i);
        sb_note_give(ds, note, &entry->labels);
        note->named_by_labels = named_by_labels;
        if (entry->has_order) ds->runs[i].order = entry->order + 1;
        if (entry->caches) sb_run_set_param(ds, &ds->runs[i], "env.caches", entry->caches, 0);
        if (entry->failed_step) sb_run_set_param(ds, &ds->runs[i], "env.failed_step", entry->failed_step, 0);
        if (!cell) continue;
        sb_note_give(ds, note, &w->manifest->cell_labels[cell_index]);
        if (cell->accelerator) sb_run_set_param(ds, &ds->runs[i], "env.accelerator", cell->accelerator, 0);
    }
}

/* Several PATHs may lie below one manifest. */
static bool has_fact(const struct sb_dataset *ds, const struct sb_env *fact)
{
    for (size_t i = 0; i < ds->env_nr; i++)
        if (sb_streq(ds->env[i].section, fact->section) && sb_streq(ds->env[i].name, fact->name) &&
            sb_streq(ds->env[i].value, fact->value))
            return true;
    return false;
}

static bool has_cell(const struct sb_dataset *ds, const struct sb_cell_info *cell)
{
    for (size_t i = 0; i < ds->cells_nr; i++)
        if (sb_streq(ds->cells[i].platform, cell->platform) && sb_streq(ds->cells[i].config, cell->config) &&
            sb_streq(ds->cells[i].accelerator, cell->accelerator) && sb_streq(ds->cells[i].argv, cell->argv))
            return true;
    return false;
}

static void keep_manifest_facts(struct sb_dataset *ds, const struct sb_manifest *m)
{
    for (size_t i = 0; i < m->env_nr; i++) {
        if (has_fact(ds, &m->env[i])) continue;
        SB_ALLOC_GROW(ds->env, ds->env_nr + 1, ds->env_alloc);
        ds->env[ds->env_nr++] =
            (struct sb_env){sb_dataset_intern(ds, m->env[i].section), sb_dataset_intern(ds, m->env[i].name),
                            sb_dataset_intern(ds, m->env[i].value)};
    }
    for (size_t i = 0; i < m->cells_nr; i++) {
        const struct sb_cell_info *c = &m->cells[i];
        if (has_cell(ds, c)) continue;
        SB_ALLOC_GROW(ds->cells, ds->cells_nr + 1, ds->cells_alloc);
        ds->cells[ds->cells_nr++] =
            (struct sb_cell_info){sb_dataset_intern(ds, c->platform ? c->platform : ""),
                                  sb_dataset_intern(ds, c->config ? c->config : ""),
                                  sb_dataset_intern(ds, c->accelerator),
                                  sb_dataset_intern(ds, c->image_format),
                                  sb_dataset_intern(ds, c->argv),
                                  c->virtual_bytes,
                                  c->allocated_bytes};
    }
}

static void read_tidy(struct walk *w, const char *source, const char *text, size_t len)
{
    struct sb_err err = {0};
    size_t first = w->ds->runs_nr;
    if (!sb_tidy_read(w->ds, source, text, len, &err))
        sb_dataset_add_file_finding(w->ds, "FILE_UNREADABLE", SB_WARNING, source, 0, "%s", err.msg);
    for (size_t i = first; i < w->ds->runs_nr; i++)
        sb_note_run(w->ds, i)->complete = true;
    SB_ALLOC_GROW(w->ds->sources, w->ds->sources_nr + 1, w->ds->sources_alloc);
    w->ds->sources[w->ds->sources_nr++] =
        (struct sb_source){sb_dataset_intern(w->ds, source), NULL, w->ds->runs_nr - first};
}

static void unreadable(struct walk *w, const char *source, const char *reason)
{
    sb_dataset_add_file_finding(w->ds, "FILE_UNREADABLE", SB_WARNING, source, 0, "%s", reason);
}

static void read_container(struct walk *w, const char *source, const char *path, const char *bytes,
                           size_t len, unsigned depth);

static void read_bytes(struct walk *w, const char *source, const char *path, const char *bytes, size_t len,
                       unsigned depth)
{
    size_t first = w->ds->runs_nr;
    if (depth < CONTAINER_DEPTH && sb_container_detect(bytes, len)) {
        read_container(w, source, path, bytes, len, depth + 1);
        return;
    }
    if (sb_tidy_detect(bytes, len)) {
        read_tidy(w, source, bytes, len);
    } else {
        sb_log_parse(w->ds, source, path, bytes, len, w->options, w->out);
        apply_manifest(w, source, first);
    }
    w->files++;
    if (w->options && w->options->progress)
        w->options->progress(w->options->progress_context, w->files, w->ds->runs_nr);
}

/* ---- compressed files and archives ---- */

struct member_manifest {
    struct sb_manifest manifest;
    char *folder; /* its folder's source, with its slash or exclamation mark */
    size_t base;  /* length of that */
    struct member_manifest *next;
};

struct container {
    struct walk *w;
    const char *source, *path;
    unsigned depth;
    struct member_manifest *manifests;
};

/* A log that collect/ has not finished: of a run that is being made, or was when sbstat was killed. */
static bool is_unfinished(const char *name)
{
    return sb_has_suffix(name, ".log.part");
}

static bool is_manifest(const char *name)
{
    return strcmp(name, "manifest.json") == 0 || sb_has_suffix(name, "/manifest.json");
}

static char *member_source(const struct container *c, const char *name)
{
    struct sb_strbuf source = SB_STRBUF_INIT;
    sb_strbuf_adds(&source, c->source);
    if (name) sb_strbuf_addf(&source, "!%s", name);
    return sb_strbuf_detach(&source, NULL);
}

static void member_error(void *context, const char *name, bool bomb, const char *reason)
{
    struct container *c = context;
    char *source = member_source(c, name);
    sb_dataset_add_file_finding(c->w->ds, bomb ? "ARCHIVE_BOMB" : "FILE_UNREADABLE", SB_WARNING, source, 0,
                                "%s", reason);
    free(source);
}

static void ignore_error(void *context, const char *name, bool bomb, const char *reason)
{
    (void)context, (void)name, (void)bomb, (void)reason;
}

static void take_manifest(void *context, const char *name, const char *bytes, size_t size)
{
    struct container *c = context;
    struct sb_err err = {0};
    if (!name) return;
    struct member_manifest *m = sb_xcalloc(1, sizeof *m);
    char *source = member_source(c, name);
    if (sb_manifest_parse(&m->manifest, source, bytes, size, &err)) {
        keep_manifest_facts(c->w->ds, &m->manifest);
        m->base = strlen(source) - strlen("manifest.json");
        m->folder = sb_xstrndup(source, m->base);
        m->next = c->manifests;
        c->manifests = m;
    } else {
        sb_dataset_add_file_finding(c->w->ds, "MANIFEST_UNREADABLE", SB_WARNING, source, 0, "%s", err.msg);
        free(m);
    }
    free(source);
}

/* The manifest in the member's folder or the nearest above it, else the one outside the archive. */
static void choose_manifest(const struct container *c, const char *source, struct walk *w)
{
    size_t best = 0;
    for (const struct member_manifest *m = c->manifests; m; m = m->next) {
        bool above = strlen(source) > m->base && memcmp(source, m->folder, m->base) == 0;
        if (!above || m->base <= best) continue;
        best = m->base;
        w->manifest = &m->manifest;
        w->manifest_base = m->base;
    }
}

static void take_member(void *context, const char *name, const char *bytes, size_t size)
{
    struct container *c = context;
    struct walk inner = *c->w;
    if (name && c->manifests && is_manifest(name)) return;
    char *source = member_source(c, name);
    if (name) choose_manifest(c, source, &inner);
    if (!name || !inner.manifest || !is_unfinished(name))
        read_bytes(&inner, source, name ? NULL : c->path, bytes, size, c->depth);
    c->w->files = inner.files;
    free(source);
}

static void read_container(struct walk *w, const char *source, const char *path, const char *bytes,
                           size_t len, unsigned depth)
{
    struct container c = {.w = w, .source = source, .path = path, .depth = depth};
    sb_container_read(bytes, len, is_manifest, take_manifest, ignore_error, &c);
    sb_container_read(bytes, len, NULL, take_member, member_error, &c);
    while (c.manifests) {
        struct member_manifest *next = c.manifests->next;
        sb_manifest_free(&c.manifests->manifest);
        free(c.manifests->folder);
        free(c.manifests);
        c.manifests = next;
    }
}

/* ---- files on disk ---- */

static bool can_open(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return false;
    close(fd);
    return true;
}

static void read_one_file(struct walk *w, const char *path, const char *source)
{
    struct sb_err err = {0};
    char *text;
    size_t len;
    if (strcmp(path, "-") != 0 && !can_open(path)) {
        unreadable(w, source, strerror(errno));
        return;
    }
    if (!sb_read_file(path, file_limit, &text, &len, &err)) {
        unreadable(w, source, "it cannot be read, or is larger than 2 GiB");
        return;
    }
    read_bytes(w, source, strcmp(path, "-") == 0 ? NULL : path, text, len, 0);
    free(text);
}

/* ---- folders ---- */

struct names {
    char **v;
    size_t nr, alloc;
};

static int name_cmp(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder but for hidden ones, bytewise. False (errno) when it cannot be opened. */
static bool list_folder(const char *path, struct names *names)
{
    DIR *dir = opendir(path);
    if (!dir) return false;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        SB_ALLOC_GROW(names->v, names->nr + 1, names->alloc);
        names->v[names->nr++] = sb_xstrdup(entry->d_name);
    }
    closedir(dir);
    if (names->nr) qsort(names->v, names->nr, sizeof *names->v, name_cmp);
    return true;
}

static bool has_name(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->nr; i++)
        if (strcmp(names->v[i], name) == 0) return true;
    return false;
}

static void free_names(struct names *names)
{
    for (size_t i = 0; i < names->nr; i++)
        free(names->v[i]);
    free(names->v);
}

/* Reads the folder's manifest.json. False when there is none that can be used. */
static bool read_manifest(struct walk *w, const char *path, const char *source, struct sb_manifest *manifest)
{
    struct sb_err err = {0};
    char *text;
    size_t len;
    if (!sb_read_file(path, (size_t)1 << 28, &text, &len, &err)) {
        unreadable(w, source, "the manifest cannot be read");
        return false;
    }
    bool ok = sb_manifest_parse(manifest, source, text, len, &err);
    if (ok)
        keep_manifest_facts(w->ds, manifest);
    else
        sb_dataset_add_file_finding(w->ds, "MANIFEST_UNREADABLE", SB_WARNING, source, 0, "%s", err.msg);
    free(text);
    return ok;
}

static void walk_folder(struct walk *w, struct sb_strbuf *path, struct sb_strbuf *source, unsigned depth);

static void walk_entry(struct walk *w, struct sb_strbuf *path, struct sb_strbuf *source, unsigned depth)
{
    struct stat st, link;
    if (lstat(path->buf, &link) != 0 || stat(path->buf, &st) != 0)
        unreadable(w, source->buf, strerror(errno));
    else if (S_ISREG(st.st_mode))
        read_one_file(w, path->buf, source->buf);
    else if (S_ISDIR(st.st_mode) && !S_ISLNK(link.st_mode) && depth < DEPTH_LIMIT)
        walk_folder(w, path, source, depth + 1);
    else if (S_ISDIR(st.st_mode))
        unreadable(w, source->buf,
                   S_ISLNK(link.st_mode) ? "a link to a folder is not followed"
                                         : "folders are nested too deeply");
    else
        unreadable(w, source->buf, "not a regular file");
}

/* What collect/ keeps beside the logs. */
static bool is_record(const char *name)
{
    static const char *const records[] = {"manifest.json", "journal.jsonl", "plan.yaml", "plan.canonical"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(records); i++)
        if (strcmp(name, records[i]) == 0) return true;
    return false;
}

static void walk_names(struct walk *w, struct sb_strbuf *path, struct sb_strbuf *source, unsigned depth,
                       const struct names *names, bool has_records)
{
    for (size_t i = 0; i < names->nr; i++) {
        size_t path_len = path->len, source_len = source->len;
        if (has_records && is_record(names->v[i])) continue;
        if (w->experiment && is_unfinished(names->v[i])) continue;
        sb_strbuf_addf(path, "/%s", names->v[i]);
        sb_strbuf_addf(source, "/%s", names->v[i]);
        walk_entry(w, path, source, depth);
        path->len = path_len;
        source->len = source_len;
        path->buf[path_len] = source->buf[source_len] = '\0';
    }
}

static void walk_folder(struct walk *w, struct sb_strbuf *path, struct sb_strbuf *source, unsigned depth)
{
    struct names names = {0};
    struct sb_manifest manifest = {0};
    struct walk inner = *w;
    if (!list_folder(path->buf, &names)) {
        unreadable(w, source->buf, strerror(errno));
        return;
    }
    bool has_manifest = false, has_journal = has_name(&names, "journal.jsonl");
    if (has_name(&names, "manifest.json")) {
        size_t path_len = path->len, source_len = source->len;
        sb_strbuf_adds(path, "/manifest.json");
        sb_strbuf_adds(source, "/manifest.json");
        has_manifest = read_manifest(w, path->buf, source->buf, &manifest);
        path->len = path_len;
        source->len = source_len;
        path->buf[path_len] = source->buf[source_len] = '\0';
    }
    if (has_manifest) {
        inner.manifest = &manifest;
        inner.manifest_base = source->len + 1;
        inner.manifest_prefix = NULL;
    }
    if (has_manifest || has_journal) inner.experiment = true;
    walk_names(&inner, path, source, depth, &names, has_manifest || has_journal);
    w->files = inner.files;
    if (has_manifest) sb_manifest_free(&manifest);
    free_names(&names);
}

/* A log or folder below a manifest that was named by itself. `listed_as` belongs to the caller. */
static void look_above(struct walk *w, const char *path, const char *public_name,
                       struct sb_manifest *manifest, char **listed_as)
{
    *listed_as = NULL;
    if (!sb_manifest_above(path, manifest, listed_as)) return;
    keep_manifest_facts(w->ds, manifest);
    w->manifest = manifest;
    w->manifest_base = strlen(public_name);
    w->manifest_prefix = *listed_as;
    w->experiment = true;
}

static void forget_above(struct walk *w, struct sb_manifest *manifest, char *listed_as)
{
    if (listed_as) sb_manifest_free(manifest);
    free(listed_as);
    w->manifest = NULL;
    w->experiment = false;
}

bool sb_parse_path(struct sb_dataset *ds, const char *path, const char *public_name,
                   const struct sb_parse_options *options, struct sb_parse_output *out, struct sb_err *err)
{
    struct walk w = {.ds = ds, .options = options, .out = out};
    struct sb_manifest manifest;
    char *listed_as = NULL;
    struct stat st;
    if (strcmp(path, "-") == 0) {
        read_one_file(&w, path, "stdin");
        return true;
    }
    if (stat(path, &st) != 0) return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", path, strerror(errno));
    if (S_ISDIR(st.st_mode)) {
        struct sb_strbuf at = SB_STRBUF_INIT, source = SB_STRBUF_INIT;
        if (access(path, R_OK | X_OK) != 0)
            return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", path, strerror(errno));
        sb_strbuf_adds(&at, path);
        sb_strbuf_adds(&source, public_name);
        look_above(&w, path, public_name, &manifest, &listed_as);
        walk_folder(&w, &at, &source, 0);
        forget_above(&w, &manifest, listed_as);
        sb_strbuf_release(&at);
        sb_strbuf_release(&source);
        return true;
    }
    if (!can_open(path)) return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", path, strerror(errno));
    if (S_ISREG(st.st_mode)) look_above(&w, path, public_name, &manifest, &listed_as);
    read_one_file(&w, path, public_name);
    forget_above(&w, &manifest, listed_as);
    return true;
}
