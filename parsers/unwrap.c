#include "parsers/unwrap.h"

#include "core/alloc.h"
#include "core/text.h"
#include "io/json.h"

enum { LAYERS = 4 };

/* Bytes that match a shape: 0 a digit, anything else itself. */
static bool has_shape(struct sb_slice s, const char *shape)
{
    for (size_t i = 0; shape[i]; i++) {
        if (i >= s.len) return false;
        if (shape[i] == '0' ? !sb_is_digit(s.s[i]) : s.s[i] != shape[i]) return false;
    }
    return true;
}

static struct sb_slice from(struct sb_slice s, size_t at)
{
    return (struct sb_slice){s.s + at, s.len - at};
}

/* 2026-11-02T10:00:00.000000000Z, with fraction and zone or without; its length or 0. */
static size_t iso_time(struct sb_slice s, char separator)
{
    size_t at = 19;
    if (!has_shape(s, "0000-00-00") || s.len < 19 || s.s[10] != separator ||
        !has_shape(from(s, 11), "00:00:00"))
        return 0;
    if (at + 1 < s.len && (s.s[at] == '.' || s.s[at] == ',') && sb_is_digit(s.s[at + 1]))
        for (at++; at < s.len && sb_is_digit(s.s[at]);)
            at++;
    if (at < s.len && s.s[at] == 'Z') return at + 1;
    if (has_shape(from(s, at), "+00:00") || has_shape(from(s, at), "-00:00")) return at + 6;
    if (has_shape(from(s, at), "+0000") || has_shape(from(s, at), "-0000")) return at + 5;
    return at;
}

/* Nov  2 10:00:00, with a fraction or without. */
static size_t syslog_time(struct sb_slice s)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    size_t m = 0, at = 15;
    while (m < SB_ARRAY_SIZE(months) && !sb_slice_has_prefix(s, months[m]))
        m++;
    if (m == SB_ARRAY_SIZE(months) || s.len < 16) return 0;
    if (!has_shape(from(s, 3), " 00 00:00:00") && !has_shape(from(s, 3), "  0 00:00:00")) return 0;
    if (s.s[at] == '.')
        for (at++; at < s.len && sb_is_digit(s.s[at]);)
            at++;
    return at;
}

/* ` host program[123]: ` behind a time; its length or 0. The blank behind the colon may be missing at the
 * line's end. */
static size_t host_and_program(struct sb_slice s)
{
    size_t at = 0, words = 0;
    while (words < 2) {
        if (at >= s.len || s.s[at] != ' ') return 0;
        at++;
        size_t start = at;
        while (at < s.len && s.s[at] != ' ' && !(words == 1 && s.s[at] == ':'))
            at++;
        if (at == start) return 0;
        words++;
    }
    if (at >= s.len || s.s[at] != ':') return 0;
    at++;
    return at < s.len && s.s[at] == ' ' ? at + 1 : at;
}

/* ---- the wrappers: each takes one layer off `out->text` or returns false ---- */

/* {"log":"Threads started!\n","stream":"stdout","time":"..."}; with "log" not ending in a newline the line
 * goes on. */
static bool docker_json(struct sb_unwrapped *out, struct sb_strbuf *store)
{
    struct sb_slice s = sb_slice_trim(out->text);
    struct json_object *log, *stream;
    if (!sb_slice_has_prefix(s, "{\"") || s.s[s.len - 1] != '}' || sb_slice_find(s, "\"log\"") == s.len)
        return false;
    struct sb_err err = {0};
    struct json_object *root = sb_json_parse("log line", s.s, s.len, &err);
    bool ok = root && json_object_is_type(root, json_type_object) &&
              json_object_object_get_ex(root, "log", &log) && json_object_is_type(log, json_type_string);
    if (ok) {
        sb_strbuf_clear(store);
        sb_strbuf_add(store, json_object_get_string(log), (size_t)json_object_get_string_len(log));
        out->partial = !store->len || store->buf[store->len - 1] != '\n';
        if (!out->partial) store->buf[--store->len] = '\0';
        out->text = (struct sb_slice){store->buf, store->len};
        if (json_object_object_get_ex(root, "stream", &stream) &&
            json_object_is_type(stream, json_type_string))
            out->stream = strcmp(json_object_get_string(stream), "stderr") == 0;
    }
    json_object_put(root);
    return ok;
}

/* 2026-11-02T10:00:00.0Z stdout F Threads started! */
static bool kubernetes_cri(struct sb_unwrapped *out, struct sb_strbuf *store)
{
    (void)store;
    size_t at = iso_time(out->text, 'T');
    struct sb_slice rest = from(out->text, at);
    if (!at) return false;
    bool stderr_line = sb_slice_has_prefix(rest, " stderr ");
    if (!stderr_line && !sb_slice_has_prefix(rest, " stdout ")) return false;
    rest = from(rest, 8);
    if (rest.len < 1 || (rest.s[0] != 'F' && rest.s[0] != 'P') ||
        (rest.len > 1 && rest.s[1] != ' ' && rest.s[1] != ':'))
        return false;
    out->stream = stderr_line;
    out->partial = rest.s[0] == 'P';
    size_t tag = 1;
    while (tag < rest.len && rest.s[tag] != ' ')
        tag++;
    out->text = from(rest, tag < rest.len ? tag + 1 : tag);
    return true;
}

/* Nov  2 10:00:00 host sysbench[12]: text; journalctl's other times; `ts` without host and program. */
static bool syslog(struct sb_unwrapped *out, struct sb_strbuf *store)
{
    (void)store;
    size_t at = iso_time(out->text, 'T'), head;
    bool iso = at > 0;
    if (!at) at = syslog_time(out->text);
    if (!at) return false;
    head = host_and_program(from(out->text, at));
    if (iso && head) { /* "<time>Z FATAL: text" has no host: a program's name is followed by its number */
        struct sb_slice words = {out->text.s + at, head};
        if (sb_slice_find(words, "]:") == words.len) head = 0;
    }
    if (iso && !head) return false;
    if (!head && at < out->text.len && out->text.s[at] == ' ') head = 1;
    out->text = from(out->text, at + head);
    return true;
}

/* 2026-11-02T10:00:00.000000000Z text (docker logs -t, CI services), [2026-11-02 10:00:00] text */
static bool time_stamp(struct sb_unwrapped *out, struct sb_strbuf *store)
{
    (void)store;
    struct sb_slice s = out->text;
    bool bracket = s.len && s.s[0] == '[';
    struct sb_slice inner = bracket ? from(s, 1) : s;
    size_t at = iso_time(inner, 'T');
    if (!at) at = iso_time(inner, ' ');
    if (!at) return false;
    at += bracket;
    if (bracket && (at >= s.len || s.s[at++] != ']')) return false;
    if (at < s.len && s.s[at] != ' ' && s.s[at] != '\t') return false;
    out->text = from(s, at + (at < s.len));
    return true;
}

/* 10:00:00 text, [10:00:00.123] text */
static bool clock_time(struct sb_unwrapped *out, struct sb_strbuf *store)
{
    (void)store;
    struct sb_slice s = out->text;
    bool bracket = s.len && s.s[0] == '[';
    size_t at = (size_t)bracket + 8;
    if (!has_shape(from(s, bracket), "00:00:00")) return false;
    if (at + 1 < s.len && (s.s[at] == '.' || s.s[at] == ',') && sb_is_digit(s.s[at + 1]))
        for (at++; at < s.len && sb_is_digit(s.s[at]);)
            at++;
    if (bracket && (at >= s.len || s.s[at++] != ']')) return false;
    if (at < s.len && s.s[at] != ' ' && s.s[at] != '\t') return false;
    out->text = from(s, at + (at < s.len));
    return true;
}

/* [pod/bench-x/sysbench] text (kubectl logs --prefix) */
static bool pod_prefix(struct sb_unwrapped *out, struct sb_strbuf *store)
{
    (void)store;
    size_t end = sb_slice_has_prefix(out->text, "[pod/") ? sb_slice_find(out->text, "]") : out->text.len;
    if (end == out->text.len) return false;
    out->text = from(out->text, end + 1 + (end + 1 < out->text.len && out->text.s[end + 1] == ' '));
    return true;
}

/* `     1<tab>text` (cat -n), `job<tab>step<tab>2026-11-02T10:00:00Z text` (gh run view --log) */
static bool tab_columns(struct sb_unwrapped *out, struct sb_strbuf *store)
{
    (void)store;
    struct sb_slice s = out->text;
    size_t at = 0, digits;
    while (at < s.len && s.s[at] == ' ')
        at++;
    for (digits = at; digits < s.len && sb_is_digit(s.s[digits]);)
        digits++;
    if (digits > at && digits < s.len && s.s[digits] == '\t') {
        out->text = from(s, digits + 1);
        return true;
    }
    size_t first = sb_slice_find(s, "\t");
    if (!first || first == s.len) return false;
    size_t second = first + 1 + sb_slice_find(from(s, first + 1), "\t");
    if (second >= s.len || !iso_time(from(s, second + 1), 'T')) return false;
    out->text = from(s, second + 1);
    return true;
}

/* bench-1  | text (docker compose logs) */
static bool compose_prefix(struct sb_unwrapped *out, struct sb_strbuf *store)
{
    (void)store;
    struct sb_slice s = out->text;
    size_t at = 0;
    if (!s.len || !sb_is_alnum(s.s[0]) || sb_is_digit(s.s[0])) return false;
    while (at < s.len && (sb_is_alnum(s.s[at]) || s.s[at] == '-' || s.s[at] == '_' || s.s[at] == '.'))
        at++;
    while (at < s.len && s.s[at] == ' ')
        at++;
    if (at >= s.len || s.s[at] != '|' || (at + 1 < s.len && s.s[at + 1] != ' ')) return false;
    out->text = from(s, at + (at + 1 < s.len ? 2 : 1));
    return true;
}

/* > text: quoted in Markdown or mail */
static bool quotation(struct sb_unwrapped *out, struct sb_strbuf *store)
{
    (void)store;
    struct sb_slice s = out->text;
    if (!s.len || s.s[0] != '>' || (s.len > 1 && s.s[1] != ' ' && s.s[1] != '>')) return false;
    out->text = from(s, s.len > 1 && s.s[1] == ' ' ? 2 : 1);
    return true;
}

/* An element of a list of lines, or a whole output in one member:  "text",   "stdout": "text\ntext", */
static bool json_text(struct sb_unwrapped *out, struct sb_strbuf *store)
{
    static const char *const members[] = {"\"stdout\":", "\"output\":", "\"msg\":"};
    struct sb_slice s = sb_slice_trim(out->text);
    for (size_t i = 0; i < SB_ARRAY_SIZE(members); i++)
        if (sb_slice_has_prefix(s, members[i])) s = sb_slice_trim(from(s, strlen(members[i])));
    if (s.len && s.s[s.len - 1] == ',') s.len--;
    if (s.len < 2 || s.s[0] != '"' || s.s[s.len - 1] != '"') return false;
    struct sb_err err = {0};
    struct json_object *text = sb_json_parse("log line", s.s, s.len, &err);
    bool ok = text && json_object_is_type(text, json_type_string);
    if (ok) {
        struct sb_strbuf copy = SB_STRBUF_INIT; /* the text may lie in the store */
        sb_strbuf_add(&copy, json_object_get_string(text), (size_t)json_object_get_string_len(text));
        sb_strbuf_clear(store);
        sb_strbuf_add(store, copy.buf, copy.len);
        sb_strbuf_release(&copy);
        out->text = (struct sb_slice){store->buf, store->len};
    }
    json_object_put(text);
    return ok;
}

typedef bool unwrapper(struct sb_unwrapped *out, struct sb_strbuf *store);
static const struct {
    const char *name;
    unwrapper *unwrap;
} wrappers[] = {
    {"docker json-file", docker_json},
    {"Kubernetes CRI", kubernetes_cri},
    {"syslog", syslog},
    {"time stamp", time_stamp},
    {"compose", compose_prefix},
    {"quotation", quotation},
    {"JSON text", json_text},
    {"clock", clock_time},
    {"pod", pod_prefix},
    {"columns", tab_columns},
};

void sb_unwrap_line(struct sb_slice line, struct sb_strbuf *store, struct sb_unwrapped *out)
{
    *out = (struct sb_unwrapped){.text = line};
    for (unsigned layer = 0; layer < LAYERS; layer++) {
        size_t i = 0;
        while (i < SB_ARRAY_SIZE(wrappers) && !wrappers[i].unwrap(out, store))
            i++;
        if (i == SB_ARRAY_SIZE(wrappers) || out->partial) return;
    }
}
