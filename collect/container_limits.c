/* Limits as the kernel knows them, seen from within: cgroup version 1 has a folder for each controller,
 * version 2 one for all (Documentation/admin-guide/cgroup-v1/memory.rst, scheduler/sched-bwc.rst,
 * cgroup-v2.rst). */
#include "collect/container_driver.h"

#include <math.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"
#include "io/outfile.h"

#define V1_CPU    "/sys/fs/cgroup/cpu/"
#define V1_MEMORY "/sys/fs/cgroup/memory/"
#define V2        "/sys/fs/cgroup/"
#define NO_LIMIT  9.2e18 /* version 1 says "none" by a number near 2^63 */

#define RELEASE "/proc/sys/kernel/osrelease"
#define BOOT_ID "/proc/sys/kernel/random/boot_id" /* random(4) */

static const char *const looked_at[] = {
    RELEASE,
    BOOT_ID,
    V1_CPU "cpu.cfs_quota_us",
    V1_CPU "cpu.cfs_period_us",
    V1_MEMORY "memory.limit_in_bytes",
    V1_MEMORY "memory.memsw.limit_in_bytes",
    V1_MEMORY "memory.oom_control",
    V2 "cpu.max",
    V2 "memory.max",
    V2 "memory.swap.max",
    V2 "memory.events",
    NULL,
};

/* "FILE LINE" for each line of the files named, with nothing but the shell's own commands. */
static const char lister[] =
    "for f; do { while read -r l; do echo \"$f $l\"; done <\"$f\"; } 2>/dev/null; done; true";

/* The rest of the line that begins with FILE, a blank and KEY (a word and a blank; "" for any). */
static bool find_line(const char *text, const char *file, const char *key, char *rest, size_t size)
{
    for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
        const char *after = line + strlen(file) + 1;
        if (!sb_has_prefix(line, file) || line[strlen(file)] != ' ' || !sb_has_prefix(after, key)) continue;
        after += strlen(key);
        snprintf(rest, size, "%.*s", (int)strcspn(after, "\n"), after);
        return true;
    }
    return false;
}

/* "max", -1 and version 1's huge number mean that there is no limit. */
static double limit_value(const char *word)
{
    double value;
    size_t len = strcspn(word, " ");
    if (len == 3 && strncmp(word, "max", 3) == 0) return INFINITY;
    if (!sb_number_parse(word, len, &value)) return NAN;
    return value < 0 || value >= NO_LIMIT ? INFINITY : value;
}

static double limit_at(const char *text, const char *file)
{
    char rest[100];
    return find_line(text, file, "", rest, sizeof rest) ? limit_value(rest) : NAN;
}

static double count_at(const char *text, const char *file, const char *key)
{
    char rest[100];
    return find_line(text, file, key, rest, sizeof rest) ? limit_value(rest) : NAN;
}

static void read_v1(const char *text, struct sb_container_seen *seen)
{
    seen->cpus = limit_at(text, V1_CPU "cpu.cfs_quota_us") / limit_at(text, V1_CPU "cpu.cfs_period_us");
    seen->memory = limit_at(text, V1_MEMORY "memory.limit_in_bytes");
    seen->memory_swap = limit_at(text, V1_MEMORY "memory.memsw.limit_in_bytes");
    seen->oom_kills = count_at(text, V1_MEMORY "memory.oom_control", "oom_kill ");
}

static void read_v2(const char *text, struct sb_container_seen *seen)
{
    char rest[100];
    if (find_line(text, V2 "cpu.max", "", rest, sizeof rest)) {
        const char *period = strchr(rest, ' ');
        seen->cpus = limit_value(rest) / (period ? limit_value(period + 1) : NAN);
    }
    seen->memory = limit_at(text, V2 "memory.max");
    seen->memory_swap = seen->memory + limit_at(text, V2 "memory.swap.max");
    seen->oom_kills = count_at(text, V2 "memory.events", "oom_kill ");
}

static void read_kernel(const char *text, struct sb_container_seen *seen)
{
    char rest[100];
    if (find_line(text, RELEASE, "", rest, sizeof rest)) {
        struct sb_strbuf safe = SB_STRBUF_INIT;
        sb_text_visible(&safe, rest, strlen(rest), false);
        snprintf(seen->kernel, sizeof seen->kernel, "%s", safe.buf);
        sb_strbuf_release(&safe);
    }
    if (find_line(text, BOOT_ID, "", rest, sizeof rest))
        snprintf(seen->boot_id, sizeof seen->boot_id, "%.36s", rest);
}

void sb_container_see(const struct sb_words *base, const char *id, double deadline,
                      struct sb_container_seen *seen)
{
    *seen = (struct sb_container_seen){.cpus = NAN, .memory = NAN, .memory_swap = NAN, .oom_kills = NAN};
    struct sb_words words = {.arena = base->arena};
    const char *const call[] = {"exec", id, "sh", "-c", lister, "sh", NULL};
    sb_words_add_all(&words, call);
    sb_words_add_all(&words, looked_at);
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_err ignored; /* an image without a shell: nothing is seen */
    if (sb_container_ask(base, words.v, deadline, &out, &ignored)) {
        char rest[100];
        bool v2 = find_line(out.buf, V2 "memory.max", "", rest, sizeof rest) ||
                  find_line(out.buf, V2 "cpu.max", "", rest, sizeof rest);
        if (v2)
            read_v2(out.buf, seen);
        else
            read_v1(out.buf, seen);
        read_kernel(out.buf, seen);
    }
    sb_strbuf_release(&out);
}

/* "" where this system has none. */
static void own_boot_id(char *id, size_t size)
{
    char *text;
    size_t len;
    *id = '\0';
    if (access(BOOT_ID, R_OK) != 0 || !sb_read_file(BOOT_ID, 4096, &text, &len, NULL)) return;
    snprintf(id, size, "%.36s", text);
    free(text);
}

/* Some sandboxes hide the boot's id; then the release has to do. */
bool sb_container_is_here(const struct sb_container_seen *seen)
{
    struct utsname here;
    char id[sizeof seen->boot_id];
    if (uname(&here) != 0 || strcmp(here.release, seen->kernel) != 0) return false;
    own_boot_id(id, sizeof id);
    return !*seen->boot_id || !*id || strcmp(seen->boot_id, id) == 0;
}

/* ---- comparing ---- */

static void add_doubt(struct sb_strbuf *doubt, const char *words)
{
    sb_strbuf_addf(doubt, "%s%s", doubt->len ? "; " : "", words);
}

static bool differs(double is, double wanted)
{
    return isfinite(is) ? fabs(is - wanted) > wanted * 0.01 : true;
}

/* One limit, as asked for, as the engine noted it (NaN: it does not say), as the kernel has it. */
struct limit {
    const char *option;
    double wanted, noted, seen;
    double unit;           /* of the figures in messages */
    const char *unit_name; /* with its blank */
};

static const char *figure(double value, const struct limit *limit, char *buf, size_t size)
{
    if (isnan(value))
        snprintf(buf, size, "nothing");
    else if (isinf(value) || value == 0)
        snprintf(buf, size, "no limit");
    else
        snprintf(buf, size, "%.2f%s", value / limit->unit, limit->unit_name);
    return buf;
}

static bool limit_holds(const struct sb_container_engine *engine, const struct limit *limit,
                        struct sb_strbuf *doubt, struct sb_err *err)
{
    char wanted[40], is[40];
    bool noted_wrong = !isnan(limit->noted) && differs(limit->noted, limit->wanted);
    bool seen_wrong = !isnan(limit->seen) && differs(limit->seen, limit->wanted);
    if (noted_wrong || seen_wrong)
        return sb_fail(err, SB_ERR_STEP,
                       "%s is not in force: %s asked for, %s %s; a configuration that does not act cannot be "
                       "measured (see `%s info`, the kernel's cgroups, and the plan's extra options)",
                       limit->option, figure(limit->wanted, limit, wanted, sizeof wanted),
                       figure(seen_wrong ? limit->seen : limit->noted, limit, is, sizeof is),
                       seen_wrong ? "seen in the container" : "noted by the engine", engine->name);
    if (isnan(limit->seen)) {
        struct sb_strbuf words = SB_STRBUF_INIT;
        sb_strbuf_addf(&words, "%s could not be seen in the container's cgroup%s", limit->option,
                       isnan(limit->noted) ? ", nor does the engine note it" : "");
        add_doubt(doubt, words.buf);
        sb_strbuf_release(&words);
    }
    return true;
}

bool sb_container_limits_hold(const struct sb_container_engine *engine, const struct sb_plan_config *config,
                              struct json_object *inspect, const struct sb_container_seen *seen,
                              struct sb_strbuf *doubt, struct sb_err *err)
{
    const double mib = 1024 * 1024;
    struct limit cpus = {
        "--cpus", config->vcpus, sb_json_at_number(inspect, "HostConfig.NanoCpus") / 1e9, seen->cpus,
        1,        " CPUs"};
    struct limit memory = {"--memory",
                           config->memory_mib * mib,
                           sb_json_at_number(inspect, "HostConfig.Memory"),
                           seen->memory,
                           mib,
                           " MiB"};
    if (config->vcpus && !limit_holds(engine, &cpus, doubt, err)) return false;
    if (config->memory_mib && !limit_holds(engine, &memory, doubt, err)) return false;
    /* A kernel without swap accounting cannot; the engine then notes -1. */
    double swap =
        isnan(seen->memory_swap) ? sb_json_at_number(inspect, "HostConfig.MemorySwap") : seen->memory_swap;
    if (config->memory_mib && !isnan(swap) && differs(swap, memory.wanted))
        add_doubt(doubt,
                  "swap is not limited: the container may use more memory than its configuration says");
    return true;
}
