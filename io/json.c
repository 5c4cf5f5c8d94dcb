#include "io/json.h"

#include <limits.h>
#include "core/text.h"
#include "io/number.h"

struct json_object *sb_json_number(double value)
{
    char buf[SB_NUMBER_MAX];
    if (!sb_number_format(value, buf)) return NULL;
    return json_object_new_double_s(value, buf);
}

/* JSON must be UTF-8: malformed bytes become U+FFFD; everything else is kept, json-c escapes it. */
struct json_object *sb_json_text(const char *text)
{
    if (!text) return NULL;
    struct sb_strbuf clean = SB_STRBUF_INIT;
    size_t len = strlen(text);
    for (size_t i = 0; i < len;) {
        size_t n = sb_utf8_decode(text + i, len - i, NULL);
        if (n)
            sb_strbuf_add(&clean, text + i, n);
        else
            sb_strbuf_adds(&clean, "\xef\xbf\xbd");
        i += n ? n : 1;
    }
    struct json_object *object = json_object_new_string_len(clean.buf, (int)clean.len);
    sb_strbuf_release(&clean);
    return object;
}

struct json_object *sb_json_codes(const struct sb_codes *codes)
{
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < codes->nr; i++)
        json_object_array_add(array, sb_json_text(codes->v[i]));
    return array;
}

void sb_json_add(struct json_object *object, const char *key, struct json_object *value)
{
    json_object_object_add(object, key, value);
}

static size_t line_of(const char *text, size_t offset)
{
    size_t line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text[i] == '\n';
    return line;
}

struct json_object *sb_json_parse(const char *name, const char *text, size_t len, struct sb_err *err)
{
    if (len > INT_MAX - 1) {
        sb_fail(err, SB_ERR_FORMAT, "%s: larger than 2 GiB", name);
        return NULL;
    }
    struct json_tokener *tok = json_tokener_new_ex(64);
    if (!tok) {
        sb_fail(err, SB_ERR_INTERNAL, "%s: cannot start the JSON reader", name);
        return NULL;
    }
    json_tokener_set_flags(tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    /* the NUL that callers keep behind the text ends a number at the very end */
    struct json_object *object = json_tokener_parse_ex(tok, text, (int)len);
    enum json_tokener_error why = json_tokener_get_error(tok);
    size_t end = json_tokener_get_parse_end(tok);
    if (why == json_tokener_success)
        while (end < len && sb_is_space(text[end]))
            end++;
    if (why != json_tokener_success || end < len) {
        sb_fail(err, SB_ERR_FORMAT, "%s:%zu: malformed JSON: %s", name, line_of(text, end < len ? end : len),
                why == json_tokener_success ? "text behind the end" : json_tokener_error_desc(why));
        json_object_put(object);
        object = NULL;
    } else if (!object) { /* NULL is json-c's null */
        sb_fail(err, SB_ERR_FORMAT, "%s:1: nothing but null", name);
    }
    json_tokener_free(tok);
    return object;
}

void sb_json_write(struct sb_strbuf *out, struct json_object *object, bool indent)
{
    int flags =
        JSON_C_TO_STRING_NOSLASHESCAPE | (indent ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED : 0);
    size_t len = 0;
    const char *text = json_object_to_json_string_length(object, flags, &len);
    sb_strbuf_add(out, text, len);
}
