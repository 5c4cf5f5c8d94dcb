#include "collect/ssh_script.h"

#include <fcntl.h>
#include <math.h>
#include <unistd.h>
#include "collect/plan_words.h"
#include "core/text.h"
#include "io/number.h"

bool sb_ssh_nonce(char nonce[SB_SSH_NONCE])
{
    unsigned char bytes[(SB_SSH_NONCE - 1) / 2];
    int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, bytes, sizeof bytes) : -1;
    if (fd >= 0) close(fd);
    if (n != (ssize_t)sizeof bytes) return false;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(nonce + 2 * i, 3, "%02x", bytes[i]);
    return true;
}

/* ---- the script ---- */

/*
 * One compound command, so that the shell has read all of it before anything runs and nobody else reads it.
 * The command leads a group of its own where setsid is there; the background part, the watcher, reads our
 * end of standard input and ends the group when that closes. Then it also leaves a mark in the work folder,
 * and who waited for the command removes that folder: nobody else will. Messages of kill and wait go nowhere:
 * what is to be ended may have ended, and there may be nobody to say it to.
 */
static const char script_start[] = "{\n"
                                   "exec 3<&0 </dev/null\n"
                                   "PATH=$PATH:/usr/local/bin:/opt/homebrew/bin:/usr/sbin:/sbin\n"
                                   "group=; lead=; be=; mark=\n"
                                   "command -v setsid >/dev/null 2>&1 && { lead=setsid; group=-; }\n"
                                   "now() { at=-; [ -r /proc/uptime ] && read -r at _ </proc/uptime; }\n";

/* The shell's own kill: programs of that name differ in how they take a group. */
static const char own_end[] = "end() { kill \"-$1\" \"$group$pid\"; }\n";
static const char root_end[] = "end() { $be sh -c \"kill -$1 $group$pid\"; }\n"
                               "[ \"$(id -u)\" = 0 ] || be='sudo -n'\n";

static const char script_end[] = "pid=$!\n"
                                 "(\n"
                                 "while read -r _; do :; done <&3\n"
                                 "[ -z \"$mark\" ] || (: >\"$mark\")\n"
                                 "end TERM\n"
                                 "sleep 2\n"
                                 "end KILL\n"
                                 ") >/dev/null 2>&1 &\n"
                                 "watcher=$!\n"
                                 "trap '' PIPE\n"
                                 "{\n"
                                 "wait \"$pid\"\n"
                                 "status=$?\n"
                                 "now\n"
                                 "kill -KILL \"$watcher\"\n"
                                 "[ -z \"$group\" ] || end KILL\n"
                                 "[ -z \"$mark\" ] || [ ! -e \"$mark\" ] || remove\n"
                                 "} >/dev/null 2>&1\n";

/* A word that is no option for cd, rm or rmdir. */
static void add_path(struct sb_strbuf *out, const char *path)
{
    if (*path == '-') sb_strbuf_adds(out, "./");
    sb_word_quote(out, path);
}

static void add_removal(struct sb_strbuf *out, const struct sb_ssh_command *command)
{
    sb_strbuf_adds(out, "mark=$PWD/.sbstat-left\nremove() {\ncd /\nfor _ in 1 2 3 4; do rm -rf ");
    add_path(out, command->work);
    sb_strbuf_adds(out, " && break; sleep 1; done"); /* another command may still write there */
    if (command->base) {
        sb_strbuf_adds(out, "\nrmdir ");
        add_path(out, command->base);
    }
    sb_strbuf_adds(out, "\n}\n");
}

void sb_ssh_script(struct sb_strbuf *out, const struct sb_ssh_command *command, const char *nonce)
{
    sb_strbuf_adds(out, script_start);
    sb_strbuf_adds(out, command->sudo ? root_end : own_end);
    sb_strbuf_adds(out, "cd ");
    add_path(out, command->work);
    sb_strbuf_addf(out, " || { printf 'sbstat-%s folder\\n'; exit 1; }\n", nonce);
    if (command->own_work) add_removal(out, command);
    sb_strbuf_addf(out, "printf 'sbstat-%s begin\\n'\nnow\nfrom=$at\n$lead $be", nonce);
    for (const char *const *word = command->argv; *word; word++) {
        sb_strbuf_addc(out, ' ');
        sb_word_quote(out, *word);
    }
    sb_strbuf_addf(out,
                   " 2>&1 3<&- &\n%sprintf 'sbstat-%s end %%s %%s %%s\\n' \"$status\" \"$from\" \"$at\"\n",
                   script_end, nonce);
    sb_strbuf_adds(out, "exit 0\n}\n");
}

/* ---- the answer ---- */

static const char *find_first(const char *text, size_t len, const char *what, size_t n)
{
    for (const char *at = text; len >= n && (at = memchr(at, what[0], len - (size_t)(at - text) - n + 1));
         at++)
        if (memcmp(at, what, n) == 0)
            return at;
        else if ((size_t)(at - text) + n >= len)
            break;
    return NULL;
}

static const char *find_last(const char *text, size_t len, const char *what, size_t n)
{
    for (size_t i = len >= n ? len - n + 1 : 0; i-- > 0;)
        if (text[i] == what[0] && memcmp(text + i, what, n) == 0) return text + i;
    return NULL;
}

/* The number before `stop`, and moves *at behind that. */
static bool take_number(const char **at, const char *end, char stop, double *value)
{
    const char *close = memchr(*at, stop, (size_t)(end - *at));
    if (!close) return false;
    size_t len = (size_t)(close - *at);
    *value = NAN;
    bool ok = (len == 1 && **at == '-') || sb_number_parse(*at, len, value);
    *at = close + 1;
    return ok;
}

static bool read_end(struct sb_ssh_answer *answer, const char *at, const char *end)
{
    double status, from, to;
    if (!take_number(&at, end, ' ', &status) || !take_number(&at, end, ' ', &from) ||
        !take_number(&at, end, '\n', &to))
        return false;
    if (!(status >= 0 && status <= 255) || status != floor(status)) return false;
    answer->status = (int)status;
    answer->wall = to >= from ? to - from : NAN;
    return true;
}

void sb_ssh_answer_read(struct sb_ssh_answer *answer, const char *text, size_t len, const char *nonce)
{
    char mark[SB_SSH_NONCE + 20];
    *answer = (struct sb_ssh_answer){.wall = NAN};
    size_t n = (size_t)snprintf(mark, sizeof mark, "sbstat-%s folder\n", nonce);
    answer->no_folder = find_first(text, len, mark, n) != NULL;
    n = (size_t)snprintf(mark, sizeof mark, "sbstat-%s begin\n", nonce);
    const char *begin = find_first(text, len, mark, n);
    if (!begin) return;
    answer->begun = true;
    answer->from = (size_t)(begin - text) + n;
    answer->to = len;
    n = (size_t)snprintf(mark, sizeof mark, "sbstat-%s end ", nonce);
    const char *end = find_last(text + answer->from, len - answer->from, mark, n);
    if (!end || !read_end(answer, end + n, text + len)) return;
    answer->ended = true;
    answer->to = (size_t)(end - text);
}
