#include "collect/machine_facts.h"

#include <math.h>
#include "collect/host_load.h"
#include "collect/sysbench_options.h"
#include "core/text.h"
#include "io/number.h"

/* Names and values, a line each; names that are missing are not known. */
const char sb_machine_script[] =
    "say() { [ -z \"$2\" ] || printf 'sbstat.%s %s\\n' \"$1\" \"$2\"; }\n"
    "has() { command -v \"$1\" >/dev/null 2>&1; }\n"
    "memory() { while read -r name value _; do\n"
    "[ \"$name\" != MemTotal: ] || say memory $((value * 1024))\n"
    "done </proc/meminfo; }\n"
    "free() { df -Pk . | { read -r _; read -r _ _ _ kib _; say free $((kib * 1024)); }; }\n"
    "say kernel \"$(uname -r)\"\n"
    "if has sysbench; then say sysbench \"$(sysbench --version 2>&1)\"; fi\n"
    "say cpus \"$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc 2>/dev/null)\"\n"
    "if [ -r /proc/meminfo ]; then memory; else say memory \"$(sysctl -n hw.memsize 2>/dev/null)\"; fi\n"
    "if has systemd-detect-virt; then\n"
    "say vm \"$(systemd-detect-virt --vm 2>/dev/null)\"\n"
    "say container \"$(systemd-detect-virt --container 2>/dev/null)\"\n"
    "elif grep -q '^flags.* hypervisor' /proc/cpuinfo 2>/dev/null; then say vm unknown\n"
    "elif grep -q '^flags' /proc/cpuinfo 2>/dev/null; then say vm none\n"
    "fi\n"
    "free\n";

/* The value in the first line "sbstat.NAME VALUE", printable; NULL. */
static const char *value_of(const char *text, size_t len, const char *name, struct sb_arena *arena)
{
    static const char mark[] = "sbstat.";
    size_t name_len = strlen(name), skip = sizeof mark - 1 + name_len;
    for (const char *line = text, *end = text + len; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t n = (size_t)((stop ? stop : end) - line);
        if (n > skip + 1 && memcmp(line, mark, sizeof mark - 1) == 0 &&
            memcmp(line + sizeof mark - 1, name, name_len) == 0 && line[skip] == ' ') {
            struct sb_strbuf visible = SB_STRBUF_INIT;
            size_t most = n - skip - 1 < 300 ? n - skip - 1 : 300; /* ten numbers of 20 digits */
            sb_text_visible(&visible, line + skip + 1, most, false);
            const char *value = sb_arena_strdup(arena, visible.buf);
            sb_strbuf_release(&visible);
            return value;
        }
        line += n + 1;
    }
    return NULL;
}

static double number_of(const char *text, size_t len, const char *name, struct sb_arena *arena)
{
    double number;
    const char *value = value_of(text, len, name, arena);
    return value && sb_number_parse(value, strlen(value), &number) && number >= 0 ? number : NAN;
}

void sb_machine_read(struct sb_machine *machine, const char *text, size_t len, struct sb_arena *arena)
{
    double cpus = number_of(text, len, "cpus", arena);
    const char *sysbench = value_of(text, len, "sysbench", arena);
    *machine = (struct sb_machine){.kernel = value_of(text, len, "kernel", arena),
                                   .sysbench = sysbench ? sb_sysbench_version(sysbench, arena) : NULL,
                                   .vm = value_of(text, len, "vm", arena),
                                   .container = value_of(text, len, "container", arena),
                                   .cpus = cpus <= 65536 ? (unsigned)cpus : 0,
                                   .memory = number_of(text, len, "memory", arena),
                                   .free_bytes = number_of(text, len, "free", arena)};
}

const char *sb_machine_accelerator(const struct sb_machine *machine)
{
    return sb_streq(machine->vm, "none") ? "none" : sb_streq(machine->vm, "kvm") ? "kvm" : NULL;
}

/* ---- doubt ---- */

static void add(struct sb_strbuf *doubt, const char *format, ...) SB_PRINTF(2, 3);
static void add(struct sb_strbuf *doubt, const char *format, ...)
{
    va_list args;
    if (doubt->len) sb_strbuf_adds(doubt, "; ");
    va_start(args, format);
    sb_strbuf_vaddf(doubt, format, args);
    va_end(args);
}

/* Kernels keep some of the memory to themselves. */
static bool is_about(double bytes, double mib)
{
    double has = bytes / (1024 * 1024);
    return has >= 0.85 * mib && has <= 1.02 * mib;
}

static void doubt_size(struct sb_strbuf *doubt, const struct sb_machine *machine, const char *host,
                       const struct sb_plan_config *config)
{
    if (config->vcpus && machine->cpus && machine->cpus != config->vcpus)
        add(doubt, "%s has %u processors, not %u as vcpus says", host, machine->cpus, config->vcpus);
    if (config->vcpus && !machine->cpus) add(doubt, "%s does not tell how many processors it has", host);
    if (config->memory_mib && machine->memory > 0 && !is_about(machine->memory, config->memory_mib))
        add(doubt, "%s has %.0f MiB of memory, not %u as memory_mib says", host,
            machine->memory / (1024 * 1024), config->memory_mib);
    if (config->memory_mib && !(machine->memory > 0))
        add(doubt, "%s does not tell how much memory it has", host);
}

static void doubt_kind(struct sb_strbuf *doubt, const struct sb_machine *machine, const char *host)
{
    if (!machine->vm)
        add(doubt, "whether %s is a virtual machine is not known", host);
    else if (sb_streq(machine->vm, "unknown"))
        add(doubt, "%s is a virtual machine: what else its host does shows in the results", host);
    else if (sb_streq(machine->vm, "qemu")) /* what systemd says of TCG, and of HVF too */
        add(doubt,
            "%s is a virtual machine (qemu), and whether it is emulated (tcg) or not (hvf) is not known: "
            "what "
            "else its host does shows in the results",
            host);
    else if (!sb_streq(machine->vm, "none"))
        add(doubt, "%s is a virtual machine (%s): what else its host does shows in the results", host,
            machine->vm);
    if (machine->container && !sb_streq(machine->container, "none"))
        add(doubt, "on %s commands run in a container (%s)", host, machine->container);
}

const char *sb_machine_doubt(const struct sb_machine *machine, const char *host,
                             const struct sb_plan_config *config, struct sb_arena *arena)
{
    struct sb_strbuf doubt = SB_STRBUF_INIT;
    if (config) doubt_size(&doubt, machine, host, config);
    doubt_kind(&doubt, machine, host);
    const char *text = doubt.len ? sb_arena_strdup(arena, doubt.buf) : NULL;
    sb_strbuf_release(&doubt);
    return text;
}

/* ---- load ---- */

const char sb_machine_busy_script[] = "[ -r /proc/stat ] || exit 0\n"
                                      "read -r line </proc/stat; printf '%s\\n' \"$line\"\n"
                                      "sleep 1\n"
                                      "read -r line </proc/stat; printf '%s\\n' \"$line\"\n";

double sb_machine_busy(const char *text, unsigned cpus)
{
    struct sb_cpu_times before, after;
    const char *second = strchr(text, '\n');
    if (!cpus || !second || !sb_cpu_times_parse(text, &before) || !sb_cpu_times_parse(second + 1, &after) ||
        !(after.total > before.total))
        return NAN;
    return (after.busy - before.busy) / (after.total - before.total) * cpus;
}

const char sb_machine_load_script[] =
    "line=\n"
    "if [ -r /proc/loadavg ]; then read -r line </proc/loadavg; "
    "else line=$(sysctl -n vm.loadavg 2>/dev/null | tr -d '{}'); fi\n"
    "printf 'sbstat.load %s\\n' \"$line\"\n"
    "[ ! -r /proc/stat ] || { read -r line </proc/stat; printf 'sbstat.times %s\\n' \"$line\"; }\n";

/* "0.52 0.58 0.59 1/389 26734" */
static void read_averages(double averages[3], const char *text)
{
    double read[3];
    for (size_t i = 0; i < 3; i++) {
        text += strspn(text, " ");
        size_t len = strcspn(text, " ");
        if (!sb_number_parse(text, len, &read[i]) || !(read[i] >= 0)) return;
        text += len;
    }
    memcpy(averages, read, sizeof read);
}

void sb_machine_load_read(struct sb_machine_load *load, const char *text, size_t len)
{
    struct sb_arena arena;
    struct sb_cpu_times times;
    sb_arena_init(&arena);
    *load = (struct sb_machine_load){.averages = {NAN, NAN, NAN}, .steal = NAN};
    const char *averages = value_of(text, len, "load", &arena), *ticks = value_of(text, len, "times", &arena);
    if (averages) read_averages(load->averages, averages);
    if (ticks && sb_cpu_times_parse(ticks, &times)) load->steal = times.steal;
    sb_arena_free(&arena);
}
