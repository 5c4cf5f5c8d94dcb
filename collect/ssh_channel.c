#include "collect/ssh_channel.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <time.h>
#include <unistd.h>
#include "collect/file_tail.h"
#include "collect/process_guardian.h"
#include "collect/ssh_argv.h"
#include "collect/ssh_banner.h"
#include "collect/ssh_script.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

#define MOST_OUTPUT (64L * 1024 * 1024)
#define MOST_ASKED  (64L * 1024)
#define ROOM        4096 /* bytes for our marks, and for what a login shell prints before them */
#define PAUSE       0.2  /* seconds between attempts to connect */
#define FIRST_ASK   30.0 /* seconds for the first command */
#define CLOSE_ASK   20.0 /* seconds for removing the work folder */
#define GRACE       1.0  /* for ssh, which ends at once */

struct sb_ssh_channel {
    struct sb_ssh_spec spec; /* strings in `arena` */
    struct sb_arena arena;
    const char *control, *control_folder; /* the folder, when it is not `scratch` */
    const char *log, *answer,
        *complaint; /* of the connection; of a command: standard output, ssh's messages */
    struct sb_process *master;
    const char *work; /* where commands run; NULL before that is known */
    bool made_base;   /* spec.work was not there */
};

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

/* Moves what ssh itself said to the console. */
static void keep_messages(const struct sb_ssh_channel *channel, const char *path)
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
    const char *const *argv;
    const char *work;
    bool sudo;
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
    sb_ssh_script(&script, q->argv, q->work, q->sudo, q->nonce);
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
    keep_messages(channel, channel->complaint);
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

void sb_ssh_exec(struct sb_ssh_channel *channel, const struct sb_exec *exec, struct sb_exec_result *result)
{
    struct question q = {.argv = exec->argv,
                         .work = channel->work,
                         .sudo = exec->privileged && channel->spec.sudo,
                         .deadline = exec->deadline,
                         .limit = MOST_OUTPUT};
    struct reply reply;
    memset(result, 0, sizeof *result);
    ask(channel, &q, &reply);
    result->outcome = outcome_of(&reply);
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
        sb_fail(err, SB_ERR_STEP, "%s on %s: exit status %d: %s", q->argv[0], channel->spec.host,
                reply.answer.status, said.buf);
    } else {
        char words[80];
        sb_fail(err, SB_ERR_STEP, "%s on %s: %s", q->argv[0], channel->spec.host,
                *outcome == SB_EXEC_LOST ? reply.why : sb_process_words(&reply.end, words, sizeof words));
    }
    sb_strbuf_release(&said);
    free(reply.text);
    return ok;
}

bool sb_ssh_ask(struct sb_ssh_channel *channel, const char *const *argv, double deadline,
                struct sb_strbuf *out, struct sb_err *err)
{
    enum sb_exec_outcome outcome;
    struct question q = {.argv = argv, .work = channel->work, .deadline = deadline};
    return ask_text(channel, &q, out, &outcome, err);
}

/* ---- opening ---- */

enum attempt { CONNECTED, AGAIN, NEVER };

struct waiting {
    double until; /* sb_monotonic() */
    bool (*alive)(void *data);
    void *data;
};

/* What no later attempt will get over. */
static bool is_final(const char *message)
{
    static const char *const finals[] = {"Host key verification failed", "HOST IDENTIFICATION HAS CHANGED",
                                         "Bad configuration option", "Unsupported option"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(finals); i++)
        if (strstr(message, finals[i])) return true;
    return false;
}

static void end_master(struct sb_ssh_channel *channel)
{
    if (!channel->master) return;
    sb_process_end(channel->master, GRACE, NULL);
    sb_process_free(channel->master);
    channel->master = NULL;
    keep_messages(channel, channel->log);
    unlink(channel->control);
}

static enum attempt start_master(struct sb_ssh_channel *channel, double until, struct sb_err *err)
{
    struct sb_process_result end;
    const char *cleanup[] = {"rm", "-rf", "--", channel->control_folder, NULL};
    struct sb_process_spec spec = {.argv =
                                       sb_ssh_words(&channel->spec, channel->control, NULL, &channel->arena),
                                   .output = channel->log,
                                   .cleanup = channel->control_folder ? cleanup : NULL};
    unlink(channel->log);
    channel->master = sb_process_start(&spec, err);
    if (!channel->master) return NEVER;
    do {
        if (access(channel->control, F_OK) == 0) return CONNECTED;
        if (sb_process_wait(channel->master, 0.05, &end)) {
            struct sb_strbuf said = SB_STRBUF_INIT;
            char words[80];
            sb_file_tail(&said, channel->log, 3);
            sb_fail(err, SB_ERR_STEP, "ssh: %s",
                    said.len ? said.buf : sb_process_words(&end, words, sizeof words));
            sb_strbuf_release(&said);
            return is_final(err->msg) ? NEVER : AGAIN;
        }
    } while (sb_monotonic() < until && !(channel->spec.stop && *channel->spec.stop));
    sb_fail(err, SB_ERR_STEP, "ssh did not get through in time");
    return AGAIN;
}

/* Prints whether the folder was made, and the new folder in it. */
static const char make_work[] =
    "[ -d \"$1\" ] && echo there || { mkdir -p \"$1\" && echo made; } && cd \"$1\" && "
    "d=$(mktemp -d \"$2.XXXXXX\") && cd \"$d\" && pwd";

static enum attempt find_work(struct sb_ssh_channel *channel, double until, struct sb_err *err)
{
    const char *base = channel->spec.work ? channel->spec.work : "/var/tmp";
    const char *argv[] = {"sh", "-c", make_work, "sh", base, channel->spec.label, NULL};
    struct question q = {.argv = argv, .work = ".", .deadline = fmin(FIRST_ASK, until - sb_monotonic())};
    struct sb_strbuf said = SB_STRBUF_INIT;
    enum sb_exec_outcome outcome;
    enum attempt attempt = CONNECTED;
    if (q.deadline <= 0) q.deadline = 0.1;
    if (!ask_text(channel, &q, &said, &outcome, err)) {
        attempt = outcome == SB_EXEC_ENDED ? NEVER : AGAIN;
        char why[sizeof err->msg];
        snprintf(why, sizeof why, "%s", err->msg);
        if (attempt == NEVER) sb_fail(err, SB_ERR_STEP, "no work folder can be made in %s: %s", base, why);
    } else {
        channel->made_base = sb_has_prefix(said.buf, "made\n");
        size_t skip = strcspn(said.buf, "\n");
        const char *path = said.buf + skip + (said.buf[skip] == '\n');
        channel->work = sb_arena_strndup(&channel->arena, path, strcspn(path, "\n"));
        if (*channel->work != '/') {
            channel->work = NULL;
            attempt = NEVER;
            sb_fail(err, SB_ERR_STEP, "the shell of %s does not say where its work folder is",
                    channel->spec.host);
        }
    }
    sb_strbuf_release(&said);
    return attempt;
}

static enum attempt try_once(struct sb_ssh_channel *channel, double until, struct sb_err *err)
{
    double left = until - sb_monotonic();
    switch (sb_ssh_banner(channel->spec.host, channel->spec.port,
                          left > 1     ? 1
                          : left > 0.1 ? left
                                       : 0.1,
                          err)) {
    case SB_SSH_BANNER_NEVER: return NEVER;
    case SB_SSH_BANNER_NOT_YET: return AGAIN;
    case SB_SSH_BANNER_YES: break;
    }
    enum attempt attempt = start_master(channel, until, err);
    if (attempt == CONNECTED) attempt = find_work(channel, until, err);
    if (attempt != CONNECTED) end_master(channel);
    return attempt;
}

static bool may_wait(const struct sb_ssh_channel *channel, const struct waiting *waiting, struct sb_err *err)
{
    if (channel->spec.stop && *channel->spec.stop) return sb_fail(err, SB_ERR_STEP, "stopped");
    if (waiting->alive && !waiting->alive(waiting->data))
        return sb_fail(err, SB_ERR_STEP, "what should answer on port %u has ended", channel->spec.port);
    return true;
}

static bool connect_channel(struct sb_ssh_channel *channel, const struct waiting *waiting, struct sb_err *err)
{
    double start = sb_monotonic();
    struct sb_err why = {.code = SB_OK};
    for (;;) {
        if (!may_wait(channel, waiting, err)) return false;
        enum attempt attempt = try_once(channel, waiting->until, &why);
        if (attempt == CONNECTED) return true;
        double now = sb_monotonic();
        if (attempt == NEVER || now >= waiting->until) {
            if (!may_wait(channel, waiting, err)) return false;
            return sb_fail(err, SB_ERR_STEP, "no ssh connection to %s port %u after %.1f s: %s",
                           channel->spec.host, channel->spec.port, now - start, why.msg);
        }
        double nap = fmin(PAUSE, waiting->until - now);
        nanosleep(&(struct timespec){.tv_nsec = (long)(nap * 1e9)}, NULL);
    }
}

struct sb_ssh_channel *sb_ssh_open(const struct sb_ssh_spec *spec, double deadline, bool (*alive)(void *data),
                                   void *data, struct sb_err *err)
{
    if (!sb_ssh_check_names(spec, err)) return NULL;
    struct waiting waiting = {.until = sb_monotonic() + deadline, .alive = alive, .data = data};
    struct sb_ssh_channel *channel = new_channel(spec);
    if (place_control(channel, err) && connect_channel(channel, &waiting, err)) return channel;
    sb_ssh_close(channel, false);
    return NULL;
}

/* ---- the end ---- */

static const char switch_off[] = "poweroff || shutdown -h now || halt -p";

bool sb_ssh_poweroff(struct sb_ssh_channel *channel)
{
    const char *argv[] = {"sh", "-c", switch_off, NULL};
    struct question q = {
        .argv = argv, .work = "/", .sudo = channel->spec.sudo, .deadline = 10, .limit = MOST_ASKED};
    struct reply reply;
    ask(channel, &q, &reply);
    free(reply.text);
    /* A machine that goes down rarely says so. */
    return reply.answer.ended ? reply.answer.status == 0 : reply.answer.begun;
}

static const char remove_all[] = "rm -rf \"$1\" && { [ -z \"$2\" ] || rmdir \"$2\"; }";

static void remove_work_folder(struct sb_ssh_channel *channel)
{
    const char *argv[] = {
        "sh", "-c", remove_all, "sh", channel->work, channel->made_base ? channel->spec.work : "", NULL};
    struct question q = {.argv = argv, .work = ".", .deadline = CLOSE_ASK, .limit = MOST_ASKED};
    struct reply reply;
    channel->spec.stop = NULL; /* tidying up is not what is to be stopped */
    ask(channel, &q, &reply);
    free(reply.text);
}

void sb_ssh_close(struct sb_ssh_channel *channel, bool remove_work)
{
    if (!channel) return;
    if (remove_work && channel->work) remove_work_folder(channel);
    end_master(channel);
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
