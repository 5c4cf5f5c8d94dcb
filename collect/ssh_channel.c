#include "collect/ssh_channel_state.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include "collect/file_tail.h"
#include "collect/process_guardian.h"
#include "collect/ssh_argv.h"
#include "collect/ssh_script.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

#define MOST_OUTPUT  (64L * 1024 * 1024)
#define MOST_ASKED   (64L * 1024)
#define ROOM         4096 /* bytes for our marks, and for what a login shell prints before them */
#define PAUSE        0.2  /* seconds that a broken connection may take to be noticed */
#define CLOSE_ASK    20.0 /* seconds for removing the work folder */
#define POWEROFF_ASK 10.0 /* seconds for the command that switches off to be taken */
#define GRACE        1.0  /* for ssh, which ends at once */

/* ---- files ---- */

static const char *copy(struct sb_arena *arena, const char *text)
{
    return text ? sb_arena_strdup(arena, text) : NULL;
}

static bool append_bytes(const char *path, const char *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        bytes += n;
        len -= (size_t)n;
    }
    int error = errno;
    bool closed = close(fd) == 0;
    if (len > 0) errno = error;
    return len == 0 && closed;
}

void sb_ssh_keep_messages(const struct sb_ssh_channel *channel, const char *path)
{
    char *text;
    size_t len;
    if (channel->spec.console && sb_read_file(path, MOST_OUTPUT, &text, &len, NULL)) {
        append_bytes(channel->spec.console, text, len);
        free(text);
    }
    unlink(path);
}

static bool place_control(struct sb_ssh_channel *channel, struct sb_err *err)
{
    channel->control = sb_arena_printf(&channel->arena, "%s/ssh.ctl", channel->spec.scratch);
    if (strlen(channel->control) <= SB_SSH_MOST_CONTROL) return true;
    char *folder = sb_arena_strdup(&channel->arena, "/tmp/sbstat-ssh-XXXXXX"); /* short, whatever TMPDIR is */
    if (!mkdtemp(folder))
        return sb_fail(err, SB_ERR_STEP, "cannot make a folder in /tmp for ssh's control socket: %s",
                       strerror(errno));
    channel->control_folder = folder;
    channel->control = sb_arena_printf(&channel->arena, "%s/ctl", folder);
    return true;
}

static struct sb_ssh_channel *new_channel(const struct sb_ssh_spec *spec)
{
    struct sb_ssh_channel *channel = sb_xcalloc(1, sizeof *channel);
    struct sb_arena *arena = &channel->arena;
    sb_arena_init(arena);
    channel->spec = *spec;
    struct sb_ssh_spec *own = &channel->spec;
    own->host = copy(arena, spec->host);
    own->config = copy(arena, spec->config);
    own->user = copy(arena, spec->user);
    own->key = copy(arena, spec->key);
    own->scratch = copy(arena, spec->scratch);
    own->known_hosts = copy(arena, spec->known_hosts);
    own->work = copy(arena, spec->work);
    own->label = copy(arena, spec->label ? spec->label : "sbstat");
    own->program = copy(arena, spec->program);
    own->console = copy(arena, spec->console);
    channel->log = sb_arena_printf(arena, "%s/ssh.log", spec->scratch);
    channel->answer = sb_arena_printf(arena, "%s/ssh.out", spec->scratch);
    channel->complaint = sb_arena_printf(arena, "%s/ssh.err", spec->scratch);
    return channel;
}

/* ---- one command ---- */

struct reply {
    struct sb_process_result end; /* of ssh */
    struct sb_ssh_answer answer;
    char *text;
    size_t len;
    char why[200]; /* when it could not be asked at all */
};

struct question {
    struct sb_ssh_command command;
    double deadline;
    off_t limit;
    char nonce[SB_SSH_NONCE];
};

/* The end of the answer is there, though ssh goes on: something that the command left holds its output. */
static bool is_answered(const struct sb_ssh_channel *channel, const char *nonce)
{
    char tail[256], mark[SB_SSH_NONCE + 20];
    snprintf(mark, sizeof mark, "sbstat-%s end ", nonce);
    int fd = open(channel->answer, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    off_t size = lseek(fd, 0, SEEK_END);
    off_t from = size > (off_t)sizeof tail - 1 ? size - (off_t)sizeof tail + 1 : 0;
    ssize_t n = pread(fd, tail, sizeof tail - 1, from);
    close(fd);
    for (ssize_t i = 0; i < n; i++)
        if (!tail[i]) tail[i] = ' '; /* so that it is one text */
    tail[n > 0 ? n : 0] = '\0';
    return strstr(tail, mark) != NULL;
}

static void await_answer(const struct sb_ssh_channel *channel, struct sb_process *p, const char *nonce,
                         struct sb_process_result *end)
{
    for (bool answered = false; !sb_process_wait(p, 1, end); answered = is_answered(channel, nonce))
        if (answered) sb_process_end(p, GRACE, end);
}

static bool start_command(struct sb_ssh_channel *channel, struct question *q, struct sb_process **p,
                          struct sb_err *err)
{
    *p = NULL;
    if (!sb_ssh_nonce(q->nonce)) return sb_fail(err, SB_ERR_STEP, "/dev/urandom cannot be read");
    struct sb_strbuf script = SB_STRBUF_INIT;
    sb_ssh_script(&script, &q->command, q->nonce);
    struct sb_arena arena;
    sb_arena_init(&arena);
    int output = sb_fd_high(open(channel->answer, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
    int error = sb_fd_high(open(channel->complaint, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
    struct sb_process_spec spec = {.argv = sb_ssh_words(&channel->spec, channel->control, "exec sh", &arena),
                                   .input = script.buf,
                                   .input_len = script.len,
                                   .hold_input = true,
                                   .deadline = q->deadline,
                                   .stop = channel->spec.stop};
    if (script.len > 64 * 1024)
        sb_fail(err, SB_ERR_STEP, "the command is longer than 64 KiB");
    else if (output < 0 || error < 0)
        sb_fail(err, SB_ERR_STEP, "cannot write %s", channel->spec.scratch);
    else
        *p = sb_process_start_into(&spec, output, error, q->limit + ROOM, err);
    sb_fd_close(&output);
    sb_fd_close(&error);
    sb_arena_free(&arena);
    sb_strbuf_release(&script);
    return *p != NULL;
}

/* Why ssh ended without an answer. */
static void explain(struct sb_ssh_channel *channel, struct reply *reply)
{
    struct sb_strbuf line = SB_STRBUF_INIT;
    struct sb_process_result end;
    char words[80];
    if (reply->answer.no_folder) {
        sb_strbuf_addf(&line, "its work folder cannot be entered");
    } else if (channel->master && sb_process_wait(channel->master, PAUSE, &end)) {
        sb_file_tail(&line, channel->log, 1);
        if (!line.len)
            sb_strbuf_addf(&line, "ssh ended with %s", sb_process_words(&end, words, sizeof words));
    } else {
        sb_file_tail(&line, channel->complaint, 1);
        if (!line.len)
            sb_strbuf_addf(&line, "ssh ended with %s before the command's status came",
                           sb_process_words(&reply->end, words, sizeof words));
    }
    snprintf(reply->why, sizeof reply->why, "%s", line.buf);
    sb_strbuf_release(&line);
}

static void ask(struct sb_ssh_channel *channel, struct question *q, struct reply *reply)
{
    struct sb_process *p;
    struct sb_err err = {.code = SB_OK};
    memset(reply, 0, sizeof *reply);
    reply->end.outcome = SB_PROCESS_EXITED;
    if (!start_command(channel, q, &p, &err)) {
        snprintf(reply->why, sizeof reply->why, "%.*s", (int)sizeof reply->why - 1, err.msg);
        return;
    }
    await_answer(channel, p, q->nonce, &reply->end);
    sb_process_free(p);
    /* A flood has outrun the limit a little before it was seen. */
    if (sb_read_file(channel->answer, SIZE_MAX / 2, &reply->text, &reply->len, &err))
        sb_ssh_answer_read(&reply->answer, reply->text, reply->len, q->nonce);
    else
        snprintf(reply->why, sizeof reply->why, "%.*s", (int)sizeof reply->why - 1, err.msg);
    size_t len = reply->answer.to - reply->answer.from;
    if (len > (size_t)q->limit) {
        reply->answer.to = reply->answer.from + (size_t)q->limit;
        reply->answer.ended = false;
        reply->end.outcome = SB_PROCESS_FLOOD;
    }
    if (!reply->answer.ended && !*reply->why) explain(channel, reply);
    unlink(channel->answer);
    sb_ssh_keep_messages(channel, channel->complaint);
}

static enum sb_exec_outcome outcome_of(const struct reply *reply)
{
    static const enum sb_exec_outcome outcomes[] = {
        [SB_PROCESS_EXITED] = SB_EXEC_LOST,     [SB_PROCESS_SIGNALED] = SB_EXEC_LOST,
        [SB_PROCESS_TIMEOUT] = SB_EXEC_TIMEOUT, [SB_PROCESS_FLOOD] = SB_EXEC_FLOOD,
        [SB_PROCESS_STOPPED] = SB_EXEC_STOPPED, [SB_PROCESS_RUNNING] = SB_EXEC_LOST,
    };
    return reply->answer.ended ? SB_EXEC_ENDED : outcomes[reply->end.outcome];
}

/* A command in the work folder, which goes with it when it does not end. */
static struct sb_ssh_command in_work(const struct sb_ssh_channel *channel, const char *const *argv)
{
    return (struct sb_ssh_command){
        .argv = argv, .work = channel->work, .base = channel->made_base, .own_work = true};
}

void sb_ssh_exec(struct sb_ssh_channel *channel, const struct sb_exec *exec, struct sb_exec_result *result)
{
    struct question q = {
        .command = in_work(channel, exec->argv), .deadline = exec->deadline, .limit = MOST_OUTPUT};
    q.command.sudo = exec->privileged && channel->spec.sudo;
    struct reply reply;
    memset(result, 0, sizeof *result);
    ask(channel, &q, &reply);
    result->outcome = outcome_of(&reply);
    if (reply.answer.begun && !reply.answer.ended) channel->broken = true;
    result->status = result->outcome == SB_EXEC_ENDED ? reply.answer.status : -1;
    bool measured = reply.answer.ended && isfinite(reply.answer.wall);
    result->wall = measured ? reply.answer.wall : reply.end.wall;
    if (result->outcome == SB_EXEC_LOST) snprintf(result->reason, sizeof result->reason, "%s", reply.why);
    size_t len = reply.answer.to - reply.answer.from;
    if (exec->output && !append_bytes(exec->output, len ? reply.text + reply.answer.from : "", len)) {
        result->outcome = SB_EXEC_LOST;
        snprintf(result->reason, sizeof result->reason, "its output cannot be written: %s", strerror(errno));
    }
    free(reply.text);
}

static bool ask_text(struct sb_ssh_channel *channel, struct question *q, struct sb_strbuf *out,
                     enum sb_exec_outcome *outcome, struct sb_err *err)
{
    struct reply reply;
    q->limit = MOST_ASKED;
    ask(channel, q, &reply);
    *outcome = outcome_of(&reply);
    size_t len = reply.answer.to - reply.answer.from;
    bool ok = *outcome == SB_EXEC_ENDED && reply.answer.status == 0;
    struct sb_strbuf said = SB_STRBUF_INIT;
    if (ok) {
        sb_strbuf_add(out, reply.text + reply.answer.from, len);
    } else if (*outcome == SB_EXEC_ENDED) {
        sb_text_visible(&said, reply.text + reply.answer.from, len < 300 ? len : 300, false);
        sb_fail(err, SB_ERR_STEP, "%s on %s: exit status %d: %s", q->command.argv[0], channel->spec.host,
                reply.answer.status, said.buf);
    } else {
        char words[80];
        sb_fail(err, SB_ERR_STEP, "%s on %s: %s", q->command.argv[0], channel->spec.host,
                *outcome == SB_EXEC_LOST ? reply.why : sb_process_words(&reply.end, words, sizeof words));
    }
    sb_strbuf_release(&said);
    free(reply.text);
    return ok;
}

bool sb_ssh_ask_in(struct sb_ssh_channel *channel, const char *const *argv, const char *work, double deadline,
                   struct sb_strbuf *out, enum sb_exec_outcome *outcome, struct sb_err *err)
{
    struct question q = {.command = {.argv = argv, .work = work}, .deadline = deadline};
    return ask_text(channel, &q, out, outcome, err);
}

bool sb_ssh_ask(struct sb_ssh_channel *channel, const char *const *argv, double deadline,
                struct sb_strbuf *out, struct sb_err *err)
{
    enum sb_exec_outcome outcome;
    struct question q = {.command = in_work(channel, argv), .deadline = deadline};
    return ask_text(channel, &q, out, &outcome, err);
}

/* ---- opening ---- */

/* A command that never ends: when we are gone it is ended, and takes the work folder with it, also when no
 * other command runs then. Without it the folder stays until it is swept. */
static void start_keeper(struct sb_ssh_channel *channel)
{
    static const char *const argv[] = {"sleep", "2000000", NULL};
    const struct sb_ssh_command command = in_work(channel, argv);
    char nonce[SB_SSH_NONCE];
    struct sb_strbuf script = SB_STRBUF_INIT;
    if (!sb_ssh_nonce(nonce)) return;
    sb_ssh_script(&script, &command, nonce);
    const struct sb_process_spec spec = {
        .argv = sb_ssh_words(&channel->spec, channel->control, "exec sh", &channel->arena),
        .input = script.buf,
        .input_len = script.len,
        .hold_input = true};
    channel->keeper = sb_process_start(&spec, NULL);
    sb_strbuf_release(&script);
}

struct sb_ssh_channel *sb_ssh_open(const struct sb_ssh_spec *spec, double deadline, bool (*alive)(void *data),
                                   void *data, struct sb_err *err)
{
    if (!sb_ssh_check_names(spec, err)) return NULL;
    double until = sb_monotonic() + deadline;
    struct sb_ssh_channel *channel = new_channel(spec);
    if (place_control(channel, err) && sb_ssh_connect(channel, until, alive, data, err)) {
        if (spec->machine) start_keeper(channel);
        return channel;
    }
    sb_ssh_close(channel, false);
    return NULL;
}

/* ---- the end ---- */

/* The disk may be one of the user's own: nothing of ours stays on it, also where only switching off is
 * forbidden. $1: the folder; $2: "sudo" where root is to be had through it. */
static const char switch_off[] = "be=; [ -z \"$2\" ] || [ \"$(id -u)\" = 0 ] || be='sudo -n'\n"
                                 "rm -rf \"$1\" || $be rm -rf \"$1\"\n"
                                 "$be poweroff || $be shutdown -h now || $be halt -p";

bool sb_ssh_poweroff(struct sb_ssh_channel *channel)
{
    const char *argv[] = {"sh", "-c", switch_off, "sh", channel->work, channel->spec.sudo ? "sudo" : "",
                          NULL};
    double patience = channel->spec.patience > 0 ? fmin(POWEROFF_ASK, channel->spec.patience) : POWEROFF_ASK;
    struct question q = {.command = {.argv = argv, .work = "/"}, .deadline = patience, .limit = MOST_ASKED};
    struct reply reply;
    channel->spec.stop = NULL; /* who wants to end wants the guest shut down properly */
    ask(channel, &q, &reply);
    free(reply.text);
    /* A machine that goes down rarely says so. */
    return reply.answer.ended ? reply.answer.status == 0 : reply.answer.begun;
}

/* $1: the folder; $2: the folder that was made for it, or ""; $3: seconds to wait for who is removing it.
 * What still ends may write meanwhile. */
static const char remove_all[] =
    "n=$3; while [ -d \"$1\" ] && [ \"$n\" -gt 0 ]; do n=$((n - 1)); sleep 1; done\n"
    "n=3; until rm -rf \"$1\" || [ \"$n\" = 0 ]; do n=$((n - 1)); sleep 1; done\n"
    "[ -z \"$2\" ] || [ ! -d \"$2\" ] || rmdir \"$2\"";

static void remove_work_folder(struct sb_ssh_channel *channel)
{
    const char *argv[] = {"sh",
                          "-c",
                          remove_all,
                          "sh",
                          channel->work,
                          channel->made_base ? channel->made_base : "",
                          channel->broken ? "4" : "0",
                          NULL};
    double patience = channel->spec.patience > 0 ? channel->spec.patience : CLOSE_ASK;
    struct question q = {.command = {.argv = argv, .work = "."}, .deadline = patience, .limit = MOST_ASKED};
    struct reply reply;
    channel->spec.stop = NULL; /* tidying up is not what is to be stopped */
    ask(channel, &q, &reply);
    free(reply.text);
}

void sb_ssh_close(struct sb_ssh_channel *channel, bool remove_work)
{
    if (!channel) return;
    if (remove_work && channel->work) remove_work_folder(channel);
    if (channel->keeper) sb_process_end(channel->keeper, GRACE, NULL);
    sb_process_free(channel->keeper);
    sb_ssh_disconnect(channel);
    if (channel->control_folder) rmdir(channel->control_folder);
    if (!channel->spec.known_hosts) {
        struct sb_strbuf path = SB_STRBUF_INIT;
        sb_strbuf_addf(&path, "%s/known_hosts", channel->spec.scratch);
        unlink(path.buf);
        sb_strbuf_release(&path);
    }
    sb_arena_free(&channel->arena);
    free(channel);
}

const char *sb_ssh_work(const struct sb_ssh_channel *channel)
{
    return channel->work;
}

const char *const *sb_ssh_argv(const struct sb_ssh_spec *spec, struct sb_arena *arena)
{
    return sb_ssh_words(spec, sb_arena_printf(arena, "%s/ssh.ctl", spec->scratch), NULL, arena);
}
