#include "collect/plan_words.h"

#include <string.h>
#include "core/alloc.h"
#include "core/text.h"

/* What a shell acts on when it stands outside quotes. */
static const char special[] = "|&;<>()$`";

struct splitter {
    const char *at;
    struct sb_strbuf word;
    const char *problem;
};

static void take_single_quoted(struct splitter *s)
{
    const char *end = strchr(++s->at, '\'');
    if (!end) {
        s->problem = "a ' is not closed";
        return;
    }
    sb_strbuf_add(&s->word, s->at, (size_t)(end - s->at));
    s->at = end + 1;
}

static void take_double_quoted(struct splitter *s)
{
    for (s->at++; *s->at && *s->at != '"'; s->at++) {
        if (*s->at == '$' || *s->at == '`') {
            s->problem =
                "\"$\" and \"`\" are not replaced by anything: no shell reads this; put it into '...'";
            return;
        }
        if (*s->at == '\\' && s->at[1] && strchr("\"\\$`", s->at[1])) s->at++;
        sb_strbuf_addc(&s->word, *s->at);
    }
    if (!*s->at)
        s->problem = "a \" is not closed";
    else
        s->at++;
}

static void take_plain(struct splitter *s)
{
    if (strchr(special, *s->at)) {
        s->problem =
            "no shell reads this, so | & ; < > ( ) $ and ` do nothing; put them into '...' when they "
            "are meant as text";
        return;
    }
    if (*s->at == '\\') s->at++;
    if (*s->at)
        sb_strbuf_addc(&s->word, *s->at++);
    else
        s->problem = "a \\ at the end quotes nothing";
}

static void take_word(struct splitter *s)
{
    sb_strbuf_clear(&s->word);
    while (*s->at && !sb_is_space(*s->at) && !s->problem) {
        if (*s->at == '\'')
            take_single_quoted(s);
        else if (*s->at == '"')
            take_double_quoted(s);
        else
            take_plain(s);
    }
}

const char *const *sb_words_split(const char *text, struct sb_arena *arena, size_t *nr, const char **problem)
{
    struct splitter s = {.at = text, .word = SB_STRBUF_INIT};
    const char **words = sb_arena_calloc(arena, strlen(text) / 2 + 2, sizeof *words);
    *nr = 0;
    while (!s.problem) {
        while (sb_is_space(*s.at))
            s.at++;
        if (!*s.at) break;
        take_word(&s);
        words[(*nr)++] = sb_arena_strndup(arena, s.word.buf, s.word.len);
    }
    sb_strbuf_release(&s.word);
    *problem = s.problem;
    return s.problem ? NULL : words;
}

void sb_word_quote(struct sb_strbuf *out, const char *word)
{
    bool plain = *word != '\0';
    for (const char *at = word; *at; at++)
        plain = plain && (sb_is_alnum(*at) || strchr("_-+=.,:/@%", *at));
    if (plain) {
        sb_strbuf_adds(out, word);
        return;
    }
    sb_strbuf_addc(out, '\'');
    for (const char *at = word; *at; at++)
        if (*at == '\'')
            sb_strbuf_adds(out, "'\\''");
        else
            sb_strbuf_addc(out, *at);
    sb_strbuf_addc(out, '\'');
}
