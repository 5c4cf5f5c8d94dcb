/*
 * Bytes -> text: encodings. UTF-8 with or without BOM and any other 8-bit text stay as they are; UTF-16 (with
 * BOM, or told by where its zeros stand) becomes UTF-8; stray NULs (a console, a file system after a crash)
 * are left out.
 */
#ifndef SB_PARSERS_DECODE_H
#define SB_PARSERS_DECODE_H

#include <stdbool.h>
#include "core/strbuf.h"

enum sb_text_kind { SB_TEXT_OK, SB_TEXT_EMPTY, SB_TEXT_BINARY };

/* Decodes the bytes. The result (text, len) is the input itself or lies in `store`, which the caller
 * releases. */
enum sb_text_kind sb_decode(const char *bytes, size_t size, struct sb_strbuf *store, const char **text,
                            size_t *len);

#endif
