#include "collect/ssh_argv.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/text.h"

/* No configuration but this, and the file that was named: an experiment must not depend on what somebody's
 * ~/.ssh/config happens to say. What stands here counts before what stands in a file. */
static const char *const fixed[] = {
    "-T",
    "-a",
    "-x",
    "-o",
    "BatchMode=yes",
    "-o",
    "PreferredAuthentications=publickey",
    "-o",
    "Compression=no",
    "-o",
    "EscapeChar=none",
    "-o",
    "LogLevel=ERROR",
    "-o",
    "UpdateHostKeys=no",
    "-o",
    "ConnectTimeout=10",
    "-o",
    "ServerAliveInterval=15",
    "-o",
    "ServerAliveCountMax=4",
};

enum { SB_SSH_MOST_WORDS = SB_ARRAY_SIZE(fixed) + 40 };

struct words {
    const char **v;
    size_t nr;
};

static void add(struct words *words, const char *word)
{
    words->v[words->nr++] = word;
    words->v[words->nr] = NULL;
}

static void add_option(struct words *words, const char *option)
{
    add(words, "-o");
    add(words, option);
}

/* A file's own commands and forwardings are not for us. */
static void add_config(struct words *words, const struct sb_ssh_spec *spec)
{
    add(words, "-F");
    add(words, spec->config ? spec->config : "/dev/null");
    if (!spec->config) return;
    add_option(words, "RemoteCommand=none");
    add_option(words, "PermitLocalCommand=no");
    add_option(words, "ClearAllForwardings=yes");
}

/* Only the key that was named, or ssh's own default files, unless the agent is asked for. */
static void add_identity(struct words *words, const struct sb_ssh_spec *spec)
{
    if (!spec->agent) {
        add_option(words, "IdentitiesOnly=yes");
        add_option(words, "IdentityAgent=none");
    } else if (spec->key) {
        add_option(words, "IdentitiesOnly=yes");
    }
}

/* As ssh reads a path in an option: % begins a token, and blanks separate paths unless quoted. */
static const char *as_path(const char *path, bool list, struct sb_arena *arena)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    if (list) sb_strbuf_addc(&text, '"');
    for (; *path; path++)
        sb_strbuf_adds(&text, *path == '%' ? "%%" : (const char[]){*path, '\0'});
    if (list) sb_strbuf_addc(&text, '"');
    const char *copy = sb_arena_strdup(arena, text.buf);
    sb_strbuf_release(&text);
    return copy;
}

static void add_known_hosts(struct words *words, const struct sb_ssh_spec *spec, struct sb_arena *arena)
{
    const char *own = sb_arena_printf(arena, "%s/known_hosts", spec->scratch);
    const char *path = as_path(spec->known_hosts ? spec->known_hosts : own, true, arena);
    add_option(words, sb_arena_printf(arena, "UserKnownHostsFile=%s", path));
    add_option(words, spec->known_hosts ? "StrictHostKeyChecking=yes" : "StrictHostKeyChecking=accept-new");
    if (!spec->known_hosts) add_option(words, "GlobalKnownHostsFile=/dev/null"); /* a guest's key is new */
}

const char *const *sb_ssh_words(const struct sb_ssh_spec *spec, const char *control, const char *last,
                                struct sb_arena *arena)
{
    struct words words = {.v = sb_arena_calloc(arena, SB_SSH_MOST_WORDS, sizeof *words.v)};
    add(&words, spec->program ? spec->program : "ssh");
    add_config(&words, spec);
    for (size_t i = 0; i < SB_ARRAY_SIZE(fixed); i++)
        add(&words, fixed[i]);
    add_identity(&words, spec);
    add_known_hosts(&words, spec, arena);
    if (spec->key) {
        add(&words, "-i");
        add(&words, as_path(spec->key, false, arena));
    }
    add_option(&words, sb_arena_printf(arena, "ControlPath=%s", as_path(control, true, arena)));
    if (last) {
        add_option(&words, "ControlMaster=no");
        add_option(&words, "ProxyCommand=exit 255"); /* the shared connection is gone: do not make another */
    } else {
        add_option(&words, "ControlMaster=yes");
        add_option(&words, "ControlPersist=no");
        add(&words, "-N");
    }
    if (spec->port) {
        add(&words, "-p");
        add(&words, sb_arena_printf(arena, "%u", spec->port));
    }
    if (spec->user) {
        add(&words, "-l");
        add(&words, spec->user);
    }
    add(&words, "--");
    add(&words, spec->host);
    if (last) add(&words, last);
    return words.v;
}

static bool is_name(const char *text, const char *more)
{
    if (*text == '-' || !*text || strlen(text) > 255) return false;
    for (; *text; text++)
        if (!sb_is_alnum(*text) && !strchr(more, *text)) return false;
    return true;
}

bool sb_ssh_check_names(const struct sb_ssh_spec *spec, struct sb_err *err)
{
    const char *at = strchr(spec->host, '@');
    if (at && is_name(at + 1, ".-_:%"))
        return sb_fail(err, SB_ERR_USAGE, "\"%s\" is no host's name or address: the user goes into \"user:\"",
                       spec->host);
    if (!is_name(spec->host, ".-_:%"))
        return sb_fail(err, SB_ERR_USAGE, "\"%s\" is no host's name or address", spec->host);
    if (spec->user && !is_name(spec->user, "._-@+\\"))
        return sb_fail(err, SB_ERR_USAGE, "\"%s\" is no user's name", spec->user);
    if ((spec->port < 1 && !spec->config) || spec->port > 65535)
        return sb_fail(err, SB_ERR_USAGE, "%u is no port (1 to 65535)", spec->port);
    return true;
}

bool sb_ssh_check_key_is_not_public(const char *key, enum sb_err_code code, struct sb_err *err)
{
    char head[16] = "";
    FILE *file = fopen(key, "r");
    if (file && !fgets(head, sizeof head, file)) head[0] = '\0';
    if (file) fclose(file);
    if (!sb_has_prefix(head, "ssh-") && !sb_has_prefix(head, "ecdsa-") && !sb_has_prefix(head, "sk-"))
        return true;
    return sb_fail(err, code,
                   "%s is a public key; the private one is needed, mostly the same name without .pub", key);
}

bool sb_ssh_check_key(const char *key, const char *platform, struct sb_err *err)
{
    struct stat st;
    if (stat(key, &st) != 0 || access(key, R_OK) != 0)
        return sb_fail(err, SB_ERR_NO_INPUT, "%s: the key of platform %s cannot be read: %s", key, platform,
                       strerror(errno));
    if (S_ISREG(st.st_mode) && !sb_ssh_check_key_is_not_public(key, SB_ERR_USAGE, err)) return false;
    if (st.st_mode & 077)
        return sb_fail(err, SB_ERR_USAGE,
                       "%s: others can read this key, so ssh will not use it: chmod 600 it", key);
    return true;
}
