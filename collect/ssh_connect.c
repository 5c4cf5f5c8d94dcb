/* How a connection over ssh comes about: attempts until somebody answers, and what to do when nobody does. */
#include "collect/ssh_channel_state.h"

#include <fcntl.h>
#include <math.h>
#include <time.h>
#include <unistd.h>
#include "collect/file_tail.h"
#include "collect/ssh_argv.h"
#include "collect/ssh_banner.h"
#include "core/alloc.h"
#include "core/text.h"

#define PAUSE 0.2 /* seconds between attempts to connect */
#define LONGER_PAUSE                                                                                         \
    2.0                /* seconds between attempts to log in, at most: servers punish who tries too often    \
                        */
#define FIRST_ASK 30.0 /* seconds for the first command */
#define GUEST_TRY 1.0  /* seconds for one attempt to connect: to a guest, on this machine's loopback ... */
#define FAR_TRY   10.0 /* ... and to a machine, which may be far away and have several addresses */
#define GRACE     1.0  /* for ssh, which ends at once */

enum attempt { CONNECTED, AGAIN, REFUSED, NEVER }; /* REFUSED: by ssh, not by the port */

struct waiting {
    double until; /* sb_monotonic() */
    bool (*alive)(void *data);
    void *data;
};

/* ---- what ssh says, and what helps ---- */

struct trouble {
    const char *says;
    bool final;        /* no later attempt will get over it */
    bool machine_only; /* that is so for a machine; a guest may not have come that far */
    const char *for_machine, *for_guest;
};

#define UNKNOWN_NAME                                                                                         \
    "\"host:\", or the HostName and ProxyJump that \"ssh_config:\" has for it, must be known here"

static const struct trouble troubles[] = {
    {.says = "has changed and you have requested strict checking",
     .final = true,
     .for_machine = "is it really this machine? if it was set up anew, take its old key out of the file "
                    "(ssh-keygen -R) and connect once by hand"},
    {.says = "host key is known for",
     .final = true,
     .for_machine =
         "connect once by hand (ssh) and compare the fingerprint, or name the file that has its key "
         "with \"known_hosts:\""},
    {.says = "Host key verification failed", .final = true},
    {.says = "Permission denied",
     .final = true,
     .machine_only = true,
     .for_machine = "\"user:\" and \"key:\" must name who may log in, and the public half of the key must be "
                    "in the machine's ~/.ssh/authorized_keys (ssh-copy-id); a key with a passphrase needs "
                    "\"agent: true\"",
     .for_guest = "\"user:\" and \"key:\" must name who may log in: the public half of the key must be in "
                  "that user's ~/.ssh/authorized_keys in the guest"},
    {.says = "Too many authentication failures",
     .final = true,
     .machine_only = true,
     .for_machine = "name the key with \"key:\"",
     .for_guest = "name the key with \"key:\""},
    {.says = "Bad configuration option",
     .final = true,
     .for_machine = "OpenSSH's ssh of 2017 or later is needed, and \"ssh_config:\" must name a file that it "
                    "understands"},
    {.says = "Unsupported option", .final = true},
    {.says = "accepts connections, but no ssh server answers",
     .for_machine = "is this the port of its ssh server (\"port:\")?",
     .for_guest = "an ssh server must be installed in the guest and start with it"},
    {.says = "closed the connection without a word",
     .for_guest = "an ssh server must be installed in the guest and start with it"},
    {.says = "cannot connect",
     .for_machine = "is it up, and does its ssh server listen on this port (\"port:\")?"},
    {.says = "cannot be found", .for_machine = "\"host:\" must be a name or an address that is known here"},
    {.says = "Name or service not known", .final = true, .for_machine = UNKNOWN_NAME},
    {.says = "nodename nor servname provided", .final = true, .for_machine = UNKNOWN_NAME}, /* macOS, BSDs */
    {.says = "it is not there", .for_machine = "make it there, or name another folder with \"work:\""},
    {.says = "Could not resolve hostname", .for_machine = UNKNOWN_NAME},
    {.says = "Connection closed by UNKNOWN",
     .for_machine = "is the way through the hosts before it open? try ssh -F with the file of "
                    "\"ssh_config:\""},
};

static const struct trouble *find_trouble(const char *message)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(troubles); i++)
        if (strstr(message, troubles[i].says)) return &troubles[i];
    return NULL;
}

static bool is_final(const struct sb_ssh_channel *channel, const char *message)
{
    const struct trouble *trouble = find_trouble(message);
    return trouble && trouble->final && (channel->spec.machine || !trouble->machine_only);
}

static const char *advice(const struct sb_ssh_channel *channel, const char *message)
{
    const struct trouble *trouble = find_trouble(message);
    if (!trouble) return NULL;
    return channel->spec.machine ? trouble->for_machine : trouble->for_guest;
}

/* ---- attempts ---- */

void sb_ssh_disconnect(struct sb_ssh_channel *channel)
{
    if (!channel->master) return;
    sb_process_end(channel->master, GRACE, NULL);
    sb_process_free(channel->master);
    channel->master = NULL;
    sb_ssh_keep_messages(channel, channel->log);
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
            const char *why = said.len ? said.buf : sb_process_words(&end, words, sizeof words);
            sb_fail(err, SB_ERR_STEP, "%s%s", sb_has_prefix(why, "ssh: ") ? "" : "ssh: ", why);
            sb_strbuf_release(&said);
            return is_final(channel, err->msg) ? NEVER : REFUSED;
        }
    } while (sb_monotonic() < until && !(channel->spec.stop && *channel->spec.stop));
    sb_fail(err, SB_ERR_STEP, "ssh did not get through in time");
    return AGAIN;
}

/* Prints whether the folder was made, and the new folder in it. $3: not empty when it must be there already.
 */
static const char make_work[] =
    "if [ -d \"$1\" ]; then echo there; elif [ \"$3\" ]; then printf 'it is not there'; exit 1\n"
    "else mkdir -p \"$1\" && echo made; fi && cd \"$1\" && "
    "d=$(mktemp -d \"$2.XXXXXX\") && cd \"$d\" && pwd";

/* Takes "made\n/var/tmp/sbstat-x.k3J9aB\n", but only a new folder of ours: it will be removed. */
static bool take_work(struct sb_ssh_channel *channel, const char *said)
{
    size_t skip = strcspn(said, "\n");
    const char *path = said + skip + (said[skip] == '\n');
    const char *work = sb_arena_strndup(&channel->arena, path, strcspn(path, "\n"));
    const char *name = strrchr(work, '/');
    if (*work != '/' || !sb_has_prefix(name + 1, channel->spec.label)) return false;
    channel->made_base = NULL;
    if (sb_has_prefix(said, "made\n") && name > work)
        channel->made_base = sb_arena_strndup(&channel->arena, work, (size_t)(name - work));
    channel->work = work;
    return true;
}

static enum attempt find_work(struct sb_ssh_channel *channel, double until, struct sb_err *err)
{
    const char *base = channel->spec.work ? channel->spec.work : "/var/tmp";
    bool at_home = sb_has_prefix(base, "~/") || sb_streq(base, "~"); /* where commands begin */
    const char *below = at_home ? base + 1 + strspn(base + 1, "/") : base;
    const char *argv[] = {"sh",
                          "-c",
                          make_work,
                          "sh",
                          *below ? below : ".",
                          channel->spec.label,
                          channel->spec.machine ? "machine" : "",
                          NULL};
    double deadline = fmax(0.1, fmin(FIRST_ASK, until - sb_monotonic()));
    struct sb_strbuf said = SB_STRBUF_INIT;
    struct sb_err why = {.code = SB_OK};
    enum sb_exec_outcome outcome;
    enum attempt attempt = CONNECTED;
    if (!sb_ssh_ask_in(channel, argv, ".", deadline, &said, &outcome, &why)) {
        attempt = outcome == SB_EXEC_ENDED ? NEVER : REFUSED;
        sb_fail(err, SB_ERR_STEP, "%s%s%s%.900s", attempt == NEVER ? "no work folder can be made in " : "",
                attempt == NEVER ? base : "", attempt == NEVER ? ": " : "", why.msg);
    } else if (!take_work(channel, said.buf)) {
        attempt = NEVER;
        sb_fail(err, SB_ERR_STEP, "the shell of %s does not say where its work folder is",
                channel->spec.host);
    }
    sb_strbuf_release(&said);
    return attempt;
}

static enum attempt try_once(struct sb_ssh_channel *channel, double until, struct sb_err *err)
{
    double most = channel->spec.machine ? FAR_TRY : GUEST_TRY;
    double seconds = fmax(0.1, fmin(most, until - sb_monotonic()));
    enum sb_ssh_banner banner = SB_SSH_BANNER_YES;
    if (!channel->spec.config)
        banner = sb_ssh_banner(channel->spec.host, channel->spec.port, seconds, channel->spec.stop, err);
    if (banner != SB_SSH_BANNER_YES) return banner == SB_SSH_BANNER_NEVER ? NEVER : AGAIN;
    enum attempt attempt = start_master(channel, until, err);
    if (attempt == CONNECTED) attempt = find_work(channel, until, err);
    if (attempt != CONNECTED) sb_ssh_disconnect(channel);
    return attempt;
}

static bool may_wait(const struct sb_ssh_channel *channel, const struct waiting *waiting, struct sb_err *err)
{
    if (channel->spec.stop && *channel->spec.stop) return sb_fail(err, SB_ERR_STEP, "stopped");
    if (waiting->alive && !waiting->alive(waiting->data))
        return sb_fail(err, SB_ERR_STEP, "what should answer on port %u has ended", channel->spec.port);
    return true;
}

static void pause_until(double until, double seconds)
{
    double nap = fmax(0, fmin(seconds, until - sb_monotonic())), whole = floor(nap);
    nanosleep(&(struct timespec){.tv_sec = (time_t)whole, .tv_nsec = (long)((nap - whole) * 1e9)}, NULL);
}

/* The machine or one before it may have said so; ssh does not tell. */
static const char *jump_advice(const struct sb_ssh_channel *channel, const char *why)
{
    static const char *const says[] = {"Permission denied", "Host key verification failed",
                                       "host key is known", "Connection closed"};
    for (size_t i = 0; channel->spec.config && i < SB_ARRAY_SIZE(says); i++)
        if (strstr(why, says[i]))
            return "; for a jump host what \"ssh_config:\" says counts (User, IdentityFile, "
                   "UserKnownHostsFile)";
    return "";
}

static bool give_up(const struct sb_ssh_channel *channel, double start, const char *why, struct sb_err *err)
{
    const char *help = advice(channel, why);
    char port[20] = "";
    if (channel->spec.port) snprintf(port, sizeof port, " port %u", channel->spec.port);
    return sb_fail(err, SB_ERR_STEP, "no ssh connection to %s%s after %.1f s: %.500s%s%s%s",
                   channel->spec.host, port, sb_monotonic() - start, why, help ? "; " : "", help ? help : "",
                   jump_advice(channel, why));
}

bool sb_ssh_connect(struct sb_ssh_channel *channel, double until, bool (*alive)(void *data), void *data,
                    struct sb_err *err)
{
    const struct waiting waiting = {.until = until, .alive = alive, .data = data};
    double start = sb_monotonic();
    struct sb_err why = {.code = SB_OK}, last = why;
    for (unsigned refused = 0;;) {
        if (!may_wait(channel, &waiting, err)) return false;
        enum attempt attempt = try_once(channel, until, &last);
        if (attempt == CONNECTED) return true;
        bool late =
            sb_monotonic() >= until; /* an attempt that was cut short tells less than the one before */
        if (attempt == NEVER || !late || why.code == SB_OK) why = last;
        if (attempt == NEVER || late) {
            if (!may_wait(channel, &waiting, err)) return false;
            return give_up(channel, start, why.msg, err);
        }
        refused = attempt == REFUSED ? refused + 1 : 0;
        pause_until(until, refused ? fmin(LONGER_PAUSE, PAUSE * refused) : PAUSE);
    }
}
