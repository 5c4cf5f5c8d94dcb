#include "collect/accelerator.h"

#include <errno.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "collect/micro_guest.h"
#include "collect/process.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

/* In the order of trying. Deadlines in seconds: a working kvm or hvf needs a few tenths, and one that needs
 * more than a few seconds for this is of no use for measuring, also when asked for by name (a nested one was
 * seen to take 5.5 s). tcg works everywhere, on a busy machine slowly. */
static const struct candidate {
    const char *name, *system; /* system NULL: any, and guests of any kind */
    const char *cpu;           /* NULL: by the guest */
    double deadline;
} candidates[] = {
    {.name = "kvm", .system = "linux", .cpu = "host", .deadline = 3},
    {.name = "hvf", .system = "darwin", .cpu = "host", .deadline = 3},
    {.name = "tcg", .deadline = 30},
};

static const struct candidate *find_candidate(const char *name)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(candidates); i++)
        if (strcmp(candidates[i].name, name) == 0) return &candidates[i];
    return NULL;
}

/* Under TCG most of the time of an aarch64 guest would go into computing the architecture's own pointer
 * authentication codes (QARMA5); QEMU has a quick hash in their place (docs/system/arm/cpu-features.rst). */
const char *sb_accelerator_cpu(const char *accelerator, const char *guest_arch)
{
    const struct candidate *c = find_candidate(accelerator);
    bool emulated = !c || strcmp(c->name, "tcg") == 0;
    if (emulated && strcmp(guest_arch, "aarch64") == 0) return "max,pauth-impdef=on";
    return emulated ? "max" : c->cpu;
}

/* With highmem=off as on the classic Mac: the first Apple processors cannot address the memory map that virt
 * has otherwise, which QEMU finds out by itself only since 8.0. It leaves room for 3 GiB. */
const char *sb_accelerator_machine(const char *accelerator, const char *guest_arch, unsigned memory_mib)
{
    if (strcmp(guest_arch, "aarch64") != 0) return "pc";
    return strcmp(accelerator, "hvf") == 0 && memory_mib <= 3072 ? "virt,highmem=off" : "virt";
}

bool sb_accelerator_possible(const char *accelerator, const char *system, const char *host_arch,
                             const char *guest_arch)
{
    const struct candidate *c = find_candidate(accelerator);
    return c && (!c->system || (sb_streq(c->system, system) && sb_streq(host_arch, guest_arch)));
}

/* ---- what this host is ---- */

const char *sb_arch_name(const char *machine, struct sb_arena *arena)
{
    static const char *const same[][2] = {{"arm64", "aarch64"}, {"amd64", "x86_64"}, {"x64", "x86_64"}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(same); i++)
        if (sb_ascii_caseeq(machine, same[i][0])) return same[i][1];
    return sb_arena_strdup(arena, machine);
}

const char *sb_host_arch(struct sb_arena *arena)
{
    struct utsname name;
    return uname(&name) < 0 ? "unknown" : sb_arch_name(name.machine, arena);
}

const char *sb_host_system(struct sb_arena *arena)
{
    struct utsname name;
    if (uname(&name) < 0) return "unknown";
    char *system = sb_arena_strdup(arena, name.sysname);
    for (char *at = system; *at; at++)
        *at = sb_ascii_lower(*at);
    return system;
}

/* ---- the probe ---- */

struct probe {
    const struct sb_accelerator_query *query;
    const struct sb_micro_guest *guest;
    const struct candidate *candidate;
    char folder[200];
    struct sb_arena arena;
};

/* QEMU's options end at a comma; a doubled one is itself. */
static const char *file_argument(struct probe *p, const char *pattern, const char *path)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    const char *mark = strstr(pattern, "FILE");
    sb_strbuf_add(&text, pattern, (size_t)(mark - pattern));
    for (; *path; path++) {
        if (*path == ',') sb_strbuf_addc(&text, ',');
        sb_strbuf_addc(&text, *path);
    }
    const char *copy = sb_arena_strdup(&p->arena, text.buf);
    sb_strbuf_release(&text);
    return copy;
}

/* What it will run on; but microvm has no disk that the micro guest could start from. */
static const char *machine_of(const struct sb_accelerator_query *q, const char *accelerator)
{
    if (q->machine && !sb_has_prefix(q->machine, "microvm")) return q->machine;
    return sb_accelerator_machine(accelerator, q->arch, q->memory_mib);
}

static bool run_guest(struct probe *p, const char *file, const char *output, struct sb_process_result *result,
                      struct sb_err *err)
{
    const struct sb_accelerator_query *q = p->query;
    const char *name = p->candidate->name, *cpu = q->cpu ? q->cpu : sb_accelerator_cpu(name, q->arch);
    const char *argv[32] = {q->program,
                            "-nodefaults",
                            "-no-user-config",
                            "-display",
                            "none",
                            "-serial",
                            "stdio",
                            "-no-reboot",
                            "-accel",
                            name,
                            "-M",
                            machine_of(q, name),
                            "-cpu",
                            cpu};
    size_t nr = 14;
    for (const char *const *arg = p->guest->argv; *arg; arg++)
        argv[nr++] = strstr(*arg, "FILE") ? file_argument(p, *arg, file) : *arg;
    struct sb_process_spec spec = {.argv = argv,
                                   .output = output,
                                   .output_limit = 1 << 20,
                                   .deadline = p->candidate->deadline,
                                   .stop = q->stop};
    return sb_process_run(&spec, result, err);
}

/* The last line of what it said, for the message. */
static void say_why(const struct sb_process_result *result, char *text, size_t len, struct sb_strbuf *why)
{
    char words[100];
    while (len && sb_is_space(text[len - 1]))
        text[--len] = '\0';
    const char *line = strrchr(text, '\n');
    line = line ? line + 1 : text;
    sb_strbuf_adds(why, sb_process_words(result, words, sizeof words));
    if (*line) sb_strbuf_adds(why, ": ");
    sb_text_visible(why, line, strlen(line) < 200 ? strlen(line) : 200, false);
}

enum printed { PRINTED, PRINTED_NOT, TOO_SLOW };

static enum printed guest_printed(struct probe *p, struct sb_strbuf *why)
{
    const char *file = sb_arena_printf(&p->arena, "%s/guest.bin", p->folder);
    const char *output = sb_arena_printf(&p->arena, "%s/printed", p->folder);
    struct sb_process_result result = {.outcome = SB_PROCESS_EXITED};
    struct sb_err err = {.code = SB_OK};
    char *text = NULL;
    size_t len = 0;
    bool ok = sb_outfile_write(file, p->guest->bytes, p->guest->len, &err) &&
              run_guest(p, file, output, &result, &err);
    if (ok && access(output, F_OK) == 0) ok = sb_read_file(output, 2 << 20, &text, &len, &err);
    if (!ok)
        sb_strbuf_adds(why, err.msg);
    else if (!text || !strstr(text, SB_MICRO_MARKER)) {
        char none[1] = "";
        ok = false;
        say_why(&result, text ? text : none, len, why);
    }
    free(text);
    unlink(file);
    unlink(output);
    return ok ? PRINTED : result.outcome == SB_PROCESS_TIMEOUT ? TOO_SLOW : PRINTED_NOT;
}

static bool works(const struct sb_accelerator_query *query, const struct candidate *candidate,
                  struct sb_strbuf *why)
{
    struct probe p = {.query = query, .guest = sb_micro_guest(query->arch), .candidate = candidate};
    const char *parent = query->scratch ? query->scratch : getenv("TMPDIR");
    int n = snprintf(p.folder, sizeof p.folder, "%s/probe.XXXXXX", parent && *parent ? parent : "/tmp");
    if (n >= (int)sizeof p.folder || !mkdtemp(p.folder)) {
        sb_strbuf_addf(why, "%s: cannot make a folder for the probe: %s", p.folder, strerror(errno));
        return false;
    }
    sb_arena_init(&p.arena);
    enum printed printed = guest_printed(&p, why);
    if (printed == TOO_SLOW && candidate->system && !(query->stop && *query->stop)) {
        sb_strbuf_clear(why);
        printed = guest_printed(&p, why);
    }
    sb_arena_free(&p.arena);
    rmdir(p.folder);
    return printed == PRINTED;
}

/* ---- choosing ---- */

struct remembered {
    struct remembered *next;
    char *question;
    const char *answer;
    char *tried;
};
static struct remembered *memory; /* for the life of the process: one for each program, CPU and machine */

static const char *try_all(const struct sb_accelerator_query *query, struct sb_strbuf *tried)
{
    struct sb_arena arena;
    const char *found = NULL;
    bool any = strcmp(query->wanted, "auto") == 0;
    sb_arena_init(&arena);
    const char *system = sb_host_system(&arena), *arch = sb_host_arch(&arena);
    for (size_t i = 0; i < SB_ARRAY_SIZE(candidates) && !found; i++) {
        const struct candidate *c = &candidates[i];
        struct sb_strbuf why = SB_STRBUF_INIT;
        bool possible = sb_accelerator_possible(c->name, system, arch, query->arch);
        if (any ? !possible : strcmp(query->wanted, c->name) != 0) continue;
        if (!possible)
            sb_strbuf_addf(tried, "%s%s: not for %s guests on %s, %s", tried->len ? "; " : "", c->name,
                           query->arch, system, arch);
        else if (works(query, c, &why))
            found = c->name;
        else
            sb_strbuf_addf(tried, "%s%s: %s", tried->len ? "; " : "", c->name, why.buf);
        sb_strbuf_release(&why);
        if (query->stop && *query->stop) break;
    }
    sb_arena_free(&arena);
    return found;
}

static const struct remembered *recall(const char *question)
{
    const struct remembered *r = memory;
    while (r && strcmp(r->question, question) != 0)
        r = r->next;
    return r;
}

static void remember(const char *question, const char *answer, const char *tried)
{
    struct remembered *r = sb_xcalloc(1, sizeof *r);
    *r = (struct remembered){
        .next = memory, .question = sb_xstrdup(question), .answer = answer, .tried = sb_xstrdup(tried)};
    memory = r;
}

const char *sb_accelerator_choose(const struct sb_accelerator_query *query, struct sb_strbuf *tried,
                                  struct sb_err *err)
{
    struct sb_strbuf question = SB_STRBUF_INIT, words = SB_STRBUF_INIT;
    const char *answer = NULL;
    /* Of the machines that follow from the memory, hvf's is the only one that differs. */
    sb_strbuf_addf(&question, "%s\n%s\n%s\n%s\n%s", query->program, query->arch, query->wanted,
                   query->cpu ? query->cpu : "", machine_of(query, "hvf"));
    const struct remembered *r = recall(question.buf);
    if (r) {
        answer = r->answer;
        sb_strbuf_adds(&words, r->tried);
    } else if (sb_micro_guest(query->arch)) {
        answer = try_all(query, &words);
        if (answer) remember(question.buf, answer, words.buf);
    } else {
        sb_strbuf_addf(&words, "%s: guests are x86_64 or aarch64", query->arch);
    }
    if (!answer)
        sb_fail(err, SB_ERR_STEP, "%s: no accelerator works here (wanted: %s): %s", query->program,
                query->wanted, words.buf);
    if (tried) sb_strbuf_add(tried, words.buf, words.len);
    sb_strbuf_release(&question);
    sb_strbuf_release(&words);
    return answer;
}
