/* A machine that can be reached over ssh, measured as it is. */
#include "collect/driver.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>
#include "collect/file_tail.h"
#include "collect/host_load.h"
#include "collect/machine_facts.h"
#include "collect/platform_needs.h"
#include "collect/ssh_argv.h"
#include "collect/ssh_channel.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

static const double look_deadline = 30;  /* s: for connecting before the experiment, and for questions */
static const double sweep_deadline = 60; /* s: for removing what an earlier sbstat left */

struct sb_target {
    struct sb_ssh_channel *ssh;
};

static const struct sb_field fields[] = {
    {.name = "host", .type = SB_FIELD_TEXT, .required = true, .help = "name or address of the machine"},
    {.name = "port", .type = SB_FIELD_COUNT, .help = "port of its ssh server; 22, or what ssh_config says"},
    {.name = "user", .type = SB_FIELD_TEXT, .help = "who to log in as; the name here"},
    {.name = "key",
     .type = SB_FIELD_PATH,
     .help = "file of the private key; ssh's own in ~/.ssh (id_ed25519 ...)"},
    {.name = "agent",
     .type = SB_FIELD_FLAG,
     .fallback = "false",
     .help = "whether your ssh-agent may be asked: for keys with a passphrase"},
    {.name = "known_hosts",
     .type = SB_FIELD_PATH,
     .help =
         "file with the machine's host key; your ~/.ssh/known_hosts and the system's file. An unknown key "
         "is always refused"},
    {.name = "ssh_config",
     .type = SB_FIELD_PATH,
     .help = "file as ~/.ssh/config that knows how to reach host (names, ports, jump hosts); none is read "
             "otherwise"},
    {.name = "work",
     .type = SB_FIELD_TEXT,
     .fallback = "/var/tmp",
     .help = "folder there (~/ is the home folder of user), on the storage to measure; a new folder in it is "
             "used"},
    {.name = "sudo",
     .type = SB_FIELD_FLAG,
     .fallback = "true",
     .help = "whether caches are dropped through sudo -n when the user is not root; without it they are not "
             "dropped"},
    {.name = "program", .type = SB_FIELD_TEXT, .fallback = "ssh", .help = "the ssh program here"},
    {.name = NULL},
};

/* ---- what the plan says ---- */

/* Puts the platform's name before what went wrong. */
static bool fail_with(const struct sb_boot_spec *spec, const struct sb_err *why, struct sb_err *err)
{
    return sb_fail(err, why->code ? why->code : SB_ERR_STEP, "platform %s: %.960s", spec->platform->name,
                   why->msg);
}

static struct sb_ssh_spec ssh_spec(const struct sb_boot_spec *spec, const char *scratch,
                                   struct sb_arena *arena)
{
    const struct sb_plan_platform *platform = spec->platform;
    double port;
    const char *config = sb_plan_option_path(spec->plan, platform, "ssh_config", arena);
    const char *digits = sb_plan_option(platform, "port");
    if (!digits && !config) digits = "22";
    const char *known = sb_plan_option_path(spec->plan, platform, "known_hosts", arena);
    bool readable = digits && sb_number_parse(digits, strlen(digits), &port);
    return (struct sb_ssh_spec){
        .host = sb_plan_option(platform, "host"),
        .port = readable ? (unsigned)port : 0,
        .config = config,
        .user = sb_plan_option(platform, "user"),
        .key = sb_plan_option_path(spec->plan, platform, "key", arena),
        .agent = sb_plan_option_flag(platform, "agent"),
        .machine = true,
        .scratch = scratch,
        .known_hosts = known ? known : "~/.ssh/known_hosts",
        .work = sb_plan_option(platform, "work"),
        .label = sb_arena_printf(arena, "sbstat-%s", spec->experiment ? spec->experiment : "test"),
        .program = sb_plan_option(platform, "program"),
        .console = spec->console,
        .sudo = sb_plan_option_flag(platform, "sudo"),
        .patience = fmax(1, fmin(20, spec->plan->shutdown_timeout)),
        .stop = spec->stop,
    };
}

static bool check_names(const struct sb_boot_spec *spec, const struct sb_ssh_spec *ssh, struct sb_err *err)
{
    const char *work = ssh->work;
    if (sb_plan_option(spec->platform, "port") && !ssh->port)
        return sb_fail(err, SB_ERR_USAGE, "0 is no port (1 to 65535)");
    if (work && work[0] == '~' && work[1] && work[1] != '/')
        return sb_fail(err, SB_ERR_USAGE,
                       "work: only \"~/\", the home folder of \"user:\", is understood, not \"%s\"", work);
    return sb_ssh_check_names(ssh, err);
}

static bool ssh_show_argv(const struct sb_boot_spec *spec, const char *host, struct sb_boot_facts *facts,
                          struct sb_err *err)
{
    const struct sb_ssh_spec ssh = ssh_spec(spec, "$RUN", facts->arena);
    struct sb_err why;
    (void)host;
    if (!check_names(spec, &ssh, &why)) return fail_with(spec, &why, err);
    facts->tool = "ssh";
    facts->argv = sb_ssh_argv(&ssh, facts->arena);
    return true;
}

/* ---- questions ---- */

static bool ask_machine(struct sb_ssh_channel *ssh, struct sb_machine *machine, struct sb_arena *arena,
                        struct sb_err *err)
{
    const char *argv[] = {"sh", "-c", sb_machine_script, NULL};
    struct sb_strbuf said = SB_STRBUF_INIT;
    bool ok = sb_ssh_ask(ssh, argv, look_deadline, &said, err);
    if (ok) sb_machine_read(machine, said.buf, said.len, arena);
    sb_strbuf_release(&said);
    return ok;
}

static bool has_sysbench(const struct sb_machine *machine, const char *host, struct sb_err *err)
{
    if (machine->sysbench) return true;
    return sb_fail(
        err, SB_ERR_STEP,
        "sysbench is not there on %s, or not in the PATH of commands over ssh; install it (package "
        "sysbench)",
        host);
}

/* ---- check ---- */

static bool check_config(const struct sb_ssh_spec *ssh, struct sb_err *err)
{
    if (!ssh->config || access(ssh->config, R_OK) == 0) return true;
    return sb_fail(err, SB_ERR_NO_INPUT, "ssh_config: %s: %s; it must be a file in the form of ~/.ssh/config",
                   ssh->config, strerror(errno));
}

static bool check_files(const struct sb_boot_spec *spec, const struct sb_ssh_spec *ssh, struct sb_err *err)
{
    char *program = sb_find_program(ssh->program);
    bool found = program != NULL;
    free(program);
    if (!found)
        return sb_fail(err, SB_ERR_STEP, "%s is not in PATH; install it (package openssh-client)",
                       ssh->program);
    if (!check_config(ssh, err)) return false;
    if (ssh->key && !sb_ssh_check_key(ssh->key, spec->platform->name, err)) return false;
    if (*ssh->known_hosts == '~' || access(ssh->known_hosts, R_OK) == 0) return true;
    return sb_fail(
        err, SB_ERR_NO_INPUT,
        "known_hosts: %s: %s; the file must hold the machine's host key (ssh-keyscan prints it: compare "
        "the fingerprint)",
        ssh->known_hosts, strerror(errno));
}

static bool check_space(const struct sb_boot_spec *spec, const struct sb_ssh_spec *ssh,
                        const struct sb_machine *machine, struct sb_err *err)
{
    static const double mib = 1024 * 1024;
    double files = sb_platform_file_bytes(spec->plan, spec->platform), need = sb_room_for_files(files);
    if (files <= 0 || isnan(machine->free_bytes) || machine->free_bytes >= need) return true;
    return sb_fail(
        err, SB_ERR_OUTPUT,
        "%s on %s has %.0f MiB free, the tests' files need %.0f MiB; free some, or name another folder "
        "with \"work:\"",
        ssh->work, ssh->host, machine->free_bytes / mib, need / mib);
}

static bool check_quiet(struct sb_ssh_channel *ssh, const char *host, const struct sb_machine *machine,
                        struct sb_err *err)
{
    const char *argv[] = {"sh", "-c", sb_machine_busy_script, NULL};
    struct sb_strbuf said = SB_STRBUF_INIT, how = SB_STRBUF_INIT;
    bool ok = sb_ssh_ask(ssh, argv, look_deadline, &said, err);
    double busy = ok ? sb_machine_busy(said.buf, machine->cpus) : NAN;
    sb_strbuf_addf(&how, "on %s during one second", host);
    if (ok && !isnan(busy)) ok = sb_quiet_enough(busy, machine->cpus, how.buf, err);
    sb_strbuf_release(&said);
    sb_strbuf_release(&how);
    return ok;
}

static bool check_machine(const struct sb_boot_spec *spec, const struct sb_ssh_spec *ssh,
                          struct sb_arena *arena, struct sb_err *err)
{
    struct sb_machine machine;
    if (!check_files(spec, ssh, err)) return false;
    struct sb_ssh_channel *channel = sb_ssh_open(ssh, fmin(look_deadline, spec->deadline), NULL, NULL, err);
    if (!channel) return false;
    bool ok = ask_machine(channel, &machine, arena, err) && has_sysbench(&machine, ssh->host, err) &&
              check_space(spec, ssh, &machine, err) &&
              (spec->allow_busy || check_quiet(channel, ssh->host, &machine, err));
    sb_ssh_close(channel, true);
    return ok;
}

static bool ssh_check(const struct sb_boot_spec *spec, struct sb_err *err)
{
    struct sb_arena arena;
    struct sb_err why = {.code = SB_OK};
    sb_arena_init(&arena);
    const struct sb_ssh_spec ssh = ssh_spec(spec, spec->scratch, &arena);
    bool ok = check_names(spec, &ssh, &why) && check_machine(spec, &ssh, &arena, &why);
    sb_arena_free(&arena);
    return ok || fail_with(spec, &why, err);
}

/* ---- a target ---- */

/* "OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.11" -> "9.2p1"; NULL when it does not say. */
static const char *ssh_version(const struct sb_boot_spec *spec, const char *program, struct sb_arena *arena)
{
    static const char name[] = "OpenSSH_";
    const char *argv[] = {program, "-V", NULL}, *version = NULL;
    const char *file = sb_arena_printf(arena, "%s/ssh.version", spec->scratch);
    struct sb_process_spec process = {.argv = argv, .output = file, .deadline = 10, .stop = spec->stop};
    struct sb_process_result result;
    struct sb_strbuf line = SB_STRBUF_INIT;
    if (sb_process_run(&process, &result, NULL)) sb_file_tail(&line, file, 1);
    if (sb_has_prefix(line.buf, name))
        version = sb_arena_strndup(arena, line.buf + sizeof name - 1,
                                   strcspn(line.buf + sizeof name - 1, " ,\r\n"));
    unlink(file);
    sb_strbuf_release(&line);
    return version;
}

static bool learn_facts(const struct sb_boot_spec *spec, struct sb_ssh_channel *channel, const char *host,
                        struct sb_boot_facts *facts, struct sb_err *err)
{
    struct sb_machine machine;
    if (!ask_machine(channel, &machine, facts->arena, err) || !has_sysbench(&machine, host, err))
        return false;
    facts->kernel = machine.kernel;
    facts->sysbench = machine.sysbench;
    facts->accelerator = sb_machine_accelerator(&machine);
    facts->doubt = sb_machine_doubt(&machine, host, spec->config, facts->arena);
    return true;
}

static struct sb_target *ssh_start(const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                                   struct sb_err *err)
{
    const struct sb_ssh_spec ssh = ssh_spec(spec, spec->scratch, facts->arena);
    struct sb_err why = {.code = SB_OK};
    if (!ssh_show_argv(spec, NULL, facts, err)) return NULL;
    facts->tool_version = ssh_version(spec, ssh.program, facts->arena);
    double begun = sb_monotonic();
    struct sb_ssh_channel *channel = sb_ssh_open(&ssh, spec->deadline, NULL, NULL, &why);
    facts->ready = sb_monotonic() - begun;
    if (!channel || !learn_facts(spec, channel, ssh.host, facts, &why)) {
        sb_ssh_close(channel, true);
        fail_with(spec, &why, err);
        return NULL;
    }
    struct sb_target *target = sb_xcalloc(1, sizeof *target);
    target->ssh = channel;
    return target;
}

static void ssh_exec(struct sb_target *target, const struct sb_exec *exec, struct sb_exec_result *result)
{
    sb_ssh_exec(target->ssh, exec, result);
}

static enum sb_stop_way ssh_stop(struct sb_target *target, bool broken)
{
    (void)broken; /* what did not end is being ended over there, and takes its folder with it */
    sb_ssh_close(target->ssh, true);
    free(target);
    return SB_STOP_CLEAN;
}

/* ---- sweep ---- */

/* In the work folder of this connection; $1: how folders of the experiment begin. Prints how many it removed.
 * Somebody else's folder of that name stays. */
static const char sweep_script[] =
    "own=${PWD##*/}; cd .. || exit 1; removed=0\n"
    "for folder in \"$1\".??????; do\n"
    "[ \"$folder\" != \"$own\" ] && [ -d \"$folder\" ] && [ ! -L \"$folder\" ] && [ -O \"$folder\" ] || "
    "continue\n"
    "tries=5; until rm -rf \"./$folder\" || [ $tries = 0 ]; do tries=$((tries - 1)); sleep 1; done\n"
    "[ -d \"$folder\" ] || removed=$((removed + 1))\n"
    "done; echo $removed\n";

static bool ssh_sweep(const struct sb_boot_spec *spec, size_t *removed, struct sb_err *err)
{
    struct sb_arena arena;
    struct sb_strbuf said = SB_STRBUF_INIT;
    *removed = 0;
    sb_arena_init(&arena);
    const struct sb_ssh_spec ssh = ssh_spec(spec, spec->scratch, &arena);
    const char *argv[] = {"sh", "-c", sweep_script, "sh", ssh.label, NULL};
    struct sb_ssh_channel *channel = sb_ssh_open(&ssh, fmin(look_deadline, spec->deadline), NULL, NULL, err);
    bool ok = channel && sb_ssh_ask(channel, argv, sweep_deadline, &said, err);
    if (ok) *removed = (size_t)strtoul(said.buf, NULL, 10);
    sb_ssh_close(channel, true);
    sb_strbuf_release(&said);
    sb_arena_free(&arena);
    return ok;
}

const struct sb_driver sb_driver_ssh = {
    .name = "ssh",
    .summary = "a machine that can be reached over ssh, as it is",
    .fields = fields,
    .own_kernel = true,
    .remote = true,
    .show_argv = ssh_show_argv,
    .check = ssh_check,
    .start = ssh_start,
    .exec = ssh_exec,
    .stop = ssh_stop,
    .sweep = ssh_sweep,
};
