/*
 * JSON through json-c: the helpers that make our output exact and stable. Numbers are the shortest decimals
 * (sb_number_format), NaN is null, text is made well-formed UTF-8 before it is stored.
 */
#ifndef SB_IO_JSON_H
#define SB_IO_JSON_H

#include <json-c/json.h>
#include "core/err.h"
#include "core/finding.h"
#include "core/strbuf.h"

struct json_object *sb_json_number(double value);                /* NULL (null) when NaN or infinite */
struct json_object *sb_json_text(const char *text);              /* NULL (null) when text is NULL */
struct json_object *sb_json_codes(const struct sb_codes *codes); /* array of strings */
void sb_json_add(struct json_object *object, const char *key,
                 struct json_object *value); /* takes ownership */

/* Parses a whole text; NULL with err ("name:line: ...") on malformed input, trailing garbage or depth > 64.
 */
struct json_object *sb_json_parse(const char *name, const char *text, size_t len,
                                  struct sb_err *err) SB_MUST_CHECK;

/* Appends the object, one line without blanks; `indent` pretty-prints with two blanks. */
void sb_json_write(struct sb_strbuf *out, struct json_object *object, bool indent);

#endif
