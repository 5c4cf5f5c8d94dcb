#include "parsers/command_line.h"

#include "core/alloc.h"
#include "core/text.h"

static struct sb_slice next_word(struct sb_slice *rest)
{
    size_t from = 0, to;
    while (from < rest->len && sb_is_space(rest->s[from]))
        from++;
    for (to = from; to < rest->len && !sb_is_space(rest->s[to]);)
        to++;
    struct sb_slice word = {rest->s + from, to - from};
    *rest = (struct sb_slice){rest->s + to, rest->len - to};
    return word;
}

static struct sb_slice behind(struct sb_slice s, char c)
{
    for (size_t i = s.len; i-- > 0;)
        if (s.s[i] == c) return (struct sb_slice){s.s + i + 1, s.len - i - 1};
    return s;
}

static bool is_command(struct sb_slice word)
{
    return sb_slice_is(word, "run") || sb_slice_is(word, "prepare") || sb_slice_is(word, "cleanup");
}

/* Quotes around a value, and what a shell puts behind a command. */
static struct sb_slice unquoted(struct sb_slice s)
{
    while (s.len && (s.s[0] == '"' || s.s[0] == '\'' || s.s[0] == '`'))
        s.s++, s.len--;
    while (s.len && strchr("\"'`;)", s.s[s.len - 1]))
        s.len--;
    return s;
}

struct sb_slice sb_option_name(struct sb_slice name)
{
    static const struct {
        const char *old, *now;
    } names[] = {
        {"num-threads", "threads"}, {"max-requests", "events"}, {"max-time", "time"}, {"tx-rate", "rate"}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++)
        if (sb_slice_is(name, names[i].old)) return (struct sb_slice){names[i].now, strlen(names[i].now)};
    return name;
}

static void take_test(struct sb_command_line *command, struct sb_slice value)
{
    struct sb_slice name = behind(value, '/');
    if (name.len > 4 && memcmp(name.s + name.len - 4, ".lua", 4) == 0) name.len -= 4;
    command->test = name;
}

static void take_word(struct sb_command_line *command, struct sb_slice word)
{
    struct sb_command_word w = {.value = word};
    if (sb_slice_has_prefix(word, "--")) {
        size_t equals = sb_slice_find(word, "=");
        w.name = (struct sb_slice){word.s + 2, (equals < word.len ? equals : word.len) - 2};
        w.value = equals < word.len ? unquoted((struct sb_slice){word.s + equals + 1, word.len - equals - 1})
                                    : (struct sb_slice){"on", 2};
        if (sb_slice_is(w.name, "test")) take_test(command, w.value);
        command->words[command->nr++] = w;
    } else if (is_command(unquoted(word))) {
        command->command = unquoted(word);
    } else if (!command->test.len && !command->command.len) {
        take_test(command, unquoted(word));
    }
}

bool sb_command_line_read(struct sb_slice line, struct sb_command_line *command)
{
    struct sb_slice rest = line, word;
    memset(command, 0, sizeof *command);
    if (sb_slice_find(line, "sysbench") == line.len) return false;
    do {
        word = next_word(&rest);
        if (!word.len) return false;
    } while (!sb_slice_is(behind(unquoted(word), '/'), "sysbench"));
    for (word = next_word(&rest); word.len && !command->command.len && command->nr < SB_COMMAND_WORDS;
         word = next_word(&rest))
        take_word(command, word);
    return command->command.len > 0 && (command->nr || command->test.len);
}
