/* Guests of QEMU: the platforms raw and qcow2, which differ in nothing but the disk's format. */
#include "collect/driver.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>
#include "collect/file_tail.h"
#include "collect/firmware.h"
#include "collect/guest_channel.h"
#include "collect/image_disk.h"
#include "collect/qemu_disks.h"
#include "collect/qemu_setup.h"
#include "collect/qmp.h"
#include "collect/sysbench_options.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

static const double qmp_patience = 20;              /* seconds for QEMU's own first answer */
static const off_t console_limit = (off_t)64 << 20; /* bytes that a guest may print on its console */

struct sb_target {
    struct sb_arena arena;
    struct sb_qemu_setup setup;
    struct sb_qemu_files files;
    const char *log; /* QEMU's own standard output and error */
    struct sb_process *process;
    struct sb_process_result ended; /* valid when has_ended */
    bool has_ended, flooded;
    bool busy; /* a command did not end: the agent of job mode reads nothing before it does */
    struct sb_qmp qmp;
    struct sb_guest_channel channel;
    const volatile sig_atomic_t *stop;
    double begun, shutdown;
};

/* ---- how it goes ---- */

/* Whether QEMU runs and its guest behaves; what the waits on its sockets ask. */
static bool target_alive(void *data)
{
    struct sb_target *t = data;
    struct stat st;
    if (t->has_ended || sb_process_wait(t->process, 0, &t->ended)) {
        t->has_ended = true;
        return false;
    }
    t->flooded = stat(t->files.console, &st) == 0 && st.st_size > console_limit;
    return !t->flooded;
}

/* Waits until QEMU has ended by itself. */
static bool await_end(struct sb_target *t, double seconds)
{
    if (!t->has_ended && sb_process_wait(t->process, seconds, &t->ended)) t->has_ended = true;
    return t->has_ended;
}

/* What became of QEMU, with the last line that it printed; false when it just runs. */
static bool describe_end(struct sb_target *t, struct sb_strbuf *out)
{
    char words[100];
    if (t->flooded) sb_strbuf_adds(out, "the guest printed more than 64 MiB on its console");
    if (t->flooded || !await_end(t, 1)) return t->flooded;
    sb_strbuf_addf(out, "QEMU ended (%s)", sb_process_words(&t->ended, words, sizeof words));
    size_t before = out->len;
    sb_strbuf_adds(out, ": ");
    sb_file_tail(out, t->log, 1);
    if (out->len == before + 2) {
        out->buf[before] = '\0';
        out->len = before;
    }
    return true;
}

static struct sb_target *free_target(struct sb_target *t)
{
    sb_guest_channel_close(&t->channel);
    sb_qmp_close(&t->qmp);
    sb_process_free(t->process);
    if (t->setup.copy && t->files.disk) unlink(t->files.disk);
    sb_arena_free(&t->arena);
    free(t);
    return NULL;
}

/* QEMU's own messages go to the console's file too, which is what is kept. */
static void keep_log(struct sb_target *t)
{
    char *text = NULL;
    size_t len;
    struct sb_err err;
    if (!sb_read_file(t->log, 1 << 20, &text, &len, &err)) return;
    FILE *console = len ? fopen(t->files.console, "a") : NULL;
    if (console) {
        fprintf(console, "\n---- QEMU ----\n");
        fwrite(text, 1, len, console);
        fclose(console);
    }
    free(text);
}

/* Ends what runs and makes one message of why, what became of QEMU, and the console's last lines. */
static struct sb_target *give_up(struct sb_target *t, const struct sb_err *why, struct sb_err *err)
{
    struct sb_strbuf end = SB_STRBUF_INIT, console = SB_STRBUF_INIT;
    bool ended = t->process && describe_end(t, &end);
    if (t->process && !t->has_ended) sb_process_end(t->process, SB_PROCESS_GRACE, &t->ended);
    if (t->process) sb_file_tail(&console, t->files.console, 3);
    sb_fail(err, why->code ? why->code : SB_ERR_STEP, "%.400s%s%.300s%s%s", why->msg, ended ? ": " : "",
            end.buf, console.len ? "; the console's last lines: " : "", console.buf);
    if (t->process) keep_log(t);
    sb_strbuf_release(&end);
    sb_strbuf_release(&console);
    return free_target(t);
}

/* ---- starting ---- */

static bool make_disk(struct sb_target *t, const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                      struct sb_err *err)
{
    const struct sb_image *image = &t->setup.image;
    char digits[65];
    uint64_t bytes;
    if (!sb_disk_sha256(image->disk, t->setup.copy, spec->stop, digits, err)) return false;
    facts->image_sha256 = sb_arena_strdup(facts->arena, digits);
    facts->image_is_written = !t->setup.copy;
    t->files.disk = image->disk;
    if (t->setup.copy) {
        t->files.disk = sb_arena_printf(&t->arena, "%s/disk.%s", spec->scratch, image->format);
        if (!sb_disk_copy(image->disk, t->files.disk, spec->stop, err)) return false;
    }
    if (!sb_disk_allocated(t->files.disk, &bytes, err)) return false;
    facts->allocated_bytes = (double)bytes;
    if (!sb_disk_virtual_size(t->files.disk, &bytes, err)) return false;
    facts->virtual_bytes = (double)bytes;
    return true;
}

static bool make_firmware(struct sb_target *t, const struct sb_boot_spec *spec, struct sb_err *err)
{
    if (!sb_qemu_needs_firmware(&t->setup)) return true;
    const char *copy = sb_arena_printf(&t->arena, "%s/firmware.fd", spec->scratch);
    const char *path = sb_qemu_firmware(&t->setup, &t->arena, err);
    if (!path) return false;
    bool flash = strcmp(t->setup.arch, "aarch64") == 0;
    if (flash) path = sb_firmware_fit(path, copy, &t->files.firmware_format, err);
    t->files.firmware = path;
    if (!flash) t->files.firmware_format = sb_disk_format(path, err);
    return path && t->files.firmware_format;
}

/* The command as the manifest shows it: what differs from boot to boot as $RUN. */
static const char *const *shown_argv(const struct sb_target *t, const char *accelerator,
                                     struct sb_arena *arena)
{
    struct sb_qemu_files files = t->files;
    files.run = "$RUN";
    files.console = "$RUN/console";
    if (t->setup.copy) files.disk = sb_arena_printf(arena, "$RUN/disk.%s", t->setup.image.format);
    if (files.firmware && sb_has_suffix(files.firmware, "/firmware.fd")) files.firmware = "$RUN/firmware.fd";
    return sb_qemu_argv(&t->setup, accelerator, &files, arena);
}

static bool launch(struct sb_target *t, const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                   struct sb_strbuf *tried, struct sb_err *err)
{
    const char *accelerator = sb_qemu_accelerator(&t->setup, spec, tried, err);
    if (!accelerator) return false;
    facts->accelerator = accelerator;
    facts->argv = shown_argv(t, accelerator, facts->arena);
    /* Not `stop`: a guest is to be shut down properly also then. */
    const struct sb_process_spec process = {
        .argv = sb_qemu_argv(&t->setup, accelerator, &t->files, &t->arena), .output = t->log};
    t->begun = sb_monotonic();
    t->process = sb_process_start(&process, err);
    return t->process != NULL;
}

/* That the machine is as large as the configuration says: the plan's further arguments may say otherwise. An
 * old QEMU does not tell. */
static bool size_holds(struct sb_target *t, double deadline, struct sb_err *err)
{
    const struct sb_qemu_setup *setup = &t->setup;
    size_t cpus;
    double bytes;
    if (!sb_qmp_cpus(&t->qmp, deadline, &cpus, err) || !sb_qmp_memory(&t->qmp, deadline, &bytes, err))
        return false;
    if (cpus && setup->vcpus && cpus != setup->vcpus)
        return sb_fail(
            err, SB_ERR_STEP,
            "the guest has %zu processors, not %u as vcpus says: \"extra:\" of the plan must not set "
            "them (-smp)",
            cpus, setup->vcpus);
    if (!isnan(bytes) && setup->memory_mib && bytes != setup->memory_mib * 1048576.0)
        return sb_fail(
            err, SB_ERR_STEP,
            "the guest has %.1f MiB of memory, not %u as memory_mib says: \"extra:\" of the plan must "
            "not set it (-m)",
            bytes / 1048576, setup->memory_mib);
    return true;
}

static bool ask_qemu(struct sb_target *t, double deadline, struct sb_boot_facts *facts, struct sb_err *err)
{
    bool kvm;
    const char *path = sb_arena_printf(&t->arena, "%s/qmp", t->files.run);
    double patience = t->begun + qmp_patience < deadline ? t->begun + qmp_patience : deadline;
    t->qmp.wire = (struct sb_wire){.fd = -1, .alive = target_alive, .data = t, .stop = t->stop};
    if (!sb_qmp_open(&t->qmp, path, patience, err)) return false;
    facts->tool = "qemu";
    facts->tool_version = sb_arena_strdup(facts->arena, t->qmp.version);
    if (!sb_qmp_kvm(&t->qmp, patience, &kvm, err)) return false;
    if (!kvm && strcmp(facts->accelerator, "kvm") == 0)
        return sb_fail(err, SB_ERR_STEP, "QEMU was told to use kvm and does not");
    if (kvm) facts->accelerator = "kvm";
    return size_holds(t, patience, err);
}

/* QEMU runs and is as was asked for; what is not goes to facts->doubt. */
static bool start_qemu(struct sb_target *t, const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                       double *deadline, struct sb_err *err)
{
    struct sb_strbuf tried = SB_STRBUF_INIT, doubt = SB_STRBUF_INIT;
    bool ok = launch(t, spec, facts, &tried, err);
    *deadline = t->begun + spec->deadline;
    ok = ok && ask_qemu(t, *deadline, facts, err);
    if (ok) sb_qemu_doubt(&t->setup, facts->accelerator, tried.buf, &doubt);
    facts->doubt = doubt.len ? sb_arena_strdup(facts->arena, doubt.buf) : NULL;
    sb_strbuf_release(&tried);
    sb_strbuf_release(&doubt);
    return ok;
}

static bool open_ssh(struct sb_target *t, const struct sb_boot_spec *spec, double deadline,
                     struct sb_err *err)
{
    unsigned port = t->setup.port;
    if (!port && !sb_qmp_forwarded_port(&t->qmp, deadline, &port, err)) return false;
    const struct sb_ssh_spec ssh = {.host = "127.0.0.1",
                                    .port = port,
                                    .user = t->setup.user,
                                    .key = t->setup.key,
                                    .scratch = spec->scratch,
                                    .work = t->setup.work,
                                    .console = t->log,
                                    .sudo = t->setup.user && strcmp(t->setup.user, "root") != 0,
                                    .patience = fmax(1, fmin(20, t->shutdown)),
                                    .stop = t->stop};
    t->channel.ssh = sb_ssh_open(&ssh, deadline - sb_monotonic(), target_alive, t, err);
    return t->channel.ssh != NULL;
}

static bool open_port(struct sb_target *t, double deadline, struct sb_err *err)
{
    struct sb_strbuf kernel = SB_STRBUF_INIT;
    const char *path = sb_arena_printf(&t->arena, "%s/job", t->files.run);
    t->channel.port =
        sb_guest_port_open(path, deadline - sb_monotonic(), target_alive, t, t->stop, &kernel, err);
    sb_strbuf_release(&kernel);
    return t->channel.port != NULL;
}

/* The first line that a command in the guest prints; false with err when it cannot be run at all. */
static bool ask_guest(struct sb_target *t, const char *const *argv, double deadline, struct sb_strbuf *line,
                      struct sb_err *err)
{
    struct sb_exec_result result;
    const char *file = sb_arena_printf(&t->arena, "%s/answer", t->files.run);
    const struct sb_exec exec = {.argv = argv, .output = file, .deadline = deadline - sb_monotonic()};
    unlink(file);
    sb_guest_channel_exec(&t->channel, &exec, &result);
    if (result.outcome != SB_EXEC_ENDED)
        return sb_fail(err, SB_ERR_STEP, "%s in the guest: %s", argv[0],
                       *result.reason                      ? result.reason
                       : result.outcome == SB_EXEC_STOPPED ? "stopped"
                                                           : "no answer in time");
    sb_file_tail(line, file, 1);
    unlink(file);
    if (result.status == 0) return true;
    return sb_fail(err, SB_ERR_STEP, "%s in the guest: exit status %d: %.200s%s", argv[0], result.status,
                   line->buf, result.status == 127 ? "; install it in the guest" : "");
}

/* Kernel and sysbench of the guest: also the proof that commands run there. */
static bool ask_versions(struct sb_target *t, double deadline, struct sb_boot_facts *facts,
                         struct sb_err *err)
{
    static const char *const kernel[] = {"uname", "-r", NULL};
    static const char *const sysbench[] = {"sysbench", "--version", NULL};
    struct sb_strbuf line = SB_STRBUF_INIT;
    bool ok = ask_guest(t, kernel, deadline, &line, err);
    if (ok) facts->kernel = sb_arena_strdup(facts->arena, line.buf);
    sb_strbuf_clear(&line);
    ok = ok && ask_guest(t, sysbench, deadline, &line, err);
    if (ok) facts->sysbench = sb_sysbench_version(line.buf, facts->arena);
    sb_strbuf_release(&line);
    return ok;
}

static bool bring_up(struct sb_target *t, const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                     struct sb_err *err)
{
    if (!sb_qemu_setup(&t->setup, spec, NULL, true, &t->arena, err)) return false;
    facts->image = sb_plan_option(spec->platform, "image");
    facts->image_format = sb_arena_strdup(facts->arena, t->setup.image.format);
    if (!make_disk(t, spec, facts, err) || !make_firmware(t, spec, err)) return false;
    double deadline;
    if (!start_qemu(t, spec, facts, &deadline, err)) return false;
    if (t->setup.job ? !open_port(t, deadline, err) : !open_ssh(t, spec, deadline, err)) return false;
    facts->ready = sb_monotonic() - t->begun;
    return ask_versions(t, deadline, facts, err);
}

static struct sb_target *start(const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                               struct sb_err *err)
{
    struct sb_target *t = sb_xcalloc(1, sizeof *t);
    struct sb_err why = {.code = SB_OK};
    sb_arena_init(&t->arena);
    t->qmp.wire.fd = -1;
    sb_strbuf_init(&t->qmp.wire.in);
    t->stop = spec->stop;
    t->shutdown = spec->plan->shutdown_timeout;
    t->files.run = sb_arena_strdup(&t->arena, spec->scratch);
    t->files.console = spec->console ? sb_arena_strdup(&t->arena, spec->console)
                                     : sb_arena_printf(&t->arena, "%s/console", spec->scratch);
    t->log = sb_arena_printf(&t->arena, "%s/qemu.log", spec->scratch);
    facts->virtual_bytes = facts->allocated_bytes = facts->ready = NAN;
    return bring_up(t, spec, facts, &why) ? t : give_up(t, &why, err);
}

/* ---- commands ---- */

static void exec_in_guest(struct sb_target *t, const struct sb_exec *exec, struct sb_exec_result *result)
{
    struct sb_strbuf end = SB_STRBUF_INIT;
    sb_guest_channel_exec(&t->channel, exec, result);
    t->busy |= result->outcome != SB_EXEC_ENDED;
    if (result->outcome == SB_EXEC_LOST && describe_end(t, &end))
        snprintf(result->reason, sizeof result->reason, "%s", end.buf);
    sb_strbuf_release(&end);
}

/* ---- stopping ---- */

/* The shares of the shutdown timeout. */
static const double share_clean = 0.6, share_asked = 0.2, share_term = 0.2;
static const double broken_time = 5; /* seconds in all for one that is broken, on a copy of the disk ... */
static const double save_time = 15;  /* ... and on the user's own */

/* The power button (ACPI). */
static bool press_button(struct sb_target *t, double time)
{
    struct sb_err err;
    if (t->qmp.wire.fd < 0 || await_end(t, 0)) return await_end(t, 0);
    struct json_object *answer = sb_qmp_ask(&t->qmp, "system_powerdown", sb_monotonic() + time, &err);
    json_object_put(answer);
    return answer != NULL || await_end(t, 0);
}

/* Commands in the guest, else the button: who logs in may not be allowed to switch it off. */
static bool ask_to_power_off(struct sb_target *t, double time)
{
    if (!sb_guest_channel_is_open(&t->channel)) return false;
    return sb_guest_channel_poweroff(&t->channel) || press_button(t, time);
}

/* A guest that does not do what it is told, on a disk that is kept: the button and the command, since either
 * may be all that it still listens to. The one that may take time, over ssh, comes second. */
static bool save_disk(struct sb_target *t, double time)
{
    bool open = sb_guest_channel_is_open(&t->channel);
    press_button(t, time * share_asked);
    if (open && t->setup.job) sb_guest_channel_poweroff(&t->channel);
    if (await_end(t, time * share_clean / 2)) return true;
    if (open && !t->setup.job) sb_guest_channel_poweroff(&t->channel);
    return await_end(t, time * share_clean / 2);
}

/* Where it would not be heard, a guest on a copy of the disk, which nobody wants back, is not asked. */
static bool ends_cleanly(struct sb_target *t, bool broken, double time)
{
    bool deaf = broken || (t->setup.job && t->busy);
    if (deaf) return !t->setup.copy && save_disk(t, time);
    return ask_to_power_off(t, time * share_asked) && await_end(t, time * share_clean);
}

static enum sb_stop_way stop_steps(struct sb_target *t, bool broken)
{
    double most = !broken ? t->shutdown : t->setup.copy ? broken_time : save_time;
    double time = fmin(most, t->shutdown);
    struct sb_err err;
    if (await_end(t, 0)) return SB_STOP_CLEAN;
    t->qmp.wire.stop = NULL; /* the user's wish to end must not cut this short */
    if (ends_cleanly(t, broken, time)) return SB_STOP_CLEAN;
    if (t->qmp.wire.fd >= 0) {
        json_object_put(sb_qmp_ask(&t->qmp, "quit", sb_monotonic() + time * share_asked / 2, &err));
        if (await_end(t, time * share_asked)) return SB_STOP_ASKED;
    }
    sb_process_end(t->process, time * share_term, &t->ended);
    t->has_ended = true;
    return t->ended.status == 128 + SIGKILL ? SB_STOP_KILL : SB_STOP_TERM;
}

static enum sb_stop_way stop(struct sb_target *t, bool broken)
{
    enum sb_stop_way way = stop_steps(t, broken);
    keep_log(t);
    free_target(t);
    return way;
}

/* ---- rows ---- */

const struct sb_driver sb_driver_raw = {
    .name = "raw",
    .summary = "a QEMU guest on a raw disk",
    .fields = sb_qemu_fields,
    .needs_config = true,
    .own_kernel = true,
    .show_argv = sb_qemu_show_argv,
    .check = sb_qemu_check,
    .start = start,
    .exec = exec_in_guest,
    .stop = stop,
};

const struct sb_driver sb_driver_qcow2 = {
    .name = "qcow2",
    .summary = "a QEMU guest on a qcow2 disk",
    .fields = sb_qemu_fields,
    .needs_config = true,
    .own_kernel = true,
    .show_argv = sb_qemu_show_argv,
    .check = sb_qemu_check,
    .start = start,
    .exec = exec_in_guest,
    .stop = stop,
};
