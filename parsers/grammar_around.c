/*
 * What stands around sysbench's output in transcripts: prompts, typed commands, script(1), code fences. A run
 * with figures does not go on behind such a line; the options of a typed `sysbench ... run` are kept for the
 * run that follows.
 */
#include "parsers/grammar.h"

#include "core/alloc.h"
#include "core/text.h"
#include "parsers/builder.h"
#include "parsers/command_line.h"

static bool is_command(const struct sb_builder *b, const struct sb_match *m)
{
    struct sb_command_line command;
    (void)b;
    return sb_command_line_read(m->line, &command);
}

/* How to reach a database is no property of the work, and its password nobody's business. */
static bool is_private(struct sb_slice name)
{
    return sb_slice_has_prefix(name, "mysql-") || sb_slice_has_prefix(name, "pgsql-");
}

static void take_command(struct sb_builder *b, const struct sb_match *m)
{
    struct sb_command_line command;
    char name[64], text[256];
    if (!sb_command_line_read(m->line, &command) || !sb_slice_is(command.command, "run")) return;
    for (size_t i = 0; i < command.nr; i++) {
        struct sb_slice n = sb_option_name(command.words[i].name), t = command.words[i].value;
        if (!n.len || n.len >= sizeof name || t.len >= sizeof text || sb_slice_is(n, "test") || is_private(n))
            continue;
        snprintf(name, sizeof name, "%.*s", (int)n.len, n.s);
        snprintf(text, sizeof text, "%.*s", (int)t.len, t.s);
        sb_builder_command_option(b, name, text);
    }
    if (command.test.len && command.test.len < sizeof text) {
        snprintf(text, sizeof text, "%.*s", (int)command.test.len, command.test.s);
        sb_builder_command_test(b, text);
    }
}

/* `user@host:~$ ls`, `[root@host ~]# ls` */
static bool is_prompt(const struct sb_builder *b, const struct sb_match *m)
{
    struct sb_slice s = sb_slice_trim(m->line);
    size_t at = s.len && s.s[0] == '[', name = at;
    (void)b;
    while (name < s.len && (sb_is_alnum(s.s[name]) || strchr("._-", s.s[name])))
        name++;
    if (name == at || name >= s.len || s.s[name] != '@') return false;
    size_t host = name + 1;
    while (host < s.len && (sb_is_alnum(s.s[host]) || strchr("._-", s.s[host])))
        host++;
    if (host == name + 1 || host >= s.len || (s.s[host] != ':' && s.s[host] != ' ')) return false;
    for (size_t i = host; i < s.len && i < host + 256; i++)
        if ((s.s[i] == '$' || s.s[i] == '#' || s.s[i] == '%') && (i + 1 == s.len || s.s[i + 1] == ' '))
            return true;
    return false;
}

static const struct sb_rule rules[] = {
    {.name = "typed command",
     .pattern = "%*",
     .flags = SB_RULE_BOUNDARY,
     .accept = is_command,
     .handle = take_command},
    {.name = "code fence", .pattern = "```%*", .flags = SB_RULE_BOUNDARY},
    {.name = "code fence", .pattern = "~~~%*", .flags = SB_RULE_BOUNDARY},
    {.name = "typescript", .pattern = "Script started%*", .flags = SB_RULE_BOUNDARY},
    {.name = "typescript", .pattern = "Script done%*", .flags = SB_RULE_BOUNDARY},
    {.name = "prompt", .pattern = "%*", .flags = SB_RULE_BOUNDARY, .accept = is_prompt},
};

const struct sb_family sb_family_around = {"around", rules, SB_ARRAY_SIZE(rules)};
