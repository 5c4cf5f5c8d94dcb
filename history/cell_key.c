#include "history/cell_key.h"

#include <string.h>

static void add_encoded(struct sb_strbuf *out, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7f || strchr("%;=", c))
            sb_strbuf_addf(out, "%%%02X", c);
        else
            sb_strbuf_addc(out, *text);
    }
}

void sb_cell_key_write(struct sb_strbuf *out, const struct sb_labels *cell)
{
    for (size_t i = 0; i < cell->nr; i++) {
        if (i) sb_strbuf_addc(out, ';');
        add_encoded(out, cell->v[i].name);
        sb_strbuf_addc(out, '=');
        add_encoded(out, cell->v[i].value);
    }
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes [from, to); NULL when it is empty or not encoded as above. */
static const char *decode(struct sb_arena *arena, const char *from, const char *to)
{
    char *text = sb_arena_alloc(arena, (size_t)(to - from) + 1), *p = text;
    while (from < to) {
        if (*from != '%') {
            *p++ = *from++;
            continue;
        }
        int high = to - from > 2 ? hex_digit(from[1]) : -1, low = high >= 0 ? hex_digit(from[2]) : -1;
        if (low < 0 || high + low == 0) return NULL;
        *p++ = (char)(high * 16 + low);
        from += 3;
    }
    *p = '\0';
    return p == text ? NULL : text;
}

static size_t count_pairs(const char *key)
{
    size_t nr = *key != '\0';
    for (; *key; key++)
        nr += *key == ';';
    return nr;
}

bool sb_cell_key_read(struct sb_arena *arena, const char *key, struct sb_labels *cell)
{
    size_t nr = count_pairs(key);
    *cell = (struct sb_labels){sb_arena_alloc(arena, (nr + 1) * sizeof *cell->v), 0, nr};
    while (*key) {
        const char *end = key + strcspn(key, ";"), *equals = memchr(key, '=', (size_t)(end - key));
        if (!equals) return false;
        struct sb_label label = {decode(arena, key, equals), decode(arena, equals + 1, end)};
        if (!label.name || !label.value || (cell->nr && strcmp(cell->v[cell->nr - 1].name, label.name) >= 0))
            return false;
        cell->v[cell->nr++] = label;
        if (!*end) break;
        key = end + 1;
        if (!*key) return false;
    }
    return true;
}
